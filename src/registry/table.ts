import type { Store } from "./store.js";

/** The parts of a key. None is empty or contains a character below `+`, which the grammars of names, tags and digests see to. */
export type Key = readonly string[];

/** Separates the parts of a key; sorts below every character of a part, so that entries are in the order of their parts. */
const SEPARATOR = " ";
/** Sorts above the separator and below every character of a part: what comes after a key and all that extends it. */
const BEYOND = "!";

/** Records of one kind, ordered by key: the only way in which the registry reads and writes its {@link Store}. */
export interface Table<R> {
  get(...key: Key): R | undefined;
  has(...key: Key): boolean;
  /** Only inside a transaction. */
  put(key: Key, record: R): void;
  /** Only inside a transaction. */
  remove(...key: Key): void;
  /**
   * The records whose key starts with `prefix`, in order, each with the rest of its key. With `after`, those that come after the rest
   * it names and after everything that extends it. Not to be held across an `await`.
   */
  list(prefix: Key, after?: Key): Iterable<readonly [rest: Key, record: R]>;
  /** Whether any key starts with `prefix` and goes on. */
  any(prefix: Key): boolean;
  /** Whether any would after a crash, see {@link Store}. */
  anyKept(prefix: Key): boolean;
  /** Removes every record whose key starts with `prefix` and goes on. Only inside a transaction. */
  clear(prefix: Key): void;
}

/** The records that `store` keeps under `name`. */
export function table<R>(store: Store, name: string): Table<R> {
  const keyOf = (key: Key): string => (key.length === 0 ? name : name + SEPARATOR + key.join(SEPARATOR));

  function* list(prefix: Key, after?: Key): Iterable<readonly [rest: Key, record: R]> {
    const start = keyOf(prefix);
    const from = after ? start + SEPARATOR + after.join(SEPARATOR) + BEYOND : start + SEPARATOR;
    for (const [key, record] of store.range<R>(from, start + BEYOND))
      yield [key.slice(start.length + 1).split(SEPARATOR), record];
  }

  const any = (prefix: Key): boolean => {
    for (const _ of list(prefix)) return true;
    return false;
  };

  return {
    get: (...key) => store.get<R>(keyOf(key)),
    has: (...key) => store.get<R>(keyOf(key)) !== undefined,
    put: (key, record) => store.put(keyOf(key), record),
    remove: (...key) => store.remove(keyOf(key)),
    list,
    any,
    anyKept(prefix) {
      const start = keyOf(prefix);
      return store.isKept(start + SEPARATOR, start + BEYOND);
    },
    clear(prefix) {
      for (const rest of Array.from(list(prefix), ([rest]) => rest)) store.remove(keyOf([...prefix, ...rest]));
    },
  };
}
