/** Work that must not overlap: one piece at a time for each key, in the order in which it was asked for. */
export interface Turns {
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Whether work on `key` is under way or waiting. */
  isTaken(key: string): boolean;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    async take(key, work) {
      const before = last.get(key);
      const running = before ? before.then(work) : work();
      // The next one waits for the end of this one, whichever it is.
      const ended = running.then(ignore, ignore);
      last.set(key, ended);
      try {
        return await running;
      } finally {
        if (last.get(key) === ended) last.delete(key);
      }
    },
    isTaken: (key) => last.has(key),
  };
}

const ignore = (): void => {};
