import { measuredRate } from "./measured-rate.js";
import { type Accepted, AT_CEILING, afterThrottle, afterWait, isSettled, type RateLaw, rateAt } from "./rate-law.js";

/** Where the turns of one account, region and operation come from. */
export interface Turns {
  /** Takes a turn that is due; false when none is. */
  take(nowMs: number): boolean;
  /**
   * When the next turn is due, in milliseconds since the epoch, for so many calls that wait. Undefined when that has to be found out
   * first; whoever gave the turns out says so when it is.
   */
  nextMs(nowMs: number, waiting: number): number | undefined;
  /** Calls in a second, as things stand. */
  perSecond(nowMs: number): number;
  succeeded(nowMs: number): void;
  throttled(nowMs: number): void;
}

/**
 * How long an unused turn keeps, in milliseconds: what may come at once is this long worth of the rate. Half of what the bucket of AWS
 * is assumed to hold, so that calls that bunch up on their way still find room in it.
 */
export const KEEPS_MS = 500;

/** Turns that one process gives out by itself: a token bucket whose rate is that of a law, which starts as `law`. */
export function ownTurns(ceiling: number, startsAs: RateLaw = AT_CEILING): Turns {
  const measured = measuredRate();
  let law = startsAs;
  let dueMs = Number.NEGATIVE_INFINITY;
  let accepted: Accepted | undefined;

  const isUnlimited = (): boolean => law.at === "ceiling" && ceiling === Number.POSITIVE_INFINITY;

  return {
    take(nowMs) {
      if (isUnlimited()) return true;
      if (dueMs > nowMs) return false;
      const fullMs = nowMs - KEEPS_MS;
      if (dueMs < fullMs) {
        dueMs = fullMs;
        // With turns going unused, accepted calls show what was asked for and no longer what is allowed.
        if (accepted !== undefined) accepted = { calls: 0, sinceMs: nowMs, sinceCut: false };
      }
      dueMs += 1000 / rateAt(law, ceiling, nowMs);
      return true;
    },
    nextMs(nowMs) {
      law = afterWait(law, ceiling, nowMs) ?? law;
      return isUnlimited() ? nowMs : dueMs;
    },
    perSecond: (nowMs) => rateAt(law, ceiling, nowMs),
    succeeded(nowMs) {
      measured.count(nowMs);
      if (accepted !== undefined) accepted = { ...accepted, calls: accepted.calls + 1 };
    },
    throttled(nowMs) {
      if (!isSettled(law, nowMs)) return;
      const seen = accepted ?? { calls: 0, sinceMs: nowMs, sinceCut: false };
      law = afterThrottle(law, { ceiling, measured: measured.perSecond(nowMs), accepted: seen, nowMs });
      accepted = { calls: 0, sinceMs: nowMs, sinceCut: true };
      dueMs = Math.max(dueMs, nowMs);
    },
  };
}
