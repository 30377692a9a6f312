import sortedBtree from "sorted-btree";
import type { Store } from "./store.js";

type SortedTree = typeof sortedBtree.default;
/** sorted-btree is CommonJS: Node's loader gives the module, other loaders give what it exports by default. */
const SortedTree = (sortedBtree as Partial<typeof sortedBtree>).default ?? (sortedBtree as unknown as SortedTree);

/** What a key held before a transaction touched it: `undefined` stands for nothing, which is never a stored value. */
type Undo = readonly [key: string, previous: unknown];

/** The entries whose keys begin with the same word, that of their table. */
interface Shelf {
  readonly values: Map<string, unknown>;
  /** The keys in order, from the first time somebody asks for them so: most tables are only ever asked for single keys. */
  keys: InstanceType<typeof SortedTree<string, undefined>> | undefined;
}

/** A {@link Store} that lives and dies with the process. */
export function memoryStore(): Store {
  const shelves = new Map<string, Shelf>();
  let undo: Undo[] | undefined;

  const shelfOf = (key: string): Shelf => {
    const end = key.indexOf(" ");
    const name = end === -1 ? key : key.slice(0, end);
    const known = shelves.get(name);
    if (known) return known;
    const shelf: Shelf = { values: new Map(), keys: undefined };
    shelves.set(name, shelf);
    return shelf;
  };

  const set = (key: string, value: unknown, { values, keys } = shelfOf(key), previous = values.get(key)): void => {
    if (value !== undefined) {
      values.set(key, value);
      if (previous === undefined) keys?.set(key, undefined);
    } else if (previous !== undefined) {
      values.delete(key);
      keys?.delete(key);
    }
  };

  const change = (key: string, value: unknown): void => {
    if (!undo) throw new Error(`a write outside a transaction, to the key ${JSON.stringify(key)}`);
    const shelf = shelfOf(key);
    const previous = shelf.values.get(key);
    undo.push([key, previous]);
    set(key, value, shelf, previous);
  };

  /** Undoes what was changed since there were `kept` changes. */
  const rollBack = (changes: Undo[], kept = 0): void => {
    for (const [key, previous] of changes.splice(kept).reverse()) set(key, previous);
  };

  function* range<T>(from: string, to: string): Iterable<readonly [key: string, value: T]> {
    for (const shelf of shelvesBetween(shelves, from, to)) {
      shelf.keys ??= inOrder(shelf.values);
      for (const key of shelf.keys.keys(from)) {
        if (key >= to) break;
        yield [key, shelf.values.get(key) as T];
      }
    }
  }

  return {
    get: <T>(key: string) => shelfOf(key).values.get(key) as T | undefined,
    range,
    isKept(from, to) {
      for (const _ of range(from, to)) return true;
      return false;
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
      shelves.clear();
    },
  };
}

/** The shelves on which a range lies, in the order of their keys. */
function shelvesBetween(shelves: ReadonlyMap<string, Shelf>, from: string, to: string): readonly Shelf[] {
  const end = from.indexOf(" ");
  const only = end === -1 ? undefined : shelves.get(from.slice(0, end));
  // The usual range is that of one table; a snapshot's goes over all.
  if (end !== -1 && to.startsWith(from.slice(0, end)) && /[ !]/.test(to.charAt(end))) return only ? [only] : [];
  return [...shelves].sort(([a], [b]) => compareKeys(a, b)).map(([, shelf]) => shelf);
}

const inOrder = (values: ReadonlyMap<string, unknown>): NonNullable<Shelf["keys"]> =>
  new SortedTree<string, undefined>(
    Array.from(values.keys())
      .sort(compareKeys)
      .map((key) => [key, undefined]),
    compareKeys,
  );

/** By UTF-16 units, which for the ASCII that keys are made of is the order of their bytes. */
const compareKeys = (a: string, b: string): number => (a < b ? -1 : a === b ? 0 : 1);
