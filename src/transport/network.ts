import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Socket } from "node:net";
import type { HandleOptions, HttpRequest, HttpResponse, RequestBody, Transport } from "./transport.js";
import { rawHeaders, requestTarget } from "./wire-request.js";

/** Options of {@link network}. */
export interface NetworkOptions {
  /** Opens and keeps the sockets, such as an agent for a proxy; it serves both protocols. @default an own keep-alive agent for each protocol */
  readonly agent?: Agent | undefined;
  /** Milliseconds until a new connection must stand, its TLS handshake included. @default 5_000 */
  readonly connectTimeoutMs?: number | undefined;
}

/** What {@link network} adds to an error that ended a request on its socket. Its `code`, such as `ECONNRESET`, is Node's own. */
export interface NetworkFailure extends Error {
  readonly code?: string;
  /** Whether the request went out on a socket that had served others before. */
  readonly reusedSocket: boolean;
  /** Whether any byte of the answer had come. */
  readonly answerStarted: boolean;
}

/** The largest body that is handed over whole although it is no answer of an AWS API, in bytes. */
const WHOLE_BODY_BYTES = 1024 * 1024;

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
  const doors = new Map<string, Door>();
  const doorOf = (protocol: string): Door => {
    const known = doors.get(protocol);
    if (known) return known;
    const door = openDoor(protocol, agent, connectTimeoutMs);
    doors.set(protocol, door);
    return door;
  };
  return {
    async handle(request, options = {}) {
      const door = doorOf(request.protocol);
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
    destroy() {
      if (!agent) for (const door of doors.values()) door.agent.destroy();
      doors.clear();
    },
  };
}

/** One protocol: how its requests are made, over which sockets, and when a socket is ready. */
interface Door {
  readonly request: (options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
  readonly connectedEvent: "connect" | "secureConnect";
  readonly connectTimeoutMs: number;
}

function openDoor(protocol: string, agent: Agent | undefined, connectTimeoutMs: number): Door {
  if (protocol !== "http:" && protocol !== "https:")
    throw new TypeError(`\`protocol\` must be \`http:\` or \`https:\`, got \`${protocol}\``);
  // Not an import: a process that never calls does not load them.
  const { request, Agent } = process.getBuiltinModule(protocol === "http:" ? "node:http" : "node:https");
  return {
    request,
    agent: agent ?? new Agent({ keepAlive: true }),
    connectedEvent: protocol === "http:" ? "connect" : "secureConnect",
    connectTimeoutMs,
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
      if (isReadWhole(request, message)) {
        readWhole(message, (body) => {
          release();
          resolve(responseOf(message, body));
        });
        return;
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
  headers: rawHeaders(request),
  agent: door.agent,
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

const isStream = (body: RequestBody | undefined): body is AsyncIterable<Uint8Array> =>
  body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);

function isReadWhole({ method }: HttpRequest, { headers, statusCode }: IncomingMessage): boolean {
  if (method === "HEAD" || statusCode === 204 || statusCode === 304) return true;
  const length = headers["content-length"];
  if (length !== undefined && Number(length) <= WHOLE_BODY_BYTES) return true;
  const type = headers["content-type"] ?? "";
  return type.startsWith("application/x-amz-json") || type.startsWith("text/xml");
}

function readWhole(message: IncomingMessage, done: (body: Uint8Array) => void): void {
  const chunks: Uint8Array[] = [];
  message.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  message.on("end", () => {
    const [first] = chunks;
    done(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks));
  });
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

function isLostOnIdleSocket(error: unknown): boolean {
  const { code, reusedSocket, answerStarted } = error as Partial<NetworkFailure>;
  return reusedSocket === true && answerStarted === false && (code === "ECONNRESET" || code === "EPIPE");
}

/** Like Node's own, an error of connecting says so in `syscall`: then nothing was sent. */
const timeoutError = ({ method, hostname }: HttpRequest, what: "connected" | "answered", limitMs: number): Error =>
  Object.assign(new Error(`${method} to ${hostname} was not ${what} within ${limitMs} ms`), {
    name: "TimeoutError",
    code: "ETIMEDOUT",
    ...(what === "connected" && { syscall: "connect" }),
  });
