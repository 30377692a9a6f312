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

  const set = (key: string, value: unknown, previous: unknown = values.get(key)): void => {
    if (value !== undefined) {
      values.set(key, value);
      if (previous === undefined) keys.set(key, undefined);
    } else if (previous !== undefined) {
      values.delete(key);
      keys.delete(key);
    }
  };

  const change = (key: string, value: unknown): void => {
    if (!undo) throw new Error(`a write outside a transaction, to the key ${JSON.stringify(key)}`);
    const previous = values.get(key);
    undo.push([key, previous]);
    set(key, value, previous);
  };

  /** Undoes what was changed since there were `kept` changes. */
  const rollBack = (changes: Undo[], kept = 0): void => {
    for (const [key, previous] of changes.splice(kept).reverse()) set(key, previous);
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
        rollBack(changes);
        throw error;
      } finally {
        undo = undefined;
      }
    },
    savepoint(work) {
      if (!undo) throw new Error("a savepoint outside a transaction");
      const changes = undo;
      const { length } = changes;
      try {
        return work();
      } catch (error) {
        rollBack(changes, length);
        throw error;
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
