/**
 * How fast an operation may be called: at its ceiling as long as the service has never refused a call, and from then on at what the
 * service turned out to allow. A pure function of time, so that all who share it go at the same speed.
 */
export type RateLaw =
  | { readonly at: "ceiling" }
  /** `maxPerSecond`: what the service is known to allow. `cutMs`: when the rate was last cut. */
  | { readonly at: "adapted"; readonly maxPerSecond: number; readonly cutMs: number };

export const AT_CEILING: RateLaw = { at: "ceiling" };

/** What is left of the rate after a throttle, and how fast it comes back. documented: AWS SDKs, adaptive retry mode (beta, scale constant). */
const CUT_TO = 0.7;
const SCALE = 0.4;
/** Calls in a second that are always allowed. documented: AWS SDKs, adaptive retry mode. */
const LEAST_PER_SECOND = 0.5;
/** The share of the known maximum that is cruised at; the rest lets the service's bucket fill again. */
const CRUISE = 0.93;
/** Seconds of cruising after which the rate is back at the known maximum, and probes beyond it as the AWS SDKs do. */
const CRUISE_S = 30;
/** How far the known maximum may be passed before calls that really wait show that it has risen. documented: AWS SDKs, twice the measured rate. */
const REACH = 2;
/** Throttles this soon after a cut answer calls that were sent before it, and do not cut again. */
const SETTLING_MS = 1_000;
/** Accepted calls from which their rate says something. */
const ENOUGH = 20;

/** Calls that the service accepted since a moment. */
export interface Accepted {
  readonly calls: number;
  readonly sinceMs: number;
  /** Whether that moment was the last cut, when the service's bucket was empty, so that it let nothing through but what it gained since. */
  readonly sinceCut: boolean;
}

/** Calls in a second that `law` allows at a moment, at most `ceiling`. */
export function rateAt(law: RateLaw, ceiling: number, nowMs: number): number {
  if (law.at === "ceiling") return ceiling;
  const { maxPerSecond, cutMs } = law;
  const cruise = CRUISE * maxPerSecond;
  const cruisingS = (nowMs - cutMs) / 1000 - recoveryS(maxPerSecond);
  if (cruisingS < 0) return bounded(cruise + SCALE * cruisingS ** 3, ceiling);
  const probingS = cruisingS - CRUISE_S;
  if (probingS < 0) return bounded(cruise + (maxPerSecond - cruise) * (cruisingS / CRUISE_S) ** 3, ceiling);
  return bounded(Math.min(maxPerSecond + SCALE * probingS ** 3, REACH * maxPerSecond), ceiling);
}

const bounded = (perSecond: number, ceiling: number): number =>
  Math.min(ceiling, Math.max(LEAST_PER_SECOND, perSecond));

/** Seconds from a cut until the rate is back at cruise. documented: AWS SDKs, adaptive retry mode (the cubic's time window). */
const recoveryS = (maxPerSecond: number): number => Math.cbrt(((CRUISE - CUT_TO) * maxPerSecond) / SCALE);

/** Whether a throttle at this moment says anything that the last cut has not answered. */
export const isSettled = (law: RateLaw, nowMs: number): boolean =>
  law.at === "ceiling" || nowMs >= law.cutMs + SETTLING_MS;

/**
 * The law after the service refused a call. `measured` is the rate of calls at the moment, which is all there is to go by the first time.
 * Afterwards the service itself tells: between two throttles its bucket lets through what it gains, no more, so that the accepted calls
 * show its rate from below. Above the known maximum a throttle is the end of a probe and takes nothing from it; at or below it, the
 * service allows less than it did.
 */
export function afterThrottle(
  law: RateLaw,
  { ceiling, measured, accepted, nowMs }: { ceiling: number; measured: number; accepted: Accepted; nowMs: number },
): RateLaw {
  const rate = rateAt(law, ceiling, nowMs);
  if (law.at === "ceiling") return adapted(Math.min(rate, measured), nowMs);
  const seconds = (nowMs - accepted.sinceMs) / 1000;
  const shown = accepted.calls >= ENOUGH && seconds > 0 ? Math.min(rate, accepted.calls / seconds) : undefined;
  if (rate > law.maxPerSecond) return adapted(Math.max(law.maxPerSecond, (accepted.sinceCut && shown) || 0), nowMs);
  return adapted(shown ?? rate, nowMs);
}

const adapted = (maxPerSecond: number, cutMs: number): RateLaw => ({
  at: "adapted",
  maxPerSecond: Math.max(LEAST_PER_SECOND, maxPerSecond),
  cutMs,
});

/** The law after a call had to wait: undefined unless the rate is as far above the known maximum as it may go, which is then raised to it. */
export function afterWait(law: RateLaw, ceiling: number, nowMs: number): RateLaw | undefined {
  if (law.at === "ceiling") return undefined;
  const raised = REACH * law.maxPerSecond;
  if (raised >= ceiling || rateAt(law, ceiling, nowMs) < raised) return undefined;
  return { at: "adapted", maxPerSecond: raised, cutMs: nowMs - (recoveryS(raised) + CRUISE_S) * 1000 };
}

/** The part of `law` for one of so many who do not hear of each other. */
export const shareOf = (law: RateLaw, sharers: number): RateLaw =>
  law.at === "ceiling" ? law : { ...law, maxPerSecond: law.maxPerSecond / sharers };
