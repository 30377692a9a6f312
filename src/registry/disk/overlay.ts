import sortedBtree from "sorted-btree";

type SortedTree = typeof sortedBtree.default;
/** sorted-btree is CommonJS: Node's loader gives the module, other loaders give what it exports by default. */
const SortedTree = (sortedBtree as Partial<typeof sortedBtree>).default ?? (sortedBtree as unknown as SortedTree);

/** What a key is to hold, until it is on the disk. `undefined`: nothing. */
export interface Pending {
  readonly value: unknown;
}

/** All that one transaction changed, each key once, as it is to be written. */
export interface Changes {
  readonly entries: readonly (readonly [key: string, value: unknown])[];
  /** What was put into the overlay for them. */
  readonly pending: ReadonlyMap<string, Pending>;
}

/** The changes that are not on the disk yet, of transactions that wait for it and of the one that works. */
export interface Overlay {
  get(key: string): Pending | undefined;
  set(key: string, value: unknown): void;
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
  /** Ends the working transaction. */
  seal(): Changes;
  /** Lets go of changes that are on the disk now, but for keys that have changed again. */
  forget(changes: Changes): void;
}

export function createOverlay(): Overlay {
  const pending = new SortedTree<string, Pending>(undefined, compareKeys);
  let undo: (readonly [key: string, before: Pending | undefined])[] = [];

  return {
    get: (key) => (pending.size === 0 ? undefined : pending.get(key)),
    set(key, value) {
      undo.push([key, pending.get(key)]);
      pending.set(key, { value });
    },
    over: (from, to, stored) => (pending.size === 0 ? pairs(stored) : merged(pending, from, to, stored)),
    length: () => undo.length,
    rollBack(kept) {
      for (const [key, before] of undo.splice(kept).reverse()) {
        if (before === undefined) pending.delete(key);
        else pending.set(key, before);
      }
    },
    seal() {
      const changed = new Map<string, Pending>();
      for (const [key] of undo) {
        const now = pending.get(key);
        if (now !== undefined) changed.set(key, now);
      }
      undo = [];
      return { entries: Array.from(changed, ([key, { value }]) => [key, value] as const), pending: changed };
    },
    forget(changes) {
      for (const [key, written] of changes.pending) if (pending.get(key) === written) pending.delete(key);
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
  pending: InstanceType<typeof SortedTree<string, Pending>>,
  from: string,
  to: string,
  stored: Iterable<{ readonly key: string; readonly value: unknown }>,
): Iterable<readonly [key: string, value: unknown]> {
  let next = atOrAfter(pending, from, to);
  for (const { key, value } of stored) {
    while (next !== undefined && next[0] < key) {
      if (next[1].value !== undefined) yield [next[0], next[1].value];
      next = after(pending, next[0], to);
    }
    if (next?.[0] !== key) yield [key, value];
  }
  for (; next !== undefined; next = after(pending, next[0], to)) {
    if (next[1].value !== undefined) yield [next[0], next[1].value];
  }
}

type Tree = InstanceType<typeof SortedTree<string, Pending>>;
type Entry = readonly [key: string, pending: Pending];

function atOrAfter(tree: Tree, from: string, to: string): Entry | undefined {
  const found = tree.getPairOrNextHigher(from);
  return found !== undefined && found[0] < to ? found : undefined;
}

function after(tree: Tree, key: string, to: string): Entry | undefined {
  const found = tree.nextHigherPair(key);
  return found !== undefined && found[0] < to ? found : undefined;
}

/** By UTF-16 units, which for the ASCII that keys are made of is the order of their bytes, and so of LMDB. */
const compareKeys = (a: string, b: string): number => (a < b ? -1 : a === b ? 0 : 1);
