/** Writes, one at a time, each for all who have come before it began. */
export interface Groups {
  /** Resolves when a write that begins after this call has ended. Rejects when it fails, or the one before it does. */
  next(): Promise<void>;
  /** Resolves when all writes have ended that were asked for so far. Rejects as `next` does. */
  last(): Promise<void>;
}

/** `fail` is called when a write has failed, before anybody hears of it: those who wait for the next one have failed with it. */
export function createGroups(write: () => Promise<unknown>, fail: () => void): Groups {
  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    try {
      await write();
    } catch (error) {
      fail();
      running = Promise.resolve();
      waiting = undefined;
      throw error;
    }
  };

  const begin = (): Promise<void> => {
    waiting = undefined;
    const begun = run();
    running = begun;
    return begun;
  };

  return {
    next() {
      waiting ??= running.then(begin);
      return waiting;
    },
    last: () => waiting ?? running,
  };
}
