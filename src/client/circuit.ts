import { isEcrError } from "../errors.js";
import type { EndpointService } from "../protocol/endpoints.js";
import type { BreakerPass, CircuitBreaker } from "../resilience/breaker.js";
import type { Attempt } from "./connection.js";
import { failure } from "./error-mapper.js";
import { failedCall, type Run } from "./exchange.js";

/** Refuses attempts while the circuit of their service is open, and tells it how the others went. */
export const withCircuit =
  (next: Attempt, breakerOf: (service: EndpointService) => CircuitBreaker, region: string): Attempt =>
  async (run) => {
    const pass = enter(breakerOf(run.exchange.service), run, region);
    const before = run.attempts;
    try {
      const output = await next(run);
      pass.succeeded();
      return output;
    } catch (error) {
      pass[outcomeOf(error, run, run.attempts > before)]();
      throw error;
    }
  };

/** The refusal says which call it was that was not sent, and what made an earlier attempt of it fail. */
function enter(breaker: CircuitBreaker, run: Run<unknown>, region: string): BreakerPass {
  try {
    return breaker.enter();
  } catch (error) {
    if (!isEcrError(error)) throw error;
    const { kind, retryAfterMs } = error;
    throw failure(kind, error.message, failedCall(run, region), { retryAfterMs, cause: run.lastError });
  }
}

/** A caller that gives an attempt less time, in milliseconds, learns nothing about the service. */
const FAIR_ATTEMPT_MS = 1_000;

const FAILURES_OF_THE_SERVICE: ReadonlySet<string> = new Set(["ServiceUnavailable", "Connection", "Timeout"]);

/** Only failures of the service or of the way to it count, a key of AWS KMS not among them. Any other answer shows that it is there. */
function outcomeOf(error: unknown, { attemptMs }: Run<unknown>, wasSent: boolean): keyof BreakerPass {
  if (!wasSent || !isEcrError(error)) return "ignored";
  const isAnswer = error.service !== undefined;
  if (error.category !== "retryable" || !FAILURES_OF_THE_SERVICE.has(error.kind))
    return isAnswer ? "succeeded" : "ignored";
  return error.kind === "Timeout" && !isAnswer && attemptMs < FAIR_ATTEMPT_MS ? "ignored" : "failed";
}
