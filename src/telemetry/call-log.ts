import { isEcrError } from "../errors.js";
import type { CallFailure } from "./call-metrics.js";
import type { CallRecord } from "./call-record.js";
import type { StepFacts } from "./pipeline-observer.js";
import type { Span } from "./spans.js";
import type { LogFields, LogLevel, LogStructured } from "./structured-log.js";

/** Waits for the limiter that are worth a line, in milliseconds. */
const LONG_WAIT_MS = 1_000;

/** Writes down that a call is over: failures that are no answer to a mistake of the caller at `warn`. */
export function logCall(
  log: LogStructured,
  { call, startMs, cache }: CallRecord,
  failure: CallFailure | undefined,
  endMs: number,
  span: Span | undefined,
): void {
  const fields = { ...call, durationMs: endMs - startMs, cache, ...traceOf(span) };
  if (failure === undefined) log("debug", "ecr call done", fields);
  else log(levelOf(failure), "ecr call failed", { ...fields, ...errorFields(failure.error) });
}

/** Writes down what becomes known while a call runs, where it is worth a line. */
export function logFacts(
  log: LogStructured,
  { call }: CallRecord,
  { attempt, error, waitedMs }: StepFacts,
  span: Span | undefined,
): void {
  if (error !== undefined)
    log("debug", "ecr attempt failed", { ...call, attempt, ...errorFields(error), ...traceOf(span) });
  if (waitedMs !== undefined && waitedMs >= LONG_WAIT_MS)
    log("info", "ecr call waited for the rate limiter", { ...call, waitedMs, ...traceOf(span) });
}

const levelOf = ({ error }: CallFailure): LogLevel =>
  isEcrError(error) && error.category !== "terminal" ? "warn" : "debug";

const traceOf = (span: Span | undefined): LogFields =>
  span?.traceId === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };

/** Of an error, what can hold no secret: not its message, which may quote the service. */
const errorFields = (error: unknown): LogFields => {
  if (!isEcrError(error)) return { kind: "unknown" };
  const { kind, category, requestId, attempts, retryAfterMs } = error;
  return { kind, category, requestId, attempts, retryAfterMs };
};
