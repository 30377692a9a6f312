import type { Time } from "../time.js";

/** One timer at most, for the earliest of the times it is set to; none is left when it is off, so that no process stays alive for it. */
export interface Alarm {
  set(atMs: number): void;
  off(): void;
}

export function createAlarm(time: Time, ring: () => void): Alarm {
  let timer: { readonly atMs: number; readonly abort: AbortController } | undefined;

  const off = (): void => {
    timer?.abort.abort();
    timer = undefined;
  };

  return {
    set(atMs) {
      if (timer !== undefined && timer.atMs <= atMs) return;
      off();
      const set = { atMs, abort: new AbortController() };
      timer = set;
      // Whole milliseconds are what timers know; whoever is woken makes up for what came due in between.
      time.sleep(Math.max(0, Math.ceil(atMs - time.now())), set.abort.signal).then(
        () => {
          if (timer !== set) return;
          timer = undefined;
          ring();
        },
        () => {},
      );
    },
    off,
  };
}
