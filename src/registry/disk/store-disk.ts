import { createRequire } from "node:module";
import type { RootDatabase } from "lmdb";
import type { Store } from "../store.js";
import { createOverlay, type Overlay } from "./overlay.js";

/** The longest key, in bytes: LMDB takes 1,978. No name, tag or digest makes one that comes near it. */
const MAX_KEY_BYTES = 1_900;

/**
 * A {@link Store} in a folder, on LMDB. A transaction works at once, on what is in memory of the ones before it; its changes are then
 * written in one piece, together with those of others that wait, and it resolves when they are on the disk. Nothing is read at the start.
 * A read may see what a crash then takes back, but never what somebody was told of.
 *
 * When the disk refuses a write, what is in memory and what is on the disk part ways: from then on every transaction rejects.
 */
export function diskStore(folder: string): Store {
  const db = openDatabase(folder);
  const overlay = createOverlay();
  let writing: Promise<unknown> = Promise.resolve();
  let isWorking = false;
  let broken: Error | undefined;

  const change = (key: string, value: unknown): void => {
    if (!isWorking) throw new Error(`a write outside a transaction, to the key ${JSON.stringify(key)}`);
    if (isTooLong(key)) throw new RangeError(`a key of more than ${MAX_KEY_BYTES} bytes: ${key}`);
    overlay.set(key, value);
  };

  /** Resolves when the changes are on the disk. */
  const write = async (changes: ReturnType<Overlay["seal"]>): Promise<void> => {
    const written = db
      .batch(() => {
        for (const [key, value] of changes.entries) {
          if (value === undefined) db.remove(key);
          else db.put(key, value);
        }
      })
      .then(() => db.flushed);
    writing = written.catch(() => undefined);
    try {
      await written;
    } catch (cause) {
      broken ??= new Error(`the data folder ${folder} can no longer be written: ${String(cause)}`, { cause });
      throw broken;
    }
    // Reads go on over a snapshot of their own, which may be older than what is forgotten here.
    db.resetReadTxn();
    overlay.forget(changes);
  };

  return {
    get<T>(key: string): T | undefined {
      // Whoever asks for a name that nothing can have, asks for what is not there.
      if (isTooLong(key)) return undefined;
      const pending = overlay.get(key);
      return (pending === undefined ? db.get(key) : pending.value) as T | undefined;
    },
    *range<T>(from: string, to: string): Iterable<readonly [key: string, value: T]> {
      if (isTooLong(from)) return;
      const stored = db.getRange({ start: from, end: to });
      for (const [key, value] of overlay.over(from, to, stored)) yield [key, value as T];
    },
    put: change,
    remove: (key) => change(key, undefined),
    async transaction(work) {
      if (isWorking) throw new Error("a transaction inside a transaction");
      if (broken) throw broken;
      isWorking = true;
      let result: ReturnType<typeof work>;
      try {
        result = work();
      } catch (error) {
        overlay.rollBack(0);
        throw error;
      } finally {
        isWorking = false;
      }
      const changes = overlay.seal();
      if (changes.entries.length > 0) await write(changes);
      return result;
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
      await writing;
      await db.close();
    },
  };
}

const isTooLong = (key: string): boolean => key.length > MAX_KEY_BYTES / 3 && Buffer.byteLength(key) > MAX_KEY_BYTES;

/** LMDB is loaded by whoever keeps something, and by nobody else: it costs a third of the start. */
function openDatabase(path: string): RootDatabase<unknown, string> {
  const { open } = createRequire(import.meta.url)("lmdb") as typeof import("lmdb");
  return open<unknown, string>({ path, noSubdir: false, encoding: "json" });
}
