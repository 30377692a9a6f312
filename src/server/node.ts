import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { HttpRequest } from "../transport/transport.js";
import { createAccessLog, type LogSink } from "./access-log.js";
import type { App } from "./app.js";
import { type Connections, connectionsOf } from "./connections.js";
import type { Observation } from "./operation-log.js";
import { send } from "./socket-answer.js";
import { requestOf } from "./socket-request.js";
import { requireTls, type TlsOptions } from "./tls.js";
import type { Served, Traffic } from "./traffic.js";

export type { TlsOptions } from "./tls.js";

/** Options of {@link listen}. */
export interface ListenOptions {
  /** The address to bind. @default "127.0.0.1", which only this machine reaches */
  readonly host?: string | undefined;
  /** 0 takes any free port. @default 4580 */
  readonly port?: number | undefined;
  /** Speaks HTTPS with this certificate, and HTTPS only. Read once: a new one needs a new start. @default none: HTTP */
  readonly tls?: TlsOptions | undefined;
  /**
   * Where a line of JSON goes for each request that is over; see `AccessLogLine`. Requests do not wait for a sink that is slow: lines are left
   * out when four million characters wait, and a line with their number, `omitted`, says so. @default none
   */
  readonly accessLog?: LogSink | undefined;
}

/** A server that listens. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Where clients on this machine find it, such as `http://localhost:4580`. */
  readonly url: string;
  /**
   * Takes no new connections, lets the requests that are running end, and resolves when the last one has.
   * Those that have not ended after `graceMs` milliseconds (default 10,000), or when `signal` aborts, are cut off.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** How long requests that are running may take when a server closes. */
export interface CloseOptions {
  /** In milliseconds. @default 10,000 */
  readonly graceMs?: number | undefined;
  /** Ends the grace when it aborts. @default never */
  readonly signal?: AbortSignal | undefined;
}

/** How long a connection may idle. Longer than clients keep theirs, so that it is they who close and no request meets a closed socket. */
const KEEP_ALIVE_MS = 75_000;

/** How long a request's headers may take, in milliseconds; its body may take as long as it likes. */
const HEADERS_MS = 60_000;

/**
 * Puts an app on a socket: the only file of ecrkit that serves.
 *
 * @throws {EcrError} kind `InvalidParameter` when `tls` cannot be served with
 * @throws Node's own error, such as `EADDRINUSE`
 */
export async function listen(
  app: Pick<App, "handle">,
  { host = "127.0.0.1", port = 4580, tls, accessLog }: ListenOptions = {},
  traffic?: Traffic,
): Promise<Listening> {
  const log = accessLog && createAccessLog(accessLog);
  const told = [...(traffic ? [traffic] : []), ...(log ? [log] : [])];
  const server = await createNodeServer(tls);
  const connections = connectionsOf(server, tls !== undefined);
  for (const each of told) each.listening?.(connections.tally);
  const protocol = tls === undefined ? "http:" : "https:";
  let closing = false;
  const turn = turnsOf();
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse, continues: boolean): Promise<void> => {
    const abortSignal = leavingOf(incoming.socket);
    try {
      // A queue of pulls would hold a file and its buffers for each of them.
      if (outgoing.socket === null) await turnOf(outgoing);
      const request = requestOf(incoming, outgoing, { protocol, continues });
      const following = told.length === 0 ? undefined : follow(told, request, outgoing);
      const { response } = await app.handle(request, { abortSignal, onObserved: following?.onObserved });
      if (following) following.requestId = response.headers["x-amzn-requestid"];
      if (connections.areMany()) await turn();
      if (closing) outgoing.shouldKeepAlive = false;
      send(incoming, outgoing, response);
    } catch (error) {
      if (abortSignal.aborted) return;
      // A fault plan breaks the connection; the client sees what it would see of a network that did.
      if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return void incoming.socket.resetAndDestroy();
      // Not even an answer for a fault: all that is left is to end this one connection instead of the process.
      outgoing.destroy();
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  };
  server.on("request", (incoming, outgoing) => answer(incoming, outgoing, false));
  server.on("checkContinue", (incoming, outgoing) => answer(incoming, outgoing, true));
  await bound(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    host,
    port: address.port,
    url: `${protocol}//${isAnyOrLoopback(host) ? "localhost" : urlHost(host)}:${address.port}`,
    async close(options = {}) {
      closing = true;
      await closed(server, connections, options);
      await log?.close();
    },
  };
}

async function createNodeServer(tls: TlsOptions | undefined): Promise<Server> {
  const timeouts = { noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: 0 };
  if (tls === undefined) return createServer(timeouts);
  requireTls(tls);
  const https = await import("node:https");
  const [cert, key] = [tls.cert, tls.key].map((pem) => (typeof pem === "string" ? pem : Buffer.from(pem)));
  return https.createServer({ ...timeouts, cert, key });
}

const leaving = new WeakMap<Socket, AbortSignal>();

/** Aborts when the client has left, so that nobody waits for it. One for all requests of a connection, which costs them next to nothing. */
function leavingOf(socket: Socket): AbortSignal {
  const known = leaving.get(socket);
  if (known) return known;
  const left = new AbortController();
  socket.once("close", () => left.abort(new Error("the client has left")));
  leaving.set(socket, left.signal);
  return left.signal;
}

/** What becomes known of a request while it is answered. */
interface Following {
  requestId: string | undefined;
  observation: Observation | undefined;
  readonly onObserved: (observation: Observation) => void;
}

/** Tells of a request once it is over. */
function follow(told: readonly Traffic[], { method, path }: HttpRequest, outgoing: ServerResponse): Following {
  const startMs = performance.now();
  const { socket } = outgoing;
  const sentBefore = socket?.bytesWritten ?? 0;
  const known: Following = {
    requestId: undefined,
    observation: undefined,
    onObserved(observation) {
      known.observation = observation;
    },
  };
  for (const each of told) each.began?.();
  outgoing.once("close", () => {
    const served: Served = {
      method,
      path,
      status: outgoing.headersSent ? outgoing.statusCode : undefined,
      isWhole: outgoing.writableFinished,
      sentBytes: (socket?.bytesWritten ?? 0) - sentBefore,
      durationMs: performance.now() - startMs,
      requestId: known.requestId,
      observation: known.observation,
    };
    for (const each of told) each.served(served);
  });
  return known;
}

const bound = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });

function closed(server: Server, connections: Connections, { graceMs = 10_000, signal }: CloseOptions): Promise<void> {
  const cutOff = (): void => connections.cutOff();
  const timer = setTimeout(cutOff, graceMs);
  signal?.addEventListener("abort", cutOff, { once: true });
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cutOff);
      resolve();
    });
    connections.closeIdle();
    if (signal?.aborted) cutOff();
  });
}

/**
 * Resolves at the end of this turn of the event loop, for all who ask in it at once: a client that sleeps is woken by the first of the answers
 * that are then written, and not by each of them. With eight connections that makes a fifth more requests a second.
 */
function turnsOf(): () => Promise<void> {
  let end: Promise<void> | undefined;
  return () => {
    end ??= new Promise((resolve) => {
      setImmediate(() => {
        end = undefined;
        resolve();
      });
    });
    return end;
  };
}

/** Resolves when a request that was pipelined comes to its turn; when the client leaves before that, never. */
const turnOf = (outgoing: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    outgoing.once("socket", () => resolve());
  });

const isAnyOrLoopback = (host: string): boolean => ["127.0.0.1", "::1", "localhost", "0.0.0.0", "::"].includes(host);
const urlHost = (host: string): string => (host.includes(":") ? `[${host}]` : host);
