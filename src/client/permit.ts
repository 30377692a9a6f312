import { isEcrError } from "../errors.js";
import { callRegion } from "../protocol/endpoints.js";
import type { LimiterKey, RateLimiter } from "../resilience/limiter.js";
import type { Attempt } from "./connection.js";
import { failure } from "./error-mapper.js";
import { type Exchange, failedCall, type Run } from "./exchange.js";

/** Lets every attempt wait for its turn, and tells the limiter what the service thought of the pace. */
export function withPermit(next: Attempt, limiter: RateLimiter, account: string, region: string): Attempt {
  const keyOf = limiterKeys(account, region);
  return async (run) => {
    const key = keyOf(run.exchange);
    const turn = limiter.acquire(key, run.scope);
    if (turn !== 0) {
      const waitedMs = await turnOf(turn, run, region);
      run.step?.note({ waitedMs });
    }
    try {
      const output = await next(run);
      limiter.succeeded(key);
      return output;
    } catch (error) {
      if (isEcrError(error) && error.service !== undefined)
        error.kind === "Throttled" ? limiter.throttled(key) : limiter.succeeded(key);
      throw error;
    }
  };
}

/** One key for each operation, made once: a limiter may know it again by its identity. */
function limiterKeys(account: string, region: string): (exchange: Exchange<unknown>) => LimiterKey {
  const keys = new Map<string, LimiterKey>();
  return ({ service, operation }) => {
    const name = `${service}:${operation}`;
    const known = keys.get(name);
    if (known !== undefined) return known;
    const key = { account, region: callRegion(service, region), operation: name };
    keys.set(name, key);
    return key;
  };
}

/** A refusal of the limiter says which call it was that was not sent. */
async function turnOf(turn: Promise<number>, run: Run<unknown>, region: string): Promise<number> {
  try {
    return await turn;
  } catch (error) {
    if (!isEcrError(error)) throw error;
    const { kind, category, retryAfterMs } = error;
    throw failure(kind, error.message, failedCall(run, region), { category, retryAfterMs, cause: run.lastError });
  }
}
