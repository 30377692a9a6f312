import { EcrError, isEcrError } from "../errors.js";
import type { Time } from "../time.js";
import { aborted, type FailedCall, outOfTime } from "./error-mapper.js";

/** How long a call may take. */
export interface CallOptions {
  /** Ends the call, its waits included, as soon as it aborts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds for the whole call with its retries and waits. A batch counts as one call; of a listing the time is counted in which
   * it waits for pages, not the time its reader takes. @default no bound
   */
  readonly timeoutMs?: number | undefined;
}

/** {@link CallOptions} once the clock runs. */
export interface CallScope {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch. */
  readonly deadlineMs?: number | undefined;
}

/** Starts the clock of a call. @throws {EcrError} kind `InvalidParameter` when `timeoutMs` is not a number above 0 */
export function startScope(time: Time, { signal, timeoutMs }: CallOptions = {}): CallScope {
  requireTimeout("timeoutMs", timeoutMs);
  return { signal, deadlineMs: timeoutMs === undefined ? undefined : time.now() + timeoutMs };
}

/** The longest that a timer of Node can run, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** Refuses what is not a number of milliseconds above 0 that a timer can run; undefined is no bound. */
export function requireTimeout(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0 && value <= LONGEST_MS)) return;
  throw new EcrError(`${name} must be a number of milliseconds from above 0 to ${LONGEST_MS}, got ${String(value)}`, {
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

/** The promise's outcome, unless the scope ends first. What the promise stands for goes on. @throws {EcrError} kind `Aborted` or `Timeout` */
export async function withinScope<T>(
  promise: Promise<T>,
  { signal, deadlineMs }: CallScope,
  time: Time,
  { operation, region }: { readonly operation: string; readonly region: () => string },
): Promise<T> {
  const over = new AbortController();
  const late = deadlineMs === undefined ? [] : [time.sleep(Math.max(0, deadlineMs - time.now()), over.signal)];
  const call = (): FailedCall => ({ operation, subject: "the registry", region: region(), attempts: 0 });
  const timeouts = late.map((sleep) =>
    sleep.then(
      () => Promise.reject(outOfTime(call())),
      () => promise,
    ),
  );
  try {
    return await untilAborted(Promise.race([promise, ...timeouts]), signal);
  } catch (error) {
    if (signal?.aborted && !isEcrError(error)) throw aborted(signal.reason, call());
    throw error;
  } finally {
    over.abort();
  }
}
