import type { Readable } from "node:stream";

/**
 * One HTTP request, in the shape of Smithy's `HttpRequest`, so that a bare AWS SDK client can use the same transports.
 * `path` is raw: percent-encoded as it is sent. `query` is decoded; a name without a value has `null`.
 */
export interface HttpRequest {
  readonly method: string;
  /** `http:` or `https:`. */
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  /** Names in any case: layers and ends compare them without case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
}

/** What a request may carry. A stream is read once. */
export type RequestBody = string | Uint8Array | AsyncIterable<Uint8Array>;

/** One HTTP response. Header names are in lower case. A body is never a string, which the AWS SDK's parser would not read. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly reason?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable | undefined;
}

/** How one request may be ended, both as in Smithy's `HttpHandlerOptions`, and followed. */
export interface HandleOptions {
  /** Ends the request when it aborts; the call then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal | undefined;
  /** Milliseconds until the response's headers must have come. */
  readonly requestTimeout?: number | undefined;
  /** Is called when the request is about to be sent a second time: the first may have reached the service, whose answer is lost. */
  readonly onResend?: (() => void) | undefined;
}

/**
 * The one seam: whatever can answer a signed AWS request is this and nothing more. Called once per attempt.
 * Not an interface: to those, TypeScript gives no index signature, and the AWS SDK's `requestHandler` would not take one.
 */
export type Transport = {
  handle(request: HttpRequest, options?: HandleOptions): Promise<{ response: HttpResponse }>;
  /** Frees what the transport holds: sockets, files. */
  destroy?(): void;
  /** True where nothing of AWS answers, so that a client need not keep to AWS's published rates. */
  readonly isLocal?: boolean | undefined;
};

/** Wraps a transport in another. */
export type Layer = (next: Transport) => Transport;

/** Puts layers round an end. The first layer listed is the outermost. */
export const stack = (end: Transport, ...layers: readonly Layer[]): Transport =>
  layers.reduceRight((next, layer) => layer(next), end);
