import { isEcrError } from "../errors.js";
import { type RetryPolicy, withRetry } from "../resilience/retry.js";
import { type AttemptParts, attempt } from "./attempt.js";
import { type CallScope, withinScope } from "./call-scope.js";
import { aborted } from "./error-mapper.js";
import { type Exchange, failedCall, type Run, startRun } from "./exchange.js";

/** What a connection is made of. */
export interface ConnectionParts extends Omit<AttemptParts, "clock"> {
  /** Undefined sends every call once. */
  readonly retry: RetryPolicy | undefined;
}

/** One region's pipeline: deadline ⊃ retry ⊃ (attempt → classify). */
export interface Connection {
  /** The operation's output. @throws {EcrError} for everything that can go wrong, and nothing else */
  send<Output>(exchange: Exchange<Output>, scope: CallScope): Promise<Output>;
}

/** A connection to one region. */
export function connect({ retry, ...rest }: ConnectionParts): Connection {
  const parts: AttemptParts = { ...rest, clock: { offsetMs: 0 } };
  const { credentials, place, time } = parts;

  const waitFor = <T>(what: Promise<T>, run: Run<unknown>): Promise<T> =>
    withinScope(what, run.scope, time, () => failedCall(run, place.region));

  /** Before the one more try after a refusal: a wrong clock has been put right already, otherwise the keys are replaced. */
  const renew = async (run: Run<unknown>): Promise<void> => {
    if (!run.clockWasWrong) await waitFor(credentials.renew(run.keys), run);
  };

  return {
    async send<Output>(exchange: Exchange<Output>, scope: CallScope) {
      const { signal, deadlineMs } = scope;
      const run = startRun(exchange, scope);
      try {
        // Before the tries, for keys that cannot be had are not looked for twice.
        if (credentials.current() === undefined) await waitFor(credentials.get(), run);
        const once = (): Promise<Output> => attempt(parts, run);
        return await (retry === undefined
          ? once()
          : withRetry(retry, once, { signal, deadlineMs, renew: () => renew(run) }));
      } catch (error) {
        if (signal?.aborted && !isEcrError(error)) throw aborted(signal.reason, failedCall(run, place.region));
        if (!run.answerLost || exchange.settle === undefined || !isEcrError(error)) throw error;
        // Whoever may not look learns of the error itself.
        const settled = await exchange.settle(error, scope).catch(() => undefined);
        if (settled === undefined) throw error;
        return settled;
      }
    },
  };
}
