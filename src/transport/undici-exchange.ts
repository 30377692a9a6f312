import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { NetworkFailure } from "./network-failure.js";
import type { HandleOptions, HttpRequest, HttpResponse } from "./transport.js";
import { originOf, type Place } from "./undici-sockets.js";
import { isReadWhole, timeoutError, type WholeBody, wholeBody } from "./wire-answer.js";
import { isStream, rawHeaders, requestTarget } from "./wire-request.js";

/** One request in one place. Its time has been running since `startedMs`. */
export function exchange(
  place: Place,
  request: HttpRequest,
  { abortSignal, requestTimeout }: HandleOptions,
  startedMs: number,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let whole: WholeBody | undefined;
    let stream: Readable | undefined;
    let response: HttpResponse | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    let used: ReturnType<Place["begin"]> | undefined;
    let over = false;

    const end = (): void => {
      over = true;
      clearTimeout(timer);
      abortSignal?.removeEventListener("abort", onAbort);
    };
    /** Ends it from this side: the caller is told at once, the socket is closed. */
    const stop = (reason: unknown): void => {
      if (over) return;
      end();
      const error = reason instanceof Error ? reason : new Error("aborted", { cause: reason });
      if (stream === undefined) reject(reason);
      else stream.destroy(error);
      controller?.abort(error);
      place.discard(error);
    };
    const onAbort = (): void => stop(abortSignal?.reason);
    const onLate = (): void => stop(timeoutError(request, "answered", requestTimeout ?? 0));
    const timer = requestTimeout
      ? setTimeout(onLate, Math.ceil(startedMs + requestTimeout - performance.now()))
      : undefined;
    abortSignal?.addEventListener("abort", onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        used = place.begin();
        if (over) started.abort(new Error("given up"));
      },
      onResponseStart(_, statusCode, headers, reason) {
        if (statusCode < 200 || over) return;
        response = { statusCode, reason, headers: singleHeaders(headers) };
        if (isReadWhole(request, { statusCode, headers })) {
          whole = wholeBody(request);
          return;
        }
        clearTimeout(timer);
        stream = readable(() => controller, stop);
        resolve({ ...response, body: stream });
      },
      onResponseData(started, chunk) {
        if (over) return;
        try {
          if (whole) whole.add(chunk);
          else if (stream && !stream.push(chunk)) started.pause();
        } catch (error) {
          stop(error);
        }
      },
      onResponseEnd() {
        if (over) return;
        end();
        place.release();
        if (stream) stream.push(null);
        else if (response) resolve({ ...response, body: whole?.bytes() });
      },
      onResponseError(_, error) {
        if (over) return;
        end();
        place.discard(error);
        const failure = failureOf(error, request, place, used);
        if (stream) stream.destroy(failure);
        else reject(failure);
      },
    };
    place.dispatcher.dispatch(dispatchOptions(request), handler);
  });
}

function dispatchOptions(request: HttpRequest): Dispatcher.DispatchOptions {
  const { body } = request;
  return {
    origin: originOf(request),
    path: requestTarget(request),
    method: request.method as Dispatcher.HttpMethod,
    headers: rawHeaders(request),
    body: isStream(body) && !(body instanceof Readable) ? Readable.from(body) : (body ?? null),
  };
}

/** A body that is handed over as it comes, no faster than it is read. Whoever destroys it ends the request. */
const readable = (
  controller: () => Dispatcher.DispatchController | undefined,
  stop: (reason: Error) => void,
): Readable =>
  new Readable({
    highWaterMark: 64 * 1024,
    read: () => controller()?.resume(),
    destroy(error, done) {
      stop(error ?? new Error("nobody reads the answer any more"));
      done(error);
    },
  });

/** Node joins repeated headers into one text; undici gives lists. */
function singleHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  const single: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) single[name] = typeof value === "string" ? value : value.join(", ");
  }
  return single;
}

/** undici's error, with what the network end says of its own; one that timed out while it connected as Node's own. */
function failureOf(
  error: Error & { readonly code?: string },
  request: HttpRequest,
  { connectTimeoutMs }: Place,
  used: ReturnType<Place["begin"]> | undefined,
): NetworkFailure {
  const isLate = error.code === "UND_ERR_CONNECT_TIMEOUT";
  return Object.assign(isLate ? timeoutError(request, "connected", connectTimeoutMs) : error, {
    ...(error.code === "UND_ERR_SOCKET" && { code: "ECONNRESET" }),
    reusedSocket: used?.reusedSocket ?? false,
    answerStarted: used?.answerStarted() ?? false,
  });
}
