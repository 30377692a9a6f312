import { isEcrError } from "../../errors.js";
import type { CircuitBreaker } from "../../resilience/breaker.js";
import type { LimiterKey, RateLimiter } from "../../resilience/limiter.js";
import { type RegistryRun, refusedBy } from "./registry-call.js";
import type { Wire } from "./wire.js";

/** Runs an attempt inside the policies that the wire has: limiter → breaker → attempt. */
export type Policed = <T>(wire: Wire, run: RegistryRun, work: () => Promise<T>) => Promise<T>;

/** The policies of one registry's requests. */
export function policed(): Policed {
  const keys = new Map<string, LimiterKey>();
  return (wire, run, work) => {
    const { breakerOf, limiter } = wire;
    const guarded = breakerOf === undefined ? work : () => withCircuit(breakerOf(run.service), run, work);
    return limiter === undefined ? guarded() : withPermit(limiter, keyOf(keys, wire, run), run, guarded);
  };
}

/** One key for each operation, made once: a limiter may know it again by its identity. */
function keyOf(
  keys: Map<string, LimiterKey>,
  { account = "own" }: Wire,
  { service, region, call }: RegistryRun,
): LimiterKey {
  const operation = `${service}:${call.operation}`;
  const known = keys.get(operation);
  if (known !== undefined) return known;
  const key = { account, region, operation };
  keys.set(operation, key);
  return key;
}

async function withPermit<T>(
  limiter: RateLimiter,
  key: LimiterKey,
  run: RegistryRun,
  work: () => Promise<T>,
): Promise<T> {
  const turn = limiter.acquire(key, run.scope);
  if (turn !== 0) {
    const waitedMs = await turn.catch((error) => {
      throw isEcrError(error) ? refusedBy(error, run) : error;
    });
    run.step?.note({ waitedMs });
  }
  try {
    const output = await work();
    limiter.succeeded(key);
    return output;
  } catch (error) {
    if (isEcrError(error) && error.service !== undefined)
      error.kind === "Throttled" ? limiter.throttled(key) : limiter.succeeded(key);
    throw error;
  }
}

async function withCircuit<T>(breaker: CircuitBreaker, run: RegistryRun, work: () => Promise<T>): Promise<T> {
  try {
    return await breaker.run(work);
  } catch (error) {
    throw isEcrError(error, "CircuitOpen") && error.operation === undefined ? refusedBy(error, run) : error;
  }
}
