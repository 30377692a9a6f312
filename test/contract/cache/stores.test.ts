import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { fileCacheStore } from "../../../src/cache/file-store.js";
import { memoryCacheStore } from "../../../src/cache/memory-store.js";
import { manualTime } from "../../../src/time.js";
import { describeCacheStore } from "./store-contract.js";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const folderOfOwn = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "ecrkit-cache-"));
  folders.push(folder);
  return join(folder, "cache");
};

describeCacheStore("in memory", async (time) => {
  const store = memoryCacheStore({ time });
  return { first: store, second: store, close: () => store.close() };
});

describeCacheStore("in a folder", async (time) => {
  const folder = folderOfOwn();
  const [first, second] = [fileCacheStore({ folder, time }), fileCacheStore({ folder, time })];
  return { first, second, close: async () => undefined };
});

describe("a store in memory", () => {
  it("lets go what was used longest ago when there are too many entries", async () => {
    const store = memoryCacheStore({ maxEntries: 2 });
    for (const key of ["a", "b"]) await store.set(key, { value: key });
    await store.get("a");
    await store.set("c", { value: "c" });
    expect([await store.get("a"), await store.get("b"), await store.get("c")].map((entry) => entry?.value)).toEqual([
      "a",
      undefined,
      "c",
    ]);
  });

  it("lets go what was used longest ago when they take too many bytes", async () => {
    const store = memoryCacheStore({ maxBytes: 1_000 });
    await store.set("a", { value: "x".repeat(300) });
    await store.set("b", { value: "x".repeat(300) });
    expect([await store.get("a"), (await store.get("b"))?.value.length]).toEqual([undefined, 300]);
  });
});

describe.skipIf(process.platform === "win32")("a store in a folder", () => {
  const filesIn = (folder: string): readonly string[] => readdirSync(folder).map((name) => join(folder, name));

  it("can be read by its user alone", async () => {
    const folder = folderOfOwn();
    await fileCacheStore({ folder }).set("k", { value: "secret" });
    const modes = [folder, ...filesIn(folder)].map((path) => (statSync(path).mode & 0o777).toString(8));
    expect(modes).toEqual(["700", "600"]);
  });

  it("is refused when others may read it", () => {
    const folder = folderOfOwn();
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    expect(() => fileCacheStore({ folder })).toThrow(/may be read by others, and tokens would lie in it: chmod 700 /);
  });

  it("is refused when it is a file", () => {
    const folder = folderOfOwn();
    writeFileSync(folder, "");
    expect(() => fileCacheStore({ folder })).toThrow(/cannot be made or looked at/);
  });

  it.each(["", "{", "null", "[]", '{"key":"k"}', '{"key":"other","value":"1"}', '{"key":"k","value":1}'])(
    "reads %j as nothing, and replaces it",
    async (content) => {
      const folder = folderOfOwn();
      const store = fileCacheStore({ folder });
      await store.set("k", { value: "1" });
      for (const file of filesIn(folder)) writeFileSync(file, content);
      expect(await store.get("k")).toBeUndefined();
      await store.set("k", { value: "2" });
      expect((await store.get("k"))?.value).toBe("2");
    },
  );

  it("clears away what has expired and what dead processes have left", async () => {
    const folder = folderOfOwn();
    const time = manualTime();
    const store = fileCacheStore({ folder, time });
    await store.set("old", { value: "1", expiresAtMs: time.now() + 1_000 });
    writeFileSync(join(folder, "x.json.1.draft"), "half");
    utimesSync(join(folder, "x.json.1.draft"), 0, 0);
    await time.advance(1_000);
    for (let at = 0; at < 100; at++) await store.set("new", { value: String(at) });
    expect(filesIn(folder)).toHaveLength(1);
  });

  it("takes over at once the turn of a process that was killed", async () => {
    const folder = folderOfOwn();
    const time = manualTime({ sleeping: "skip" });
    const store = fileCacheStore({ folder, time });
    await store.exclusively("k", async () => {
      const [turn = ""] = filesIn(folder);
      writeFileSync(turn, "4194305 of a process that never was");
      expect(await fileCacheStore({ folder, time }).exclusively("k", async () => "taken over")).toBe("taken over");
    });
    expect(time.slept).toEqual([]);
  });

  it("waits ten seconds for a turn and then goes on without", async () => {
    const folder = folderOfOwn();
    const time = manualTime({ sleeping: "skip" });
    await fileCacheStore({ folder, time }).exclusively("k", async () => {
      expect(await fileCacheStore({ folder, time }).exclusively("k", async () => "anyway")).toBe("anyway");
    });
    expect(time.slept.reduce((sum, ms) => sum + ms, 0)).toBe(10_000);
  });
});
