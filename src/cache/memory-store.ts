import { systemTime, type Time } from "../time.js";
import { type CacheEntry, type CacheStore, isAlive } from "./store.js";
import { turnsByKey } from "./turns.js";

/** Options of {@link memoryCacheStore}. */
export interface MemoryCacheOptions {
  /** Entries beyond which those that were used longest ago go. @default 10_000 */
  readonly maxEntries?: number | undefined;
  /** The same for the bytes that keys and values take, roughly. @default 64 MiB */
  readonly maxBytes?: number | undefined;
  /** @default the machine's own */
  readonly time?: Pick<Time, "now"> | undefined;
}

/** A store that lives as long as the process, within bounds. */
export function memoryCacheStore({
  maxEntries = 10_000,
  maxBytes = 64 * 1024 * 1024,
  time = systemTime,
}: MemoryCacheOptions = {}): CacheStore {
  /** In the order of their last use. */
  const entries = new Map<string, CacheEntry>();
  let bytes = 0;

  const remove = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    bytes -= sizeOf(key, entry);
  };
  const makeRoom = (): void => {
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries && bytes <= maxBytes) return;
      remove(oldest);
    }
  };

  return {
    async get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (!isAlive(entry, time.now())) {
        remove(key);
        return undefined;
      }
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    async set(key, entry) {
      remove(key);
      entries.set(key, entry);
      bytes += sizeOf(key, entry);
      makeRoom();
    },
    async delete(key) {
      remove(key);
    },
    exclusively: turnsByKey(),
    async close() {
      entries.clear();
      bytes = 0;
    },
  };
}

/** A text takes two bytes a character at most; an entry has some of its own. */
const sizeOf = (key: string, { value }: CacheEntry): number => 2 * (key.length + value.length) + 100;
