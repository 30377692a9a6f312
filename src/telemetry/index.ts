/** The subpath `ecrkit/telemetry`: what a client measures, traces and writes down, for code of your own. Takes the package `@opentelemetry/api`. */
export { logStructured } from "./log-structured.js";
export {
  type EmitMetric,
  type MetricAttribute,
  type MetricAttributes,
  type MetricDescription,
  type MetricName,
  metrics,
} from "./metrics.js";
export { emitMetric, startSpan } from "./open-telemetry.js";
export type { Span, SpanAttributes, SpanName, SpanOptions, StartSpan } from "./spans.js";
export type { LogFields, LogLevel, LogStructured } from "./structured-log.js";
