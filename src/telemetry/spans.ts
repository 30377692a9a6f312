/** The names of all spans. `ecr.operation` is a call; the others are parts of it. */
export type SpanName =
  | "ecr.operation"
  | "ecr.auth.check_token"
  | "ecr.auth.refresh_token"
  | "ecr.request.build"
  | "ecr.request.execute"
  | "aws.sdk.sign_request"
  | "http.request"
  | "ecr.response.parse"
  | "ecr.metrics.emit";

/** What a span may say: names of operations, numbers and AWS's ids of requests. Nothing that a call is about, and no secret. */
export interface SpanAttributes {
  readonly "rpc.system.name"?: string | undefined;
  /** Service and operation, such as `ECR/PutImage`. */
  readonly "rpc.method"?: string | undefined;
  readonly "cloud.region"?: string | undefined;
  readonly "aws.request_id"?: string | undefined;
  /** The `kind` of an `EcrError`, or `_OTHER`. */
  readonly "error.type"?: string | undefined;
  readonly "http.response.status_code"?: number | undefined;
  /** How many attempts failed before this one; absent at the first. */
  readonly "http.request.resend_count"?: number | undefined;
  /** Requests that a call took. */
  readonly "ecr.attempts"?: number | undefined;
  /** What the cache did: `hit`, `stale` or `miss`. */
  readonly "ecr.cache"?: string | undefined;
  /** How long the rate limiter made a call wait. */
  readonly "ecr.limiter.wait_ms"?: number | undefined;
}

/** A span that has been started. */
export interface Span {
  /** False where the trace is not sampled: then no spans are started inside it, and nothing is set. */
  readonly isRecording: boolean;
  /** Ids for lines of a log, in hexadecimal; undefined where there is no trace. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  set(attributes: SpanAttributes): void;
  /** Marks it as failed. `errorType` becomes its `error.type`. */
  fail(errorType: string): void;
  end(): void;
  /** Runs work with this span as the active one, once, and gives back what that gives. */
  within<T>(work: () => T): T;
}

/** How a span is started. */
export interface SpanOptions {
  /** @default the active span */
  readonly parent?: Span | undefined;
  readonly attributes?: SpanAttributes | undefined;
}

/** Starts a span. Whoever starts it ends it. */
export type StartSpan = (name: SpanName, options: SpanOptions) => Span;

/** Those that go out to a service. The others stay inside the process. */
export const CLIENT_SPANS: ReadonlySet<SpanName> = new Set(["ecr.operation", "http.request"]);
