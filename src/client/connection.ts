import { isEcrError } from "../errors.js";
import type { EndpointService } from "../protocol/endpoints.js";
import type { CircuitBreaker } from "../resilience/breaker.js";
import type { RateLimiter } from "../resilience/limiter.js";
import type { RetryCall } from "../resilience/retry.js";
import { inStep, type Step } from "../telemetry/pipeline-observer.js";
import { type AttemptParts, attempt } from "./attempt.js";
import { type CallScope, withinScope } from "./call-scope.js";
import { withCircuit } from "./circuit.js";
import { aborted } from "./error-mapper.js";
import { type Exchange, failedCall, type Run, startRun } from "./exchange.js";
import { withPermit } from "./permit.js";

/** Makes one attempt, or refuses to. */
export type Attempt = <Output>(run: Run<Output>) => Promise<Output>;

/** Calls `fn` until its outcome is final. `fn` is told the number of its call, from 1. */
export type Retry = <T>(fn: (attempt: number) => Promise<T>, call: RetryCall) => Promise<T>;

/** What a connection is made of. Each policy that is undefined is left out. */
export interface ConnectionParts extends Omit<AttemptParts, "clock"> {
  /** Undefined sends every call once. */
  readonly retry?: Retry | undefined;
  readonly breakerOf?: ((service: EndpointService) => CircuitBreaker) | undefined;
  readonly limiter?: RateLimiter | undefined;
  /** Whose rates the limiter counts. */
  readonly account?: string | undefined;
}

/** One region's pipeline: deadline ⊃ retry ⊃ (limiter → breaker → attempt → classify). */
export interface Connection {
  /** The operation's output. @throws {EcrError} for everything that can go wrong, and nothing else */
  send<Output>(exchange: Exchange<Output>, scope: CallScope, step?: Step): Promise<Output>;
}

/** A connection to one region. */
export function connect({ retry, ...rest }: ConnectionParts): Connection {
  const parts: AttemptParts = { ...rest, clock: { offsetMs: 0 } };
  const { credentials, place, time } = parts;
  const once = noted(policed(parts, rest));

  const waitFor = <T>(what: Promise<T>, run: Run<unknown>): Promise<T> =>
    withinScope(what, run.scope, time, () => failedCall(run, place.region));

  /** Before the tries, for keys that cannot be had are not looked for twice. */
  const checkKeys = (run: Run<unknown>): Promise<unknown> | undefined =>
    inStep(run.step, "checkToken", (step) =>
      credentials.current() === undefined
        ? inStep(step, "refreshToken", () => waitFor(credentials.get(), run))
        : undefined,
    );

  /** Before the one more try after a refusal: a wrong clock has been put right already, otherwise the keys are replaced. */
  const renew = async (run: Run<unknown>): Promise<void> => {
    if (run.clockWasWrong) return;
    await inStep(run.step, "refreshToken", () => waitFor(credentials.renew(run.keys), run));
  };

  return {
    async send<Output>(exchange: Exchange<Output>, scope: CallScope, step?: Step) {
      const { signal, deadlineMs } = scope;
      const run = startRun(exchange, scope, step);
      try {
        const keys = exchange.isUnsigned ? undefined : checkKeys(run);
        if (keys !== undefined) await keys;
        return await (retry === undefined
          ? once(run)
          : retry(() => once(run), { signal, deadlineMs, renew: () => renew(run) }));
      } catch (error) {
        if (signal?.aborted && !isEcrError(error)) throw aborted(signal.reason, failedCall(run, place.region));
        if (!run.answerLost || exchange.settle === undefined || !isEcrError(error)) throw error;
        // Whoever may not look learns of the error itself.
        const settled = await exchange.settle(error, { ...scope, fresh: true }).catch(() => undefined);
        if (settled === undefined) throw error;
        return settled;
      }
    },
  };
}

/** The attempt inside the policies that there are. */
function policed(
  parts: AttemptParts,
  { limiter, breakerOf, account = "own", place }: Omit<ConnectionParts, "retry">,
): Attempt {
  let once: Attempt = (run) => attempt(parts, run);
  if (breakerOf !== undefined) once = withCircuit(once, breakerOf, place.region);
  if (limiter !== undefined) once = withPermit(once, limiter, account, place.region);
  return once;
}

/** Keeps what an attempt failed with, and shows it to whoever watches. */
const noted =
  (next: Attempt): Attempt =>
  async (run) => {
    try {
      return await next(run);
    } catch (error) {
      run.lastError = error;
      if (isEcrError(error)) run.step?.note({ attempt: run.attempts, error });
      throw error;
    }
  };
