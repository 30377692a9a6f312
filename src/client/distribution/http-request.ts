import { EcrError } from "../../errors.js";
import type { Secret } from "../../secret.js";
import type { HttpRequest, HttpResponse, RequestBody, Transport } from "../../transport/transport.js";
import { version } from "../../version.js";

/** What a request carries. It is opened anew each time that the request is sent. */
export interface Content {
  readonly sizeBytes: number;
  open(): Exclude<RequestBody, string>;
}

/** One request to a URL. */
export interface UrlRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Goes to the URL itself, and along a redirect only where `isTrusted` says so. */
  readonly authorization?: Secret | undefined;
  readonly isTrusted?: ((url: URL) => boolean) | undefined;
  readonly content?: Content | undefined;
}

/** How one request is sent. */
export interface Sending {
  readonly transport: Transport;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one request until its answer's headers have come. */
  readonly timeoutMs: number;
  readonly onResend: () => void;
}

const USER_AGENT = `ecrkit/${version}`;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** ECR redirects once; a circle has no end. */
const MOST_REDIRECTS = 5;

/**
 * Sends a request, and follows where a GET or HEAD is redirected to. What the body of the last answer holds is not looked at.
 *
 * @throws whatever the transport rejects with, or an `EcrError` of kind `InvalidResponse` for a redirect that is not to be followed
 */
export async function sendTo(request: UrlRequest, sending: Sending): Promise<HttpResponse> {
  const { method, authorization, isTrusted = () => false } = request;
  let { url } = request;
  let isAuthorized = authorization !== undefined;
  for (let redirects = 0; ; redirects++) {
    const { response } = await sending.transport.handle(
      httpRequest({ ...request, url, authorization: isAuthorized ? authorization : undefined }),
      { abortSignal: sending.signal, requestTimeout: sending.timeoutMs, onResend: sending.onResend },
    );
    const { location } = response.headers;
    if (!REDIRECTS.has(response.statusCode) || location === undefined) return response;
    discard(response);
    if (method !== "GET" && method !== "HEAD") throw strangeRedirect("a request that writes was redirected");
    if (redirects === MOST_REDIRECTS) throw strangeRedirect(`it was redirected more than ${MOST_REDIRECTS} times`);
    url = redirectTarget(url, location);
    // A layer's URL says by itself who may read it, and whoever stands behind it has no business with the login.
    isAuthorized &&= isTrusted(url);
  }
}

function httpRequest({ method, url, headers, authorization, content }: UrlRequest): HttpRequest {
  const body = content?.open();
  return {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port === "" ? undefined : Number(url.port),
    path: url.pathname,
    query: queryOf(url),
    headers: {
      host: url.host,
      "user-agent": USER_AGENT,
      ...headers,
      ...(authorization !== undefined && { authorization: authorization.reveal() }),
      ...(content !== undefined && { "content-length": String(content.sizeBytes) }),
    },
    ...(body !== undefined && { body }),
  };
}

function queryOf({ searchParams }: URL): Record<string, string | readonly string[]> {
  const query: Record<string, string | readonly string[]> = {};
  for (const name of searchParams.keys()) {
    const [first = "", ...others] = searchParams.getAll(name);
    query[name] = others.length === 0 ? first : [first, ...others];
  }
  return query;
}

function redirectTarget(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw strangeRedirect("it was redirected to what is no URL");
  const url = new URL(location, from.href);
  const isDowngrade = from.protocol === "https:" && url.protocol !== "https:";
  if (isDowngrade || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw strangeRedirect(`it was redirected from ${from.protocol}// to ${url.protocol}//`);
  return url;
}

/** The URL is not told: whoever has it may read the layer. */
const strangeRedirect = (what: string): EcrError => new EcrError(what, { kind: "InvalidResponse" });

/** Lets go of a body that nobody reads. */
export function discard({ body }: HttpResponse): void {
  if (body === undefined || body instanceof Uint8Array) return;
  // Ended in the middle, it may say so; nobody is there to hear it.
  body.on("error", () => undefined);
  body.destroy();
}
