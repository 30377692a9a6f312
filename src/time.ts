/** What time and chance look like to ecrkit: a parameter everywhere, so that tests assert exact values and never wait. */
export interface Time {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves `ms` milliseconds later; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to, but not including, 1. For jitter only: ids and secrets come from `node:crypto`. */
  random(): number;
}

/** The longest that a timer of Node runs, in milliseconds: a longer one fires at once. documented: Node, `setTimeout`. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock, timers and chance. A sleep may be of any length. */
export const systemTime: Time = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      let timer: NodeJS.Timeout;
      const wait = (leftMs: number): void => {
        const pieceMs = Math.min(leftMs, LONGEST_TIMER_MS);
        timer = setTimeout(() => {
          if (leftMs > pieceMs) return wait(leftMs - pieceMs);
          signal?.removeEventListener("abort", onAbort);
          resolve();
        }, pieceMs);
      };
      wait(ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};

/** A clock that stands still until it is moved. */
export interface ManualTime extends Time {
  /**
   * Moves the clock forward and wakes every sleeper whose time has come, in order of their times, each seeing the clock at its own time.
   * Takes milliseconds or a duration such as `"90s"`, `"5m"`, `"12h"`, `"30d"`. Resolves when the sleepers' continuations have run.
   * @throws {RangeError} when it is no duration, or would move the clock past the year 9999; the clock then stays where it is
   */
  advance(duration: number | string): Promise<void>;
  /** Every sleep that was asked for, in milliseconds, in order. */
  readonly slept: readonly number[];
}

/** Options of {@link manualTime}. */
export interface ManualTimeOptions {
  /** Where the clock starts, in milliseconds since the epoch. @default 2026-01-01T00:00:00Z */
  readonly startMs?: number;
  /** What `random` answers. @default a constant 0.5 */
  readonly random?: () => number;
  /** `wait`: a sleeper waits for `advance`. `skip`: a sleep moves the clock itself and returns at once. @default "wait" */
  readonly sleeping?: "wait" | "skip";
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock for tests: it moves only when told to. */
export function manualTime({
  startMs = Date.UTC(2026, 0, 1),
  random = () => 0.5,
  sleeping = "wait",
}: ManualTimeOptions = {}): ManualTime {
  let nowMs = startMs;
  let sleepers: readonly Sleeper[] = [];
  const slept: number[] = [];

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    slept.push(ms);
    if (sleeping === "skip") {
      nowMs += Math.max(0, ms);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason);
      };
      const wake = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const sleeper: Sleeper = { atMs: nowMs + Math.max(0, ms), wake };
      sleepers = [...sleepers, sleeper];
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  };

  const advance = async (duration: number | string): Promise<void> => {
    const untilMs = momentAfter(nowMs, duration);
    await settle();
    for (let next = earliest(sleepers); next !== undefined && next.atMs <= untilMs; next = earliest(sleepers)) {
      const due = next;
      sleepers = sleepers.filter((other) => other !== due);
      nowMs = Math.max(nowMs, due.atMs);
      due.wake();
      await settle();
    }
    nowMs = Math.max(nowMs, untilMs);
  };

  return { now: () => nowMs, random, sleep, advance, slept };
}

/** A clock that runs with another one and can be moved ahead of it. */
export interface VirtualTime extends Time {
  /**
   * Moves the clock forward and wakes the sleepers whose time has come. Takes milliseconds or a duration such as `"90s"`, `"5m"`, `"12h"`,
   * `"30d"`. Never back.
   * @throws {RangeError} when it is no duration, or would move the clock past the year 9999; the clock then stays where it is
   */
  advance(duration: number | string): Promise<void>;
}

/**
 * A clock that runs with `base` and can be moved ahead of it, where it may already stand. If `base` can be moved itself, as a
 * {@link manualTime}, that is what is moved.
 */
export function virtualTime(base: Time | VirtualTime = systemTime, startAheadMs = 0): VirtualTime {
  if ("advance" in base) return base;
  let aheadMs = startAheadMs;
  const wakers = new Set<() => void>();
  const now = (): number => base.now() + aheadMs;

  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    const untilMs = now() + ms;
    // Whoever advances past the end of a sleep ends it: the rest is not waited for.
    for (let leftMs = ms; leftMs > 0; leftMs = untilMs - now()) {
      const moved = new AbortController();
      const wake = (): void => moved.abort();
      wakers.add(wake);
      try {
        await base.sleep(leftMs, signal ? AbortSignal.any([signal, moved.signal]) : moved.signal);
        return;
      } catch (error) {
        if (!moved.signal.aborted || signal?.aborted) throw signal?.aborted ? signal.reason : error;
      } finally {
        wakers.delete(wake);
      }
    }
    signal?.throwIfAborted();
  };

  const advance = async (duration: number | string): Promise<void> => {
    const nowMs = now();
    aheadMs += momentAfter(nowMs, duration) - nowMs;
    for (const wake of wakers) wake();
    await settle();
  };

  return { now, sleep, advance, random: () => base.random() };
}

/** The last moment that a clock can be moved to, the end of the year 9999: beyond it, dates have no place in the formats that AWS writes them in. */
export const LAST_MOMENT_MS: number = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** @throws {RangeError} when it is no duration, or the moment comes after {@link LAST_MOMENT_MS} */
function momentAfter(nowMs: number, duration: number | string): number {
  const afterMs = nowMs + durationMs(duration);
  if (afterMs <= LAST_MOMENT_MS) return afterMs;
  const now = new Date(nowMs).toISOString();
  throw new RangeError(
    `a clock goes up to the end of the year 9999: ${JSON.stringify(duration)} after ${now} is past it`,
  );
}

const earliest = (sleepers: readonly Sleeper[]): Sleeper | undefined =>
  sleepers.reduce<Sleeper | undefined>((first, next) => (first && first.atMs <= next.atMs ? first : next), undefined);

/** Lets every continuation that is ready run, those that wait for a turn of the event loop included. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration given as a number of them or as text: `"250ms"`, `"90s"`, `"5m"`, `"12h"`, `"30d"`, `"1h30m"`. */
export function durationMs(duration: number | string): number {
  if (typeof duration === "number") {
    if (Number.isFinite(duration) && duration >= 0) return duration;
  } else if (typeof duration === "string" && /^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(duration)) {
    return [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce(
      (sum, [, amount = "0", unit = "ms"]) => sum + Number(amount) * (UNITS_MS[unit] ?? 0),
      0,
    );
  }
  throw new RangeError(
    `a duration is milliseconds from 0 up or text such as "90s" or "12h", got ${JSON.stringify(duration)}`,
  );
}
