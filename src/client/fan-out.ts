import { EcrError, isEcrError } from "../errors.js";
import type { Time } from "../time.js";
import { untilOver } from "./call-scope.js";

/** What came of asking several places: each is in one of the two, by its name and in the order of the places. */
export interface Outcome<T> {
  readonly results: ReadonlyMap<string, T>;
  readonly failures: ReadonlyMap<string, EcrError>;
}

/** One place to ask. */
export interface Branch<T> {
  readonly name: string;
  readonly region: string;
  readonly run: (signal: AbortSignal) => Promise<T>;
}

/** How places are asked. */
export interface FanOut {
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  /** Longest time for one place, in milliseconds. */
  readonly timeoutMs: number | undefined;
  readonly time: Time;
}

/**
 * Asks all places, `concurrency` at a time: what fails in one leaves the others alone, and one that does not answer in its time is
 * left behind. An error that is no `EcrError` is a mistake in what was run: it ends everything, and is thrown.
 */
export async function fanOut<T>(branches: readonly Branch<T>[], options: FanOut): Promise<Outcome<T>> {
  const over = new AbortController();
  const settled = new Map<string, Settled<T>>();
  const waiting = branches[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const branch of waiting) settled.set(branch.name, await settle(branch, options, over.signal));
  };
  try {
    await Promise.all(Array.from({ length: Math.min(options.concurrency, branches.length) }, work));
  } finally {
    over.abort();
  }
  const results = new Map<string, T>();
  const failures = new Map<string, EcrError>();
  for (const { name } of branches) {
    const one = settled.get(name);
    if (one?.error !== undefined) failures.set(name, one.error);
    else if (one !== undefined) results.set(name, one.value);
  }
  return { results, failures };
}

type Settled<T> = { readonly value: T; readonly error?: undefined } | { readonly error: EcrError };

async function settle<T>(
  { name, region, run }: Branch<T>,
  { signal, timeoutMs, time }: FanOut,
  over: AbortSignal,
): Promise<Settled<T>> {
  const ended = new AbortController();
  const signals = [over, ended.signal, ...(signal === undefined ? [] : [signal])];
  const deadlineMs = timeoutMs === undefined ? undefined : time.now() + timeoutMs;
  const late = (): EcrError =>
    new EcrError(`${name} did not answer within ${timeoutMs} ms. Try again, or allow more time by timeoutMs.`, {
      kind: "Timeout",
      region,
    });
  try {
    if (signal?.aborted) throw signal.reason;
    return { value: await untilOver(run(AbortSignal.any(signals)), { signal, deadlineMs }, time, late) };
  } catch (error) {
    if (isEcrError(error)) return { error };
    if (signal?.aborted)
      return {
        error: new EcrError(`${name} was not asked to the end: the caller's signal aborted`, {
          kind: "Aborted",
          region,
          cause: signal.reason,
        }),
      };
    throw error;
  } finally {
    // What a place that is left behind still does is no use to anybody.
    ended.abort();
  }
}
