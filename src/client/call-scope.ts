import { EcrError, isEcrError } from "../errors.js";
import type { Time } from "../time.js";
import { isText, requireThat } from "./config-check.js";
import { aborted, type FailedCall, outOfTime } from "./error-mapper.js";
import { requireOptions } from "./options.js";
import { shown } from "./shown.js";

/** How long a call may take, and on whose behalf it is made. */
export interface CallOptions {
  /** Ends the call, its waits included, as soon as it aborts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds for the whole call with its retries and waits. A batch counts as one call; of a listing the time is counted in which
   * it waits for pages, not the time its reader takes. @default no bound
   */
  readonly timeoutMs?: number | undefined;
  /** On whose behalf, such as a tenant or a job: callers that wait for the rate limiter take turns. @default one that all unnamed calls share */
  readonly caller?: string | undefined;
}

/** {@link CallOptions} once the clock runs. */
export interface CallScope {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch. */
  readonly deadlineMs?: number | undefined;
  readonly caller?: string | undefined;
  /** What is asked must come from the service itself, whatever a cache holds. */
  readonly fresh?: boolean | undefined;
}

/**
 * Starts the clock of a call.
 *
 * @throws {EcrError} kind `InvalidParameter` when an option is not what it must be, or is neither one of `CallOptions` nor of `others`
 */
export function startScope(time: Time, options: CallOptions = {}, others: readonly string[] = []): CallScope {
  requireCallOptions(options, others);
  const { signal, timeoutMs, caller } = options;
  return { signal, deadlineMs: timeoutMs === undefined ? undefined : time.now() + timeoutMs, caller };
}

/** Refuses options of a call that are not what they must be; `others` are those that it takes beside `CallOptions`. */
export function requireCallOptions(options: CallOptions, others: readonly string[] = []): void {
  requireOptions("options", options, "this call", ["signal", "timeoutMs", "caller", ...others]);
  const { signal, timeoutMs, caller } = options;
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== "function")
    throw new EcrError(`signal must be an AbortSignal, got ${shown(signal)}`, { kind: "InvalidParameter" });
  requireTimeout("timeoutMs", timeoutMs);
  requireThat("caller", caller, "a text", isText);
}

/** The longest that a timer of Node can run, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** Refuses what is not a number of milliseconds above 0 that a timer can run; undefined is no bound. */
export function requireTimeout(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0 && value <= LONGEST_MS)) return;
  throw new EcrError(`${name} must be a number of milliseconds from above 0 to ${LONGEST_MS}, got ${shown(value)}`, {
    kind: "InvalidParameter",
  });
}

/** The promise's outcome, or a rejection with the signal's reason if it aborts first. What the promise stands for goes on. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => undefined);
      return reject(signal.reason);
    }
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/**
 * The promise's outcome, or a rejection with the signal's reason if it aborts first, or with what `late` gives if the deadline passes
 * first. What the promise stands for goes on.
 */
export async function untilOver<T>(
  promise: Promise<T>,
  { signal, deadlineMs }: CallScope,
  time: Time,
  late: () => Error,
): Promise<T> {
  if (deadlineMs === undefined) return untilAborted(promise, signal);
  const over = new AbortController();
  const timeout = async (): Promise<T> => {
    // What is at hand needs no timer, and a clock that is moved by sleeping must not be moved by it.
    await new Promise(setImmediate);
    const leftMs = deadlineMs - time.now();
    if (!over.signal.aborted && leftMs > 0) await time.sleep(leftMs, over.signal).catch(() => undefined);
    if (over.signal.aborted) return promise;
    throw late();
  };
  try {
    return await untilAborted(Promise.race([promise, timeout()]), signal);
  } finally {
    over.abort();
  }
}

/** The promise's outcome, unless the scope ends first. What the promise stands for goes on. @throws {EcrError} kind `Aborted` or `Timeout` */
export async function withinScope<T>(
  promise: Promise<T>,
  scope: CallScope,
  time: Time,
  call: () => FailedCall,
): Promise<T> {
  try {
    return await untilOver(promise, scope, time, () => outOfTime(call()));
  } catch (error) {
    if (scope.signal?.aborted && !isEcrError(error)) throw aborted(scope.signal.reason, call());
    throw error;
  }
}
