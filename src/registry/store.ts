/**
 * What the local ECR keeps its state in: ordered keys and values. Two small implementations, one behaviour: in memory and on disk.
 * Values are plain data (no class instances, no functions) and are never changed in place: a change is a `put` of a new value.
 */
export interface Store {
  get<T>(key: string): T | undefined;
  /** Entries with `from <= key < to`, in the order of the keys' bytes. Not to be held across an `await`. */
  range<T>(from: string, to: string): Iterable<readonly [key: string, value: T]>;
  /**
   * Whether there would be an entry with `from <= key < to` after a crash, whatever has changed since and is not durable yet. Nothing is ever
   * durable in memory, and nothing outlives a crash: there it is whether there is one.
   */
  isKept(from: string, to: string): boolean;
  /** Only inside a transaction. */
  put(key: string, value: unknown): void;
  /** Only inside a transaction. */
  remove(key: string): void;
  /**
   * Runs `work` at once and without interruption; when it throws nothing of it stays. Resolves with its result when all that it changed or
   * saw is as durable as the store can make it, which is when it may be acknowledged; when `work` throws, rejects at that time.
   */
  transaction<T>(work: () => T): Promise<T>;
  /** Runs a part of a transaction of which, when it throws, nothing stays, whatever becomes of the rest. Only inside a transaction. */
  savepoint<T>(work: () => T): T;
  close(): Promise<void>;
}
