import type { Store } from "../store.js";
import { createGroups } from "./groups.js";
import { openLmdb } from "./lmdb.js";
import { createOverlay } from "./overlay.js";

/** The longest key, in bytes: LMDB takes 1,978. No name, tag or digest makes one that comes near it. */
const MAX_KEY_BYTES = 1_900;
/** A character is three bytes of UTF-8 at most. */
const SURELY_SHORT = Math.floor(MAX_KEY_BYTES / 3);
/** Sorts after every character of a key. */
const LAST = "\u{10ffff}";

/**
 * A {@link Store} in a file, on LMDB. A transaction works at once, on what is in memory of the ones before it; its changes are then
 * written in one piece with those of others that wait, one piece at a time, and it resolves when they are on the disk. Nothing is read at
 * the start.
 *
 * A read may see what a crash then takes back; a transaction, also one that changes nothing or throws, is over only when all that it saw
 * is on the disk. When the disk refuses a write, all that is not on it is undone and its transactions reject; later ones may be luckier.
 */
export function diskStore(file: string): Store {
  const db = openLmdb(file);
  const overlay = createOverlay();
  let isWorking = false;
  let isClosed = false;

  const write = async (): Promise<void> => {
    const changes = overlay.take();
    try {
      await db.batch(() => {
        for (const [key, { value }] of changes) {
          if (value === undefined) db.remove(key);
          else db.put(key, value);
        }
      });
    } catch (error) {
      const cause = await causeOf(error);
      throw new Error(`${file} cannot be written: ${cause}`, { cause });
    }
    // Reads go on over a snapshot of their own, which may be older than what is forgotten here.
    db.resetReadTxn();
    overlay.forget(changes);
  };
  const groups = createGroups(write, overlay.clear);

  const requireOpen = (): void => {
    // LMDB itself would end the process.
    if (isClosed) throw new Error(`${file} is closed`);
  };

  const change = (key: string, value: unknown): void => {
    if (!isWorking) throw new Error(`a write outside a transaction, to the key ${JSON.stringify(key)}`);
    if (isTooLong(key)) throw new RangeError(`a key of more than ${MAX_KEY_BYTES} bytes: ${key}`);
    overlay.set(key, value);
  };

  const stored = (from: string, to: string) => {
    requireOpen();
    return isTooLong(from) || isTooLong(to)
      ? between(from, to, db.getRange({ start: from.slice(0, SURELY_SHORT), end: to.slice(0, SURELY_SHORT) + LAST }))
      : db.getRange({ start: from, end: to });
  };

  return {
    get<T>(key: string): T | undefined {
      requireOpen();
      const pending = overlay.get(key);
      if (pending !== undefined) return pending.value as T | undefined;
      // Whoever asks for a name that nothing can have, asks for what is not there.
      return isTooLong(key) ? undefined : (db.get(key) as T | undefined);
    },
    *range<T>(from: string, to: string): Iterable<readonly [key: string, value: T]> {
      for (const [key, value] of overlay.over(from, to, stored(from, to))) yield [key, value as T];
    },
    isKept(from, to) {
      for (const _ of stored(from, to)) return true;
      return false;
    },
    put: change,
    remove: (key) => change(key, undefined),
    async transaction(work) {
      if (isWorking) throw new Error("a transaction inside a transaction");
      requireOpen();
      isWorking = true;
      try {
        return work();
      } catch (error) {
        overlay.rollBack(0);
        throw error;
      } finally {
        isWorking = false;
        if (overlay.seal()) await groups.next();
        else if (!overlay.isEmpty()) await groups.last();
      }
    },
    savepoint(work) {
      if (!isWorking) throw new Error("a savepoint outside a transaction");
      const kept = overlay.length();
      try {
        return work();
      } catch (error) {
        overlay.rollBack(kept);
        throw error;
      }
    },
    async close() {
      await groups.last().catch(() => undefined);
      if (isClosed) return;
      isClosed = true;
      await db.close();
    },
  };
}

const isTooLong = (key: string): boolean => key.length > SURELY_SHORT && Buffer.byteLength(key) > MAX_KEY_BYTES;

function* between<E extends { readonly key: string }>(from: string, to: string, entries: Iterable<E>): Iterable<E> {
  for (const entry of entries) if (entry.key >= from && entry.key < to) yield entry;
}

/** What went wrong with a write: LMDB tells that it did, and why a little later. */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { readonly commitError?: Promise<never> };
  return commitError === undefined ? error : commitError.catch((cause: unknown) => cause);
}
