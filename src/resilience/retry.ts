import { isEcrError } from "../errors.js";
import { systemTime, type Time } from "../time.js";
import { type RetryBudget, retryBudget } from "./budget.js";
import { classify, type FailureClass } from "./classify.js";
import { requireAtLeast, requireNames } from "./options.js";

/** The failures that may pass by themselves. */
export type RetryableFailure = Exclude<FailureClass, "credential" | "terminal">;

/** How often and how patiently a failed call is tried again. */
export interface RetryOptions {
  /**
   * Calls in total, the first included, by what failed; 1 turns retrying off for that failure.
   * @default { throttle: 5, unavailable: 3, connection: 3, timeout: 2 }
   */
  readonly attempts?: { readonly [F in RetryableFailure]?: number | undefined } | undefined;
  /** The longest possible first wait, in milliseconds; each further one may be twice as long. Jitter takes a random part of it. @default 100 */
  readonly baseDelayMs?: number | undefined;
  /** The same after a throttle, in milliseconds. @default 500 */
  readonly throttleDelayMs?: number | undefined;
  /**
   * Longest wait before one retry, in milliseconds. A longer `Retry-After` is still honoured up to five minutes; beyond, the call ends
   * with the error, whose `retryAfterMs` says how long to wait. @default 20_000
   */
  readonly maxDelayMs?: number | undefined;
  /**
   * Retries, over all calls, that may be made before successes have to earn further ones: each success without a retry earns a fifth of
   * one. A retry after a timeout counts twice. Bounds what a client adds to an outage. @default 100
   */
  readonly budget?: number | undefined;
  /** @default the machine's clock and chance */
  readonly time?: Time | undefined;
}

/** Resolved {@link RetryOptions} with the budget that the calls under this policy share. Made by {@link retryPolicy}. */
export interface RetryPolicy {
  readonly attempts: Readonly<Record<RetryableFailure, number>>;
  readonly baseDelayMs: number;
  readonly throttleDelayMs: number;
  readonly maxDelayMs: number;
  readonly budget: RetryBudget;
  readonly time: Time;
}

const OPTIONS: readonly string[] = ["attempts", "baseDelayMs", "throttleDelayMs", "maxDelayMs", "budget", "time"];
const FAILURES: readonly RetryableFailure[] = ["throttle", "unavailable", "connection", "timeout"];

/** The longest wait that a service may ask for, in milliseconds. */
const LONGEST_RETRY_AFTER_MS = 300_000;

/**
 * A policy for {@link withRetry}; calls that use the same one share its budget.
 *
 * @throws {EcrError} kind `InvalidParameter` when an option is not a number in its range, or there is none of its name.
 */
export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  requireNames("retry", options, OPTIONS, "{ budget: 50 }");
  const { attempts: given = {}, baseDelayMs = 100, throttleDelayMs = 500, maxDelayMs = 20_000 } = options;
  const { budget = 100, time = systemTime } = options;
  requireNames("retry.attempts", given, FAILURES, "{ throttle: 5 }");
  const { throttle = 5, unavailable = 3, connection = 3, timeout = 2 } = given;
  const attempts = { throttle, unavailable, connection, timeout };
  for (const [failure, calls] of Object.entries(attempts))
    requireAtLeast(`retry.attempts.${failure}`, calls, 1, Number.isSafeInteger);
  for (const [name, value] of Object.entries({ baseDelayMs, throttleDelayMs, maxDelayMs, budget }))
    requireAtLeast(`retry.${name}`, value, 0, Number.isFinite);
  return { attempts, baseDelayMs, throttleDelayMs, maxDelayMs, budget: retryBudget(budget), time };
}

/** What one call brings to {@link withRetry}. */
export interface RetryCall {
  /** Ends a wait with the signal's reason. What runs is ended by whoever runs it. */
  readonly signal?: AbortSignal | undefined;
  /** When the call must be over, in milliseconds since the epoch: a wait that would not end before it ends the call with the last error. */
  readonly deadlineMs?: number | undefined;
  /** Called after a failure of class `credential`; exactly one more call follows it. Without it such a failure is final. */
  readonly renew?: ((error: unknown) => Promise<void>) | undefined;
}

/**
 * Calls `fn` until it succeeds, its failure is not worth another try, or tries, budget or time are used up; then rejects with the last
 * failure. `fn` is told the number of its call, from 1. Waits grow exponentially with full jitter, and are never shorter than the
 * `retryAfterMs` of the failure; one of more than five minutes is not waited for. The call after a renewal counts as no try of its own.
 */
export async function withRetry<T>(
  policy: RetryPolicy,
  fn: (attempt: number) => Promise<T>,
  { signal, deadlineMs, renew }: RetryCall = {},
): Promise<T> {
  let paidFor: FailureClass | undefined;
  let renewals = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await fn(attempt);
      policy.budget.give(paidFor);
      return result;
    } catch (error) {
      if (signal?.aborted) throw error;
      const failure = classify(error);
      if (failure === "terminal") throw error;
      if (failure === "credential") {
        if (renew === undefined || renewals > 0) throw error;
        renewals++;
        await renew(error);
        continue;
      }
      const tries = attempt - renewals;
      if (tries >= policy.attempts[failure]) throw error;
      const retryAfterMs = (isEcrError(error) && error.retryAfterMs) || 0;
      if (retryAfterMs > LONGEST_RETRY_AFTER_MS) throw error;
      const waitMs = delayMs(policy, failure, tries, retryAfterMs);
      if (deadlineMs !== undefined && policy.time.now() + waitMs >= deadlineMs) throw error;
      if (!policy.budget.take(failure)) throw error;
      paidFor = failure;
      if (waitMs > 0) await policy.time.sleep(waitMs, signal);
    }
  }
}

/** The wait after the given failed call: full jitter under an exponential ceiling, at least what the service asked for. */
function delayMs(policy: RetryPolicy, failure: RetryableFailure, tries: number, retryAfterMs: number): number {
  const base = failure === "throttle" ? policy.throttleDelayMs : policy.baseDelayMs;
  const ceiling = Math.min(policy.maxDelayMs, base * 2 ** (tries - 1));
  return Math.max(retryAfterMs, Math.round(policy.time.random() * ceiling));
}
