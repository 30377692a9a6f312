import { trace } from "@opentelemetry/api";
import { allowedFields, type LogFields, type LogLevel } from "./structured-log.js";

/**
 * Writes a line of JSON to standard error, with the ids of the active trace where there is one and the fields give none. Fields that a
 * line may not have are left out.
 */
export function logStructured(level: LogLevel, message: string, fields: LogFields = {}): void {
  const span = trace.getActiveSpan()?.spanContext();
  const ids = span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
  const line = { time: new Date().toISOString(), level, msg: message, ...allowedFields({ ...ids, ...fields }) };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
