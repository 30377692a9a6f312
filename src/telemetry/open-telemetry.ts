// Loads @opentelemetry/api, which is an optional peer: a client imports this file once an SDK is registered.
import {
  type Attributes,
  type Context,
  context,
  type MeterProvider,
  type Span as OtelSpan,
  metrics as otelMetrics,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { EcrError } from "../errors.js";
import { type MetricAttributes, type MetricDescription, type MetricName, metrics } from "./metrics.js";
import { CLIENT_SPANS, type Span, type SpanAttributes, type SpanName, type SpanOptions } from "./spans.js";

/** Replaced by the build. `version.ts` is not imported: shared with this file, it would be one more file for every process to load. */
declare const ECRKIT_VERSION: string | undefined;

/** What measurements and spans are said to be of. */
const SCOPE = "ecrkit";
const version: string = typeof ECRKIT_VERSION === "string" ? ECRKIT_VERSION : "0.0.0-source";

/** Takes a measurement, as an instrument of one SDK. */
type Instrument = (value: number, attributes: Attributes) => void;

let provider: MeterProvider | undefined;
let instruments = new Map<MetricName, Instrument>();

/**
 * Takes one measurement by the OpenTelemetry SDK that is registered; without one it goes nowhere. Attributes that the measure does not
 * have are left out.
 *
 * @throws {EcrError} kind `InvalidParameter` when there is no measure of this name, or the value is no number or, for a counter, below 0
 */
export function emitMetric(name: MetricName, value: number, attributes: MetricAttributes = {}): void {
  const description = descriptionOf(name);
  if (!Number.isFinite(value) || (value < 0 && description.type === "counter"))
    throw new EcrError(`${name} takes a number${description.type === "counter" ? " from 0 up" : ""}, got ${value}`, {
      kind: "InvalidParameter",
    });
  const current = otelMetrics.getMeterProvider();
  if (current !== provider) {
    provider = current;
    instruments = new Map();
  }
  let record = instruments.get(name);
  if (record === undefined) {
    record = createInstrument(current, name, description);
    instruments.set(name, record);
  }
  record(value, allowed(description, attributes));
}

function descriptionOf(name: MetricName): MetricDescription {
  if (Object.hasOwn(metrics, name)) return metrics[name];
  throw new EcrError(`${String(name)} is no measure of ecrkit, which has ${Object.keys(metrics).join(", ")}`, {
    kind: "InvalidParameter",
  });
}

function createInstrument(meters: MeterProvider, name: MetricName, description: MetricDescription): Instrument {
  const meter = meters.getMeter(SCOPE, version);
  const { type, unit, buckets } = description;
  const options = { unit, description: description.description };
  if (type === "counter") {
    const counter = meter.createCounter(name, options);
    return (value, attributes) => counter.add(value, attributes);
  }
  const instrument =
    type === "gauge"
      ? meter.createGauge(name, options)
      : meter.createHistogram(name, {
          ...options,
          ...(buckets && { advice: { explicitBucketBoundaries: [...buckets] } }),
        });
  return (value, attributes) => instrument.record(value, attributes);
}

function allowed(description: MetricDescription, given: MetricAttributes): Attributes {
  const attributes: Attributes = {};
  for (const name of description.attributes) {
    const value = given[name];
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}

/** Where each span stands, for those inside it. */
const contexts = new WeakMap<Span, Context>();

/** Starts a span by the OpenTelemetry SDK that is registered, inside its parent or else the active span; without one it is not recorded. */
export function startSpan(name: SpanName, { parent, attributes = {} }: SpanOptions = {}): Span {
  const outside = (parent && contexts.get(parent)) ?? context.active();
  const kind = CLIENT_SPANS.has(name) ? SpanKind.CLIENT : SpanKind.INTERNAL;
  const started = trace.getTracer(SCOPE, version).startSpan(name, { kind, attributes: set(attributes) }, outside);
  const inside = trace.setSpan(outside, started);
  const span = spanOver(started, inside);
  contexts.set(span, inside);
  return span;
}

function spanOver(started: OtelSpan, inside: Context): Span {
  const { traceId, spanId } = started.spanContext();
  const isTraced = trace.isSpanContextValid(started.spanContext());
  return {
    isRecording: started.isRecording(),
    traceId: isTraced ? traceId : undefined,
    spanId: isTraced ? spanId : undefined,
    set: (attributes) => void started.setAttributes(set(attributes)),
    fail(errorType) {
      started.setAttribute("error.type", errorType);
      started.setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => started.end(),
    within: (work) => context.with(inside, work),
  };
}

const SPAN_ATTRIBUTES: readonly (keyof SpanAttributes)[] = [
  "rpc.system.name",
  "rpc.method",
  "cloud.region",
  "aws.request_id",
  "error.type",
  "http.response.status_code",
  "http.request.resend_count",
  "ecr.attempts",
  "ecr.cache",
  "ecr.limiter.wait_ms",
];

/** Of attributes, those that a span may have and that are there. */
function set(given: SpanAttributes): Attributes {
  const attributes: Attributes = {};
  for (const name of SPAN_ATTRIBUTES) {
    const value = given[name];
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}
