import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore } from "./store-memory.js";

const all = (store: ReturnType<typeof memoryStore>, from = "", to = "~") => [...store.range(from, to)];

describe("the memory store", () => {
  it("gives entries of a range in the order of their keys, the upper end excluded", async () => {
    const store = memoryStore();
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
    const store = memoryStore();
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
    const store = memoryStore();
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
    const store = memoryStore();
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
    const store = memoryStore();
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
        const store = memoryStore();
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
});
