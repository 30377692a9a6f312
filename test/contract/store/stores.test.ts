import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { diskStore } from "../../../src/registry/disk/store-disk.js";
import type { Store } from "../../../src/registry/store.js";
import { memoryStore } from "../../../src/registry/store-memory.js";

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function closedAfterwards(store: Store, folder?: string): Store {
  cleanUps.push(async () => {
    await store.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  return store;
}

/** Both stores, each empty. */
const STORES: readonly (readonly [name: string, open: () => Store])[] = [
  ["in memory", () => closedAfterwards(memoryStore())],
  [
    "on disk",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "ecrkit-store-"));
      return closedAfterwards(diskStore(join(folder, "state.mdb")), folder);
    },
  ],
];

const all = (store: Store, from = "", to = "~") => [...store.range(from, to)];

describe.each(STORES)("the store %s", (_, open) => {
  it("gives entries of a range in the order of their keys, the upper end excluded", async () => {
    const store = open();
    await store.transaction(() => {
      for (const key of ["b", "a", "c", "ab"]) store.put(key, key.toUpperCase());
    });
    expect(all(store, "a", "c")).toEqual([
      ["a", "A"],
      ["ab", "AB"],
      ["b", "B"],
    ]);
  });

  it("gives ranges of one table and over tables, whether or not their keys were in order already", async () => {
    const store = open();
    const put = (...keys: readonly string[]): Promise<void> =>
      store.transaction(() => {
        for (const key of keys) store.put(key, 1);
      });
    const keysOf = (from: string, to: string): readonly string[] => all(store, from, to).map(([key]) => key);
    await put("image b", "image-tag a", "image a", "imag z");
    expect(keysOf("image ", "image!")).toEqual(["image a", "image b"]);
    await put("image ab", "image-tag 0");
    await store.transaction(() => store.remove("image b"));
    expect(keysOf("image ", "image!")).toEqual(["image a", "image ab"]);
    expect(keysOf("image a!", "image!")).toEqual(["image ab"]);
    expect(keysOf("none ", "none!")).toEqual([]);
    expect(keysOf("", "~")).toEqual(["imag z", "image a", "image ab", "image-tag 0", "image-tag a"]);
    expect(keysOf("image ab", "image-tag a")).toEqual(["image ab", "image-tag 0"]);
  });

  it("keeps nothing of a transaction that throws, and tells why it did", async () => {
    const store = open();
    await store.transaction(() => store.put("kept", 1));
    const failed = store.transaction(() => {
      store.put("kept", 2);
      store.put("new", 3);
      store.remove("kept");
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(all(store)).toEqual([["kept", 1]]);
    await store.transaction(() => store.put("after", 4));
    expect(store.get("after")).toBe(4);
  });

  it("keeps nothing of a savepoint that throws, and all of the transaction around it", async () => {
    const store = open();
    await store.transaction(() => {
      store.put("a", 1);
      expect(store.savepoint(() => store.put("b", 2))).toBeUndefined();
      const failing = () => {
        store.put("a", 3);
        store.remove("b");
        store.put("c", 4);
        throw new Error("no");
      };
      expect(() => store.savepoint(failing)).toThrow("no");
      store.put("d", 5);
    });
    expect(all(store)).toEqual([
      ["a", 1],
      ["b", 2],
      ["d", 5],
    ]);
    const failed = store.transaction(() => {
      store.savepoint(() => store.put("a", 6));
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(store.get("a")).toBe(1);
    expect(() => store.savepoint(() => {})).toThrow("a savepoint outside a transaction");
  });

  it("refuses a write outside a transaction, and a transaction within one", async () => {
    const store = open();
    expect(() => store.put("a", 1)).toThrow('a write outside a transaction, to the key "a"');
    expect(() => store.remove("a")).toThrow("outside a transaction");
    const nested = store.transaction(() => store.transaction(() => {}));
    await expect(nested.then((inner) => inner)).rejects.toThrow("a transaction inside a transaction");
  });

  it("holds what a plain map holds after any run of transactions, some of which fail", async () => {
    const write = fc.record({ key: fc.constantFrom("a", "b", "c", "d"), value: fc.option(fc.nat()) });
    const run = fc.array(fc.record({ writes: fc.array(write, { maxLength: 6 }), fails: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(run, async (transactions) => {
        const store = open();
        let model = new Map<string, number>();
        for (const { writes, fails } of transactions) {
          const next = new Map(model);
          const done = store.transaction(() => {
            for (const { key, value } of writes) {
              if (value === null) {
                store.remove(key);
                next.delete(key);
              } else {
                store.put(key, value);
                next.set(key, value);
              }
            }
            if (fails) throw new Error("rolled back");
          });
          await done.catch(() => {});
          if (!fails) model = next;
        }
        expect(all(store)).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
      }),
    );
  });

  it("gives single entries and ranges as the running transaction and those before it have them", async () => {
    const store = open();
    await store.transaction(() => {
      for (const key of ["a", "c", "e"]) store.put(key, key);
    });
    const first = store.transaction(() => {
      store.put("b", "new");
      store.remove("c");
      expect([store.get("b"), store.get("c")]).toEqual(["new", undefined]);
      expect(all(store).map(([key]) => key)).toEqual(["a", "b", "e"]);
    });
    // Not awaited: what the first one did is there for the second although nobody may be told of it yet.
    const second = store.transaction(() => {
      store.put("e", "changed");
      store.put("f", "last");
      expect(all(store, "b", "f")).toEqual([
        ["b", "new"],
        ["e", "changed"],
      ]);
    });
    await Promise.all([first, second]);
    expect(all(store)).toEqual([
      ["a", "a"],
      ["b", "new"],
      ["e", "changed"],
      ["f", "last"],
    ]);
  });

  it("works at once, and resolves with what the work gives", async () => {
    const store = open();
    let isDone = false;
    const running = store.transaction(() => {
      isDone = true;
      return "result";
    });
    expect(isDone).toBe(true);
    expect(await running).toBe("result");
    expect(await store.transaction(() => store.get("none"))).toBeUndefined();
  });

  it("keeps values as they are: numbers, texts beyond ASCII, lists, nested records, empty ones", async () => {
    const store = open();
    const values = [0, 1.5, "größer 😀\n", "", [], {}, [1, [2]], { a: { b: [null, true, false] } }, 1_767_225_600_123];
    await store.transaction(() => {
      values.forEach((value, at) => {
        store.put(`value ${at}`, value);
      });
    });
    expect(all(store).map(([, value]) => value)).toEqual(values);
  });

  it("has nothing under a name of any length that was never given", () => {
    const store = open();
    for (const key of ["n".repeat(1_000), "n".repeat(100_000), "ü".repeat(5_000)]) {
      expect(store.get(key)).toBeUndefined();
      expect(all(store, key, `${key}!`)).toEqual([]);
    }
  });

  it("gives what comes after a name of any length", async () => {
    const store = open();
    await store.transaction(() => {
      for (const key of ["a", "n", `n${"m".repeat(700)}`, "o"]) store.put(key, 1);
    });
    const keysFrom = (from: string): readonly number[] => all(store, from).map(([key]) => key.length);
    expect(keysFrom(`n${"m".repeat(2_000)}`)).toEqual([1]);
    expect(keysFrom(`n${"l".repeat(2_000)}`)).toEqual([701, 1]);
  });

  it("says what would be there after a crash", async () => {
    const store = open();
    await store.transaction(() => store.put("a", 1));
    expect([store.isKept("a", "b"), store.isKept("b", "c")]).toEqual([true, false]);
    await store.transaction(() => store.remove("a"));
    expect(store.isKept("a", "b")).toBe(false);
  });

  it("takes a thousand transactions at once", async () => {
    const store = open();
    await Promise.all(
      Array.from({ length: 1_000 }, (_, at) =>
        store.transaction(() => {
          store.put("count", (store.get<number>("count") ?? 0) + 1);
          store.put(`entry ${String(at).padStart(4, "0")}`, at);
        }),
      ),
    );
    expect(store.get("count")).toBe(1_000);
    expect(all(store, "entry ", "entry!")).toHaveLength(1_000);
  });
});

describe("the store on disk", () => {
  it("has what was acknowledged when it is opened again, and nothing else", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ecrkit-store-"));
    const store = diskStore(join(folder, "state.mdb"));
    await store.transaction(() => {
      for (let at = 0; at < 100; at++) store.put(`k ${String(at).padStart(3, "0")}`, { at });
    });
    await store.transaction(() => store.remove("k 050"));
    await store
      .transaction(() => {
        store.put("never", 1);
        throw new Error("no");
      })
      .catch(() => undefined);
    await store.close();
    const again = closedAfterwards(diskStore(join(folder, "state.mdb")), folder);
    expect(all(again).map(([key]) => key)).toHaveLength(99);
    expect([again.get("k 050"), again.get("k 051"), again.get("never")]).toEqual([undefined, { at: 51 }, undefined]);
  });

  it("ends a transaction when all that it saw is on the disk, also one that changes nothing or throws", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ecrkit-store-"));
    const store = closedAfterwards(diskStore(join(folder, "state.mdb")), folder);
    const order: string[] = [];
    const first = store.transaction(() => store.put("a", 1)).then(() => order.push("changed"));
    const seen = store.transaction(() => store.get("a")).then((value) => order.push(`saw ${value}`));
    const refused = store
      .transaction(() => {
        throw new Error("exists");
      })
      .catch(({ message }: Error) => order.push(`threw ${message}`));
    expect(store.isKept("a", "b")).toBe(false);
    await Promise.race([first, seen, refused]);
    expect(store.isKept("a", "b")).toBe(true);
    await Promise.all([first, seen, refused]);
    expect(order).toEqual(["changed", "saw 1", "threw exists"]);
  });

  it("tells a removal that is not on the disk yet from one that is", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ecrkit-store-"));
    const store = closedAfterwards(diskStore(join(folder, "state.mdb")), folder);
    await store.transaction(() => store.put("a", 1));
    const removed = store.transaction(() => store.remove("a"));
    expect([store.get("a"), store.isKept("a", "b")]).toEqual([undefined, true]);
    await removed;
    expect(store.isKept("a", "b")).toBe(false);
  });

  it("refuses everything once it is closed, and waits for what was asked for before", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ecrkit-store-"));
    const file = join(folder, "state.mdb");
    const store = diskStore(file);
    const last = store.transaction(() => store.put("a", 1));
    await store.close();
    await last;
    await expect(store.transaction(() => 1)).rejects.toThrow(`${file} is closed`);
    expect(() => store.get("a")).toThrow("is closed");
    const again = closedAfterwards(diskStore(file), folder);
    expect(again.get("a")).toBe(1);
  });

  it("refuses a key that the disk could not hold, and keeps nothing of its transaction", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ecrkit-store-"));
    const store = closedAfterwards(diskStore(join(folder, "state.mdb")), folder);
    const failed = store.transaction(() => {
      store.put("a", 1);
      store.put("k".repeat(1_901), 1);
    });
    await expect(failed).rejects.toThrow("a key of more than 1900 bytes");
    expect(all(store)).toEqual([]);
  });
});
