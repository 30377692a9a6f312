/** The rate of calls as it is, smoothed. */
export interface MeasuredRate {
  count(nowMs: number): void;
  /** Calls in a second. */
  perSecond(nowMs: number): number;
}

/** documented: AWS SDKs, adaptive retry mode: the calls of each half second, smoothed. */
const SLICE_MS = 500;
const SMOOTHING = 0.8;
/** The shortest part of a slice that is taken for its rate. */
const LEAST_MS = 50;

export function measuredRate(): MeasuredRate {
  let sinceMs = Number.NaN;
  let calls = 0;
  let smoothed = 0;
  return {
    count(nowMs) {
      if (nowMs >= sinceMs + SLICE_MS) {
        smoothed = SMOOTHING * ((calls * 1000) / (nowMs - sinceMs)) + (1 - SMOOTHING) * smoothed;
        sinceMs = nowMs;
        calls = 0;
      } else if (Number.isNaN(sinceMs)) sinceMs = nowMs;
      calls++;
    },
    // A slice that is not over counts when it is the faster one: the very first has none before it.
    perSecond: (nowMs) => (calls === 0 ? 0 : Math.max(smoothed, (calls * 1000) / Math.max(LEAST_MS, nowMs - sinceMs))),
  };
}
