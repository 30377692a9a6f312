import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Socket } from "node:net";
import { type Door, openDoors } from "./door.js";
import { isLostOnIdleSocket, type NetworkFailure } from "./network-failure.js";
import type { HandleOptions, HttpRequest, HttpResponse, RequestBody, Transport } from "./transport.js";
import { isReadWhole, timeoutError, wholeBody } from "./wire-answer.js";
import { isStream, namedHeaders, rawHeaders, requestTarget } from "./wire-request.js";

/** Options of {@link network}. */
export interface NetworkOptions {
  /** Opens and keeps the sockets, such as an agent of the platform's own; it serves both protocols. @default an own keep-alive agent for each protocol, by the proxies of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, with the certificates of `AWS_CA_BUNDLE` */
  readonly agent?: Agent | undefined;
  /** Milliseconds until a new connection must stand, its TLS handshake included. @default 5_000 */
  readonly connectTimeoutMs?: number | undefined;
}

/**
 * The end that talks to the network: `node:http` and `node:https`, loaded on first use, with sockets kept alive.
 * Answers of AWS's APIs (AWS JSON, XML) and bodies of at most 1 MiB arrive as one `Uint8Array`, others as a `Readable`.
 * `requestTimeout` runs, over both sendings, until the answer is handed over. An abort rejects with the signal's reason at any moment, and ends a `Readable` with it.
 * A request that a kept-alive socket lost before any byte came back is sent again, unless its body is a stream, and `onResend` is told;
 * nothing else is sent twice.
 * Failures reject as Node raised them, see {@link NetworkFailure}; a timeout is an error named `TimeoutError` with the code `ETIMEDOUT`.
 */
export function network({ agent, connectTimeoutMs = 5_000 }: NetworkOptions = {}): Transport {
  if (!(Number.isFinite(connectTimeoutMs) && connectTimeoutMs > 0))
    throw new RangeError(`\`connectTimeoutMs\` must be a number above 0, got \`${String(connectTimeoutMs)}\``);
  const doors = openDoors(agent, connectTimeoutMs);
  return {
    async handle(request, options = {}) {
      const opened = doors.of(request);
      const door = opened instanceof Promise ? await opened : opened;
      const startedMs = performance.now();
      for (;;) {
        try {
          return { response: await exchange(door, request, options, startedMs) };
        } catch (error) {
          // The server closed an idle socket while the request was on its way. Each such try uses up one of them, so this ends.
          if (!isLostOnIdleSocket(error) || isStream(request.body)) throw error;
          options.onResend?.();
        }
      }
    },
    destroy: doors.close,
  };
}

/** One request on one socket. Its time has been running since `startedMs`. */
function exchange(door: Door, request: HttpRequest, options: HandleOptions, startedMs: number): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { abortSignal, requestTimeout } = options;
    if (abortSignal?.aborted) return reject(abortSignal.reason);
    const outgoing = door.request(requestOptions(door, request));
    let incoming: IncomingMessage | undefined;
    const release = (): void => {
      clearTimeout(timer);
      socket.release();
      abortSignal?.removeEventListener("abort", onAbort);
    };
    const fail = (error: unknown): void => {
      release();
      reject(error);
    };
    const stop = (reason: unknown): void => {
      fail(reason);
      (incoming ?? outgoing).destroy(reason instanceof Error ? reason : new Error("aborted", { cause: reason }));
    };
    const onError = (error: Error): void => fail(socket.failureOf(error));
    const onAbort = (): void => stop(abortSignal?.reason);
    const socket = watchSocket(door, outgoing, (limitMs) => stop(timeoutError(request, "connected", limitMs)));
    const timer = requestTimeout
      ? setTimeout(
          () => stop(timeoutError(request, "answered", requestTimeout)),
          Math.ceil(startedMs + requestTimeout - performance.now()),
        )
      : undefined;
    abortSignal?.addEventListener("abort", onAbort, { once: true });
    outgoing.on("error", onError);
    outgoing.on("response", (message: IncomingMessage) => {
      incoming = message;
      message.on("error", onError);
      if (isReadWhole(request, { statusCode: message.statusCode ?? 0, headers: message.headers })) {
        const done = (body: Uint8Array): void => {
          release();
          resolve(responseOf(message, body));
        };
        return readWhole(request, message, done, stop);
      }
      clearTimeout(timer);
      message.on("end", release).on("close", release);
      resolve(responseOf(message, message));
    });
    send(outgoing, request.body, stop);
  });
}

const requestOptions = (door: Door, request: HttpRequest): RequestOptions => ({
  host: request.hostname.replace(/^\[|\]$/g, ""),
  port: request.port,
  method: request.method,
  path: requestTarget(request),
  headers: door.addsHeaders ? namedHeaders(request) : rawHeaders(request),
  agent: door.agent,
  ...(door.secureContext && { secureContext: door.secureContext }),
});

/** What the socket of a request has to say about its failure. */
interface SocketWatch {
  readonly failureOf: (error: Error) => NetworkFailure;
  readonly release: () => void;
}

/** Follows a request to its socket, which must be connected in time. */
function watchSocket(door: Door, outgoing: ClientRequest, onTimeout: (limitMs: number) => void): SocketWatch {
  const { connectTimeoutMs, connectedEvent } = door;
  let bytesReadBefore = 0;
  let timer: NodeJS.Timeout | undefined;
  outgoing.on("socket", (socket: Socket) => {
    bytesReadBefore = socket.bytesRead;
    if (!socket.connecting) return;
    timer = setTimeout(() => onTimeout(connectTimeoutMs), connectTimeoutMs);
    socket.once(connectedEvent, () => clearTimeout(timer));
  });
  return {
    failureOf(error) {
      const { reusedSocket, socket } = outgoing;
      return Object.assign(error, { reusedSocket, answerStarted: (socket?.bytesRead ?? 0) > bytesReadBefore });
    },
    release: () => clearTimeout(timer),
  };
}

function send(outgoing: ClientRequest, body: RequestBody | undefined, stop: (reason: unknown) => void): void {
  if (!isStream(body)) {
    outgoing.end(body);
    return;
  }
  const { pipeline } = process.getBuiltinModule("node:stream");
  pipeline(body, outgoing, (error) => {
    if (error) stop(error);
  });
}

function readWhole(
  request: HttpRequest,
  message: IncomingMessage,
  done: (body: Uint8Array) => void,
  stop: (reason: unknown) => void,
): void {
  const body = wholeBody(request);
  message.on("data", (chunk: Uint8Array) => {
    try {
      body.add(chunk);
    } catch (error) {
      stop(error);
    }
  });
  message.on("end", () => done(body.bytes()));
}

const responseOf = (message: IncomingMessage, body: Uint8Array | IncomingMessage): HttpResponse => ({
  statusCode: message.statusCode ?? 0,
  reason: message.statusMessage,
  headers: singleHeaders(message),
  body,
});

/** Node joins repeated headers itself, all but one. */
function singleHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const cookies = headers["set-cookie"];
  return (cookies ? { ...headers, "set-cookie": cookies.join(", ") } : headers) as Record<string, string>;
}
