/** A value as a store keeps it. */
export interface CacheEntry {
  readonly value: string;
  /** Milliseconds since the epoch; absent for what does not expire. */
  readonly expiresAtMs?: number | undefined;
}

/**
 * Where caches keep texts between calls: in this process, in a folder that processes of this machine share, or in Redis. Three
 * implementations, one behaviour, and a store of your own is a fourth. A store may lose what it was given at any time, and never
 * throws for it: a cache that cannot be reached is one that holds nothing.
 */
export interface CacheStore {
  /** What was set under `key`, until it expires. */
  get(key: string): Promise<CacheEntry | undefined>;
  set(key: string, entry: CacheEntry): Promise<void>;
  delete(key: string): Promise<void>;
  /**
   * Runs `work` while nobody else who shares the store does so under the same key. Only ever a saving: after ten seconds, or when the
   * store cannot be reached, it runs all the same.
   */
  exclusively<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Frees what the store holds. What it keeps for others stays. */
  close(): Promise<void>;
}

/** How long a caller waits for another one's turn, in milliseconds: longer than most questions to ECR take. */
export const TURN_WAIT_MS = 10_000;

/** After how long a turn that was never given back is taken for that of a process which died, in milliseconds. */
export const TURN_LIFE_MS = 30_000;

/** Whether an entry is still to be given at that moment. */
export const isAlive = ({ expiresAtMs }: CacheEntry, nowMs: number): boolean =>
  expiresAtMs === undefined || nowMs < expiresAtMs;
