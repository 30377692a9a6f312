/** How loud a line is. */
export type LogLevel = "debug" | "info" | "warn";

/** Any logger of the shape of pino's. */
export interface Logger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** All that a line may say. */
export interface LogFields {
  /** An operation's AWS name. */
  readonly operation?: string | undefined;
  readonly service?: string | undefined;
  readonly region?: string | undefined;
  readonly access?: "read" | "write" | undefined;
  readonly durationMs?: number | undefined;
  /** The number of an attempt, from 1. */
  readonly attempt?: number | undefined;
  /** Requests that were sent. */
  readonly attempts?: number | undefined;
  readonly waitedMs?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** What the cache of answers did. */
  readonly cache?: string | undefined;
  /** What the token cache did. */
  readonly event?: string | undefined;
  /** The state that a circuit breaker is in now. */
  readonly state?: string | undefined;
  /** What went wrong, as an `EcrError` says it. Its message is no field, for it may quote the service. */
  readonly kind?: string | undefined;
  readonly category?: string | undefined;
  readonly requestId?: string | undefined;
  readonly trace_id?: string | undefined;
  readonly span_id?: string | undefined;
}

/** Writes a line: what happened, and fields of the ones that are allowed. */
export type LogStructured = (level: LogLevel, message: string, fields: LogFields) => void;

const FIELDS: readonly string[] = Object.keys({
  operation: true,
  service: true,
  region: true,
  access: true,
  durationMs: true,
  attempt: true,
  attempts: true,
  waitedMs: true,
  retryAfterMs: true,
  cache: true,
  event: true,
  state: true,
  kind: true,
  category: true,
  requestId: true,
  trace_id: true,
  span_id: true,
} satisfies Record<keyof LogFields, true>);

/** Of fields, those that a line may say, whatever else there is. */
export function allowedFields(fields: LogFields): Readonly<Record<string, unknown>> {
  const allowed: Record<string, unknown> = {};
  const given = fields as Readonly<Record<string, unknown>>;
  for (const name of FIELDS) if (given[name] !== undefined) allowed[name] = given[name];
  return allowed;
}

/** Writes through a logger of pino's shape. */
export const logTo =
  (logger: Logger): LogStructured =>
  (level, message, fields) =>
    logger[level](allowedFields(fields), message);
