import type { Time } from "../time.js";
import { logCall, logFacts } from "./call-log.js";
import { type CallFailure, emitCall, emitCircuit, emitToken } from "./call-metrics.js";
import { type CallRecord, errorTypeOf, keepFacts, methodOf, startRecord } from "./call-record.js";
import { harmless } from "./harmless.js";
import type { EmitMetric } from "./metrics.js";
import type { ObservedCall, PipelineObserver, Step, StepName } from "./pipeline-observer.js";
import type { Span, SpanAttributes, SpanName, StartSpan } from "./spans.js";
import { type Logger, type LogStructured, logTo } from "./structured-log.js";

/** What {@link watch} works with. What is undefined is left out. */
export interface WatchParts {
  readonly emitMetric?: EmitMetric | undefined;
  readonly startSpan?: StartSpan | undefined;
  readonly logger?: Logger | LogStructured | undefined;
  readonly time: Time;
}

const SPAN_OF_STEP: Readonly<Record<StepName, SpanName>> = {
  build: "ecr.request.build",
  checkToken: "ecr.auth.check_token",
  refreshToken: "ecr.auth.refresh_token",
  execute: "ecr.request.execute",
  sign: "aws.sdk.sign_request",
  http: "http.request",
  parse: "ecr.response.parse",
};

/** The same with what may fail made harmless. */
interface Watcher extends Pick<WatchParts, "emitMetric" | "time"> {
  readonly log: LogStructured | undefined;
  readonly startSpan: ((...args: Parameters<StartSpan>) => Span | undefined) | undefined;
  readonly setSpan: (span: Span, attributes: SpanAttributes) => void;
  readonly endSpan: (span: Span, failure?: CallFailure) => void;
}

const watcherOf = ({ emitMetric, startSpan, logger, time }: WatchParts): Watcher => ({
  time,
  emitMetric: emitMetric && harmless("emitMetric", emitMetric),
  log: logger && harmless("the logger", typeof logger === "function" ? logger : logTo(logger)),
  startSpan: startSpan && harmless("startSpan", startSpan),
  setSpan: harmless("a span", (span, attributes) => span.set(attributes)),
  endSpan: harmless("a span", (span, failure) => {
    if (failure !== undefined) span.fail(errorTypeOf(failure.error));
    span.end();
  }),
});

/** Whoever turns what happens in a client into measurements, spans and lines. Whatever those do, the calls go on. */
export function watch(given: WatchParts): PipelineObserver {
  const parts = watcherOf(given);
  const circuits = new Set<string>();
  const circuit: PipelineObserver["circuit"] = (state, service, region) => {
    circuits.add(`${service} ${region}`);
    if (parts.emitMetric) emitCircuit(parts.emitMetric, state, service, region);
  };
  return {
    call(call, work) {
      // A gauge that is there only once it is bad tells nothing.
      if (!circuits.has(`${call.service} ${call.region}`)) circuit("closed", call.service, call.region);
      return watchCall(parts, call, work);
    },
    token(event, region) {
      if (parts.emitMetric) emitToken(parts.emitMetric, event, region);
      parts.log?.("debug", "ecr registry token", { event, region });
    },
    refreshToken(work) {
      const span = parts.startSpan?.("ecr.auth.refresh_token", {});
      return span === undefined ? work() : inSpan(parts, span, work);
    },
    circuit(state, service, region) {
      circuit(state, service, region);
      parts.log?.("warn", "ecr circuit breaker", { state, service, region });
    },
  };
}

async function watchCall<T>(parts: Watcher, call: ObservedCall, work: (step: Step) => Promise<T>): Promise<T> {
  const record = startRecord(call, parts.time.now());
  const span = parts.startSpan?.("ecr.operation", {
    attributes: { "rpc.system.name": "aws-api", "rpc.method": methodOf(call), "cloud.region": call.region },
  });
  const run = (): Promise<T> => work(stepIn(parts, record, span));
  try {
    const output = await (span === undefined ? run() : span.within(run));
    endCall(parts, record, span, undefined);
    return output;
  } catch (error) {
    endCall(parts, record, span, { error });
    throw error;
  }
}

function endCall(parts: Watcher, record: CallRecord, span: Span | undefined, failure: CallFailure | undefined) {
  const { emitMetric, startSpan, log, time } = parts;
  const endMs = time.now();
  if (emitMetric !== undefined) {
    const emitting = span?.isRecording ? startSpan?.("ecr.metrics.emit", { parent: span }) : undefined;
    emitCall(emitMetric, record, failure, endMs);
    if (emitting !== undefined) parts.endSpan(emitting);
  }
  if (log !== undefined) logCall(log, record, failure, endMs, span);
  if (span === undefined) return;
  if (span.isRecording)
    parts.setSpan(span, {
      "aws.request_id": record.requestId,
      "ecr.attempts": record.attempts,
      "ecr.cache": record.cache,
      "ecr.limiter.wait_ms": record.waitedMs > 0 ? record.waitedMs : undefined,
    });
  parts.endSpan(span, failure);
}

/** A part of a call, or all of it, with its own span where the trace is recorded. */
function stepIn(parts: Watcher, record: CallRecord, span: Span | undefined): Step {
  const { startSpan, time, log } = parts;
  const step: Step = {
    step(name, work) {
      if (name === "execute") record.attempts++;
      const child = span?.isRecording ? startSpan?.(SPAN_OF_STEP[name], { parent: span }) : undefined;
      if (name === "http" && record.errors.length > 0 && child !== undefined)
        parts.setSpan(child, { "http.request.resend_count": record.errors.length });
      const startMs = time.now();
      const measured = (): ReturnType<typeof work> => {
        const result = work(child === undefined ? step : stepIn(parts, record, child));
        if (name === "http") whenOver(result, () => record.latenciesMs.push(time.now() - startMs));
        return result;
      };
      return child === undefined ? measured() : inSpan(parts, child, measured);
    },
    note(facts) {
      keepFacts(record, facts);
      const { status, requestId } = facts;
      if (status !== undefined && span?.isRecording)
        parts.setSpan(span, { "http.response.status_code": status, "aws.request_id": requestId });
      if (log !== undefined) logFacts(log, record, facts, span);
    },
  };
  return step;
}

/** Runs work in a span and ends that with it, however it ends. */
function inSpan<T>({ endSpan }: Watcher, span: Span, work: () => T): T {
  let result: T;
  try {
    result = span.within(work);
  } catch (error) {
    endSpan(span, { error });
    throw error;
  }
  whenOver(
    result,
    () => endSpan(span),
    (error) => endSpan(span, { error }),
  );
  return result;
}

/** Is told when a result has come, at once where it is no promise. Whoever else waits for it learns of its failure as ever. */
function whenOver(result: unknown, over: () => void, failed: (error: unknown) => void = over): void {
  if (result instanceof Promise) result.then(over, failed);
  else over();
}
