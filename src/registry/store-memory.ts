import sortedBtree from "sorted-btree";
import type { Store } from "./store.js";

type SortedTree = typeof sortedBtree.default;
/** sorted-btree is CommonJS: Node's loader gives the module, other loaders give what it exports by default. */
const SortedTree = (sortedBtree as Partial<typeof sortedBtree>).default ?? (sortedBtree as unknown as SortedTree);

/** What a key held before a transaction touched it: `undefined` stands for nothing, which is never a stored value. */
type Undo = readonly [key: string, previous: unknown];

/** A {@link Store} that lives and dies with the process: a map for what is asked for by key, and the keys in order for what is not. */
export function memoryStore(): Store {
  const values = new Map<string, unknown>();
  const keys = new SortedTree<string, undefined>(undefined, compareKeys);
  let undo: Undo[] | undefined;

  const set = (key: string, value: unknown): void => {
    if (value === undefined) {
      if (values.delete(key)) keys.delete(key);
      return;
    }
    if (!values.has(key)) keys.set(key, undefined);
    values.set(key, value);
  };

  const change = (key: string, value: unknown): void => {
    if (!undo) throw new Error(`a write outside a transaction, to the key ${JSON.stringify(key)}`);
    undo.push([key, values.get(key)]);
    set(key, value);
  };

  return {
    get: <T>(key: string) => values.get(key) as T | undefined,
    *range<T>(from: string, to: string): Iterable<readonly [key: string, value: T]> {
      for (const key of keys.keys(from)) {
        if (key >= to) return;
        yield [key, values.get(key) as T];
      }
    },
    put: change,
    remove: (key) => change(key, undefined),
    async transaction(work) {
      if (undo) throw new Error("a transaction inside a transaction");
      const changes: Undo[] = [];
      undo = changes;
      try {
        return work();
      } catch (error) {
        for (const [key, previous] of changes.toReversed()) set(key, previous);
        throw error;
      } finally {
        undo = undefined;
      }
    },
    async close() {
      values.clear();
      keys.clear();
    },
  };
}

/** By UTF-16 units, which for the ASCII that keys are made of is the order of their bytes. */
const compareKeys = (a: string, b: string): number => (a < b ? -1 : a === b ? 0 : 1);
