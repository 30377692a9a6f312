import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dial } from "../fixtures/dial.js";
import { cert, key, otherKey } from "../fixtures/tls.js";
import { ecrkit, type Ran } from "./cli-terminal.js";

let folder: string;
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ecrkit-serve-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** `ecrkit local` on a free port, with both ways to end it. */
async function startLocal(...flags: readonly string[]) {
  const [ending, cutOff] = [new AbortController(), new AbortController()];
  let running: Promise<Ran> = Promise.reject(new Error("it does not run"));
  running.catch(() => {});
  const line = await new Promise<string>((onStdout) => {
    const options = { signal: ending.signal, cutOff: cutOff.signal, onStdout };
    running = ecrkit(["local", "--port", "0", ...flags], options);
  });
  const url = line.replace(/^ecrkit local ready on /, "").trim();
  const { port } = new URL(url);
  return {
    url,
    port: Number(port),
    end: () => ending.abort("SIGTERM"),
    cutOff: () => cutOff.abort("SIGTERM"),
    ran: () => running,
  };
}

describe("ecrkit local --tls-cert --tls-key", () => {
  it("speaks HTTPS with the certificate", async () => {
    const local = await startLocal("--tls-cert", file("cert.pem", cert), "--tls-key", file("key.pem", key));
    expect(local.url).toBe(`https://localhost:${local.port}`);
    const at = { host: "127.0.0.1", servername: "localhost", port: local.port, path: "/_ecrkit/health", agent: false };
    const asked = request({ ...at, ca: cert }).end();
    const [response] = await once(asked, "response");
    response.resume();
    expect(response.statusCode).toBe(200);
    local.end();
    expect(await local.ran()).toMatchObject({ code: 0, stderr: "" });
  });

  it("says what is wrong with the files", async () => {
    const [certFile, keyFile] = [file("cert.pem", cert), file("key.pem", otherKey)];
    const start = (...flags: readonly string[]) => ecrkit(["local", "--port", "0", ...flags]);
    expect(await start("--tls-cert", certFile)).toEqual({
      ...{ code: 2, stdout: "" },
      stderr: "ecrkit: --tls-cert and --tls-key go together: a certificate and its private key\n",
    });
    expect(await start("--tls-cert", certFile, "--tls-key", join(folder, "none.pem"))).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^ecrkit: --tls-key .*none\.pem cannot be read: ENOENT/),
    });
    const { code, stderr } = await start("--tls-cert", certFile, "--tls-key", keyFile);
    expect(code).toBe(2);
    expect(stderr).toContain(`--tls-cert ${certFile} --tls-key ${keyFile}: `);
    expect(stderr).toContain("must be that of the certificate for DNS:localhost");
  });
});

describe("ecrkit local --access-log", () => {
  const ask = async (port: number): Promise<void> => {
    await (await fetch(`http://127.0.0.1:${port}/_ecrkit/health?a=query`)).text();
  };

  it("adds a line for each request to a file that only its owner's group can read", async () => {
    const path = join(folder, "access.ndjson");
    for (const run of [1, 2]) {
      const local = await startLocal("--access-log", path);
      await ask(local.port);
      local.end();
      expect((await local.ran()).stderr).toBe("");
      const lines = readFileSync(path, "utf8").trim().split("\n");
      expect(lines.map((line) => JSON.parse(line).path)).toEqual(Array(run).fill("/_ecrkit/health"));
    }
    expect(statSync(path).mode & 0o007).toBe(0);
  });

  it.each([["--access-log"], ["--access-log", "-"], ["--access-log=-"]])(
    "writes to stderr with %s %s",
    async (...flags) => {
      const local = await startLocal(...flags);
      await ask(local.port);
      local.end();
      expect(JSON.parse((await local.ran()).stderr)).toMatchObject({ path: "/_ecrkit/health", status: 200 });
    },
  );

  it("says so when the file cannot be written", async () => {
    const ran = await ecrkit(["local", "--port", "0", "--access-log", join(folder, "none", "access.ndjson")]);
    expect(ran).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(/^ecrkit: cannot write to .*ENOENT/),
    });
  });

  it("goes on without the file when the disk is full, and says so once", async () => {
    const local = await startLocal("--access-log", "/dev/full");
    await ask(local.port);
    await ask(local.port);
    local.end();
    const { code, stderr } = await local.ran();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^ecrkit: cannot write to \/dev\/full: ENOSPC[^\n]*\n$/);
  });
});

describe("ecrkit local that is told to end", () => {
  it("waits for a request that is under way, until it is told again", async () => {
    const local = await startLocal();
    const { send, receive, closed } = await dial(local);
    // An upload that never ends.
    send("POST /_ecrkit/seed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
    await receive(/100 Continue/);
    local.end();
    let hasEnded = false;
    void local.ran().then(() => {
      hasEnded = true;
    });
    await expect(dial(local)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(hasEnded).toBe(false);
    local.cutOff();
    expect(await closed()).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    expect((await local.ran()).code).toBe(0);
  });
});
