import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEcrClient } from "../../../src/index.js";
import { createLocalEcr, type LocalEcr, type LocalEcrOptions, simulate } from "../../../src/local.js";
import { openDataFolder } from "../../../src/registry/disk/data-folder.js";
import { manualTime } from "../../../src/time.js";
import type { FaultPlan } from "../../../src/transport/fault-plan.js";

let folder = "";
const opened: LocalEcr[] = [];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "ecrkit-data-")), "data");
});
afterEach(async () => {
  for (const local of opened.splice(0)) await local.close();
  rmSync(join(folder, ".."), { recursive: true });
});

function open(options: LocalEcrOptions = {}) {
  const local = createLocalEcr({ dataDir: folder, ...options });
  opened.push(local);
  const auth = { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" } as const;
  return { local, ecr: createEcrClient({ region: "eu-west-1", auth, transport: simulate(local) }) };
}

describe("a data folder", () => {
  it("has everything when it is opened again: repositories, settings, logins, and the clock where it was", async () => {
    const first = open();
    await first.ecr.call("CreateRepository", { repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    const { authorizationToken } = await first.ecr.auth.token();
    await first.local.time.advance("2d");
    const nowMs = first.local.time.now();
    const later = await first.ecr.auth.refresh();
    await first.local.close();

    const { local, ecr } = open();
    expect(await ecr.repositories.get("app")).toMatchObject({ imageTagMutability: "IMMUTABLE" });
    expect(local.time.now()).toBeGreaterThanOrEqual(nowMs);
    const statusWith = async (token: string): Promise<number> => {
      const headers = { authorization: `Basic ${token}` };
      const request = { method: "GET", protocol: "http:", hostname: "localhost", path: "/v2/", headers };
      return (await local.app.handle(request)).response.statusCode;
    };
    expect(await statusWith(later.authorizationToken.reveal())).toBe(200);
    expect(await statusWith(authorizationToken.reveal())).toBe(403);
  });

  it("leaves a clock that its owner moves to its owner", async () => {
    const time = manualTime();
    const first = open({ time });
    await first.local.time.advance("2d");
    await first.local.close();
    expect(open({ time: manualTime() }).local.time.now()).toBe(Date.UTC(2026, 0, 1));
  });

  it("is emptied by a reset, and takes a snapshot whole", async () => {
    const { local, ecr } = open();
    await local.seed("sample");
    const lines: Uint8Array[] = [];
    for await (const line of local.snapshot()) lines.push(line);
    await local.reset();
    expect(await ecr.repositories.list().all()).toEqual([]);
    const blobs = join(folder, "blobs", "sha256");
    expect(readdirSync(blobs).flatMap((shelf) => readdirSync(join(blobs, shelf)))).toEqual([]);
    await local.restore(
      (async function* () {
        yield* lines;
      })(),
    );
    await local.close();
    const again: Uint8Array[] = [];
    const second = open();
    for await (const line of second.local.snapshot()) again.push(line);
    const text = (parts: readonly Uint8Array[]): string =>
      Buffer.concat(parts)
        .toString()
        .replace(/"takenAtMs":\d+/, "");
    expect(text(again)).toBe(text(lines));
  }, 60_000);

  it("is one process's at a time, and says whose", async () => {
    open();
    expect(() => createLocalEcr({ dataDir: folder })).toThrow(
      `the data folder ${folder} is open in this process already: close that local ECR first`,
    );
    await opened.pop()?.close();
    const other = await openElsewhere();
    expect(() => createLocalEcr({ dataDir: folder })).toThrow(
      `the data folder ${folder} is open in the process ${other.pid}: stop that one, or give another folder`,
    );
    await other.kill();
    expect(await open().ecr.repositories.list().all()).toEqual([]);
  });

  it("is taken over from a process that was killed, also when another one has its number now", async () => {
    await open().local.close();
    const other = await openElsewhere({ pid: process.pid });
    await other.kill();
    expect(await open().ecr.repositories.list().all()).toEqual([]);
  });

  it("names the machine whose process has it, when it is another one", async () => {
    await open().local.close();
    const other = await openElsewhere({ host: "other-container" });
    expect(() => createLocalEcr({ dataDir: folder })).toThrow(
      `is open in the process ${other.pid} on other-container: stop that one, or give another folder`,
    );
    await other.kill();
  });

  it("is free again after options that a local ECR could not be made with", async () => {
    const faults = { faults: [{ kind: "none" }] } as unknown as FaultPlan;
    expect(() => createLocalEcr({ dataDir: folder, faults })).toThrow("faults");
    await vi.waitFor(() => open());
  });

  it("of a newer format is refused, and stays as it is", () => {
    mkdirSync(folder);
    const text = '{"format":2,"ecrkit":"9.0.0"}';
    writeFileSync(join(folder, "ecrkit.json"), text);
    expect(() => createLocalEcr({ dataDir: folder })).toThrow(
      /was written by ecrkit 9\.0\.0 in format 2, and this ecrkit .* reads up to format 1: use a newer one, or another folder/,
    );
    expect(readdirSync(folder)).toEqual(["ecrkit.json"]);
    expect(readFileSync(join(folder, "ecrkit.json"), "utf8")).toBe(text);
  });

  it.each([
    ["other things", "notes.txt", "x", "holds other things, such as notes.txt: give one that is empty or new"],
    ["a torn format", "ecrkit.json", "{", "has a ecrkit.json that cannot be read"],
    ["no format", "ecrkit.json", "{}", "has no format in its ecrkit.json"],
  ])("with %s is refused", (_, file, text, message) => {
    mkdirSync(folder);
    writeFileSync(join(folder, file), text);
    expect(() => createLocalEcr({ dataDir: folder })).toThrow(message);
    expect(readdirSync(folder)).toEqual([file]);
  });

  it("is refused where a file is in its place", () => {
    writeFileSync(folder, "");
    expect(() => createLocalEcr({ dataDir: folder })).toThrow(/the data folder .* cannot be used: /);
  });

  it("knows whether the one before ended in good order", async () => {
    const first = openDataFolder(folder);
    expect(first.wasLeft).toBe(false);
    await first.release(false);
    const second = openDataFolder(folder);
    expect(second.wasLeft).toBe(true);
    await second.release(true);
    const third = openDataFolder(folder);
    expect(third.wasLeft).toBe(false);
    await third.release(true);
  });

  it("that a process did not live to make is made by the next one", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "ecrkit.json.draft"), "{");
    expect(await open().ecr.repositories.list().all()).toEqual([]);
  });

  it("loses the bytes that nobody has once, and looks again until it has come to an end of them", async () => {
    const orphan = join(folder, "blobs", "sha256", "ab");
    await open().local.close();
    const other = await openElsewhere();
    await other.kill();
    mkdirSync(orphan, { recursive: true });
    writeFileSync(join(orphan, "cd"), "bytes");
    // Closed before it could look.
    await createLocalEcr({ dataDir: folder }).close();
    const { local } = open();
    await vi.waitFor(() => expect(readdirSync(orphan)).toEqual([]));
    await local.close();
    writeFileSync(join(orphan, "cd"), "bytes");
    await open().ecr.repositories.list().all();
    expect(readdirSync(orphan)).toEqual(["cd"]);
  });
});

/** Another process that has the folder, as a local ECR has it. */
async function openElsewhere(holder: { readonly pid?: number; readonly host?: string } = {}) {
  const script = `
    const { open } = require("lmdb");
    const file = open({ path: process.argv[1], noSubdir: true, encoding: "json", overlappingSync: false });
    const holder = { pid: process.pid, host: require("node:os").hostname(), ...JSON.parse(process.argv[2]) };
    file.transactionSync(() => { file.put("holder", holder); });
    file.useReadTransaction();
    process.stdout.write("open");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["-e", script, join(folder, "lock.mdb"), JSON.stringify(holder)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return {
    pid: child.pid,
    async kill() {
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}
