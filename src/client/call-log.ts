import { isEcrError } from "../errors.js";
import type { Time } from "../time.js";
import type { ObservedCall, PipelineObserver, Step } from "./pipeline-events.js";

/** Any logger of the shape of pino's. */
export interface Logger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Waits for the limiter that are worth a line, in milliseconds. */
const LONG_WAIT_MS = 1_000;

/** Writes down what a client does: calls and their failures at `debug`, long waits at `info`, what makes a person look at `warn`. */
export function callLog(logger: Logger, time: Time): PipelineObserver {
  return {
    async call(call, work) {
      const startMs = time.now();
      const durationMs = (): number => time.now() - startMs;
      try {
        const output = await work(stepLog(logger, call));
        logger.debug({ ...call, durationMs: durationMs() }, "ecr call done");
        return output;
      } catch (error) {
        const level = isEcrError(error) && error.category !== "terminal" ? "warn" : "debug";
        logger[level]({ ...call, durationMs: durationMs(), ...errorFields(error) }, "ecr call failed");
        throw error;
      }
    },
    token: (event, region) => logger.debug({ event, region }, "ecr registry token"),
    circuit: (state, service, region) => logger.warn({ state, service, region }, "ecr circuit breaker"),
  };
}

function stepLog(logger: Logger, call: ObservedCall): Step {
  const log: Step = {
    step: (_, work) => work(log),
    note({ attempt, error, waitedMs }) {
      if (error !== undefined) logger.debug({ ...call, attempt, ...errorFields(error) }, "ecr attempt failed");
      if (waitedMs !== undefined && waitedMs >= LONG_WAIT_MS)
        logger.info({ ...call, waitedMs }, "ecr call waited for the rate limiter");
    },
  };
  return log;
}

/** Of an error, what can hold no secret: not its message, which may quote the service. */
const errorFields = (error: unknown): Readonly<Record<string, unknown>> => {
  if (!isEcrError(error)) return { kind: "unknown" };
  const { kind, category, requestId, attempts, retryAfterMs } = error;
  return { kind, category, requestId, attempts, ...(retryAfterMs !== undefined && { retryAfterMs }) };
};
