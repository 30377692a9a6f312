import sortedBtree from "sorted-btree";

type SortedTree = typeof sortedBtree.default;
/** sorted-btree is CommonJS: Node's loader gives the module, other loaders give what it exports by default. */
const SortedTree = (sortedBtree as Partial<typeof sortedBtree>).default ?? (sortedBtree as unknown as SortedTree);

/** What a key is to hold, until it is on the disk. `undefined`: nothing. */
export interface Pending {
  readonly value: unknown;
}

/** What is to be written, each key once. */
export type Changes = ReadonlyMap<string, Pending>;

/** The changes that are not on the disk yet, of transactions that wait for it and of the one that works. */
export interface Overlay {
  get(key: string): Pending | undefined;
  set(key: string, value: unknown): void;
  isEmpty(): boolean;
  /** The entries of a range of the disk, with what has changed since. */
  over(
    from: string,
    to: string,
    stored: Iterable<{ readonly key: string; readonly value: unknown }>,
  ): Iterable<readonly [key: string, value: unknown]>;
  /** Changes since the working transaction began. */
  length(): number;
  /** Undoes those after the first `kept`. */
  rollBack(kept: number): void;
  /** Ends the working transaction. Answers whether it changed anything. */
  seal(): boolean;
  /** What has changed since it was last taken, to be written. */
  take(): Changes;
  /** Lets go of changes that are on the disk now, but for keys that have changed again. */
  forget(written: Changes): void;
  /** Lets go of all: what is on the disk holds again. */
  clear(): void;
}

export function createOverlay(): Overlay {
  const pending = new SortedTree<string, Pending>(undefined, compareKeys);
  let changed = new Set<string>();
  let undo: (readonly [key: string, before: Pending | undefined])[] = [];

  return {
    get: (key) => (pending.size === 0 ? undefined : pending.get(key)),
    set(key, value) {
      undo.push([key, pending.get(key)]);
      pending.set(key, { value });
    },
    isEmpty: () => pending.size === 0,
    over: (from, to, stored) => (pending.size === 0 ? pairs(stored) : merged(pending, from, to, stored)),
    length: () => undo.length,
    rollBack(kept) {
      for (const [key, before] of undo.splice(kept).reverse()) {
        if (before === undefined) pending.delete(key);
        else pending.set(key, before);
      }
    },
    seal() {
      const hasChanged = undo.length > 0;
      for (const [key] of undo) changed.add(key);
      if (hasChanged) undo = [];
      return hasChanged;
    },
    take() {
      const taken = new Map<string, Pending>();
      for (const key of changed) {
        const now = pending.get(key);
        if (now !== undefined) taken.set(key, now);
      }
      changed = new Set();
      return taken;
    },
    forget(written) {
      for (const [key, was] of written) if (pending.get(key) === was) pending.delete(key);
    },
    clear() {
      pending.clear();
      changed = new Set();
    },
  };
}

function* pairs(
  stored: Iterable<{ readonly key: string; readonly value: unknown }>,
): Iterable<readonly [key: string, value: unknown]> {
  for (const { key, value } of stored) yield [key, value];
}

/** Two sorted lists as one; what is pending hides what is stored. A tree may be changed while it is read: each step looks anew. */
function* merged(
  pending: Tree,
  from: string,
  to: string,
  stored: Iterable<{ readonly key: string; readonly value: unknown }>,
): Iterable<readonly [key: string, value: unknown]> {
  let next = inRange(pending.getPairOrNextHigher(from), to);
  for (const { key, value } of stored) {
    while (next !== undefined && next[0] < key) {
      if (next[1].value !== undefined) yield [next[0], next[1].value];
      next = inRange(pending.nextHigherPair(next[0]), to);
    }
    if (next?.[0] !== key) yield [key, value];
  }
  for (; next !== undefined; next = inRange(pending.nextHigherPair(next[0]), to)) {
    if (next[1].value !== undefined) yield [next[0], next[1].value];
  }
}

type Tree = InstanceType<typeof SortedTree<string, Pending>>;
type Entry = readonly [key: string, pending: Pending];

const inRange = (found: Entry | undefined, to: string): Entry | undefined =>
  found !== undefined && found[0] < to ? found : undefined;

/** By UTF-16 units, which for the ASCII that keys are made of is the order of their bytes, and so of LMDB. */
const compareKeys = (a: string, b: string): number => (a < b ? -1 : a === b ? 0 : 1);
