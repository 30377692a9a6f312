import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { pipeline, Readable } from "node:stream";
import type { CopyableStream } from "../registry/file-stream.js";
import type { HttpRequest, HttpResponse, RequestBody, Transport } from "../transport/transport.js";
import { parseQuery } from "./query.js";

/** Options of {@link listen}. */
export interface ListenOptions {
  /** The address to bind. @default "127.0.0.1", which only this machine reaches */
  readonly host?: string | undefined;
  /** 0 takes any free port. @default 4580 */
  readonly port?: number | undefined;
}

/** A server that listens. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Where clients on this machine find it, such as `http://localhost:4580`. */
  readonly url: string;
  /**
   * Takes no new connections, lets the requests that are running end, and resolves when the last one has.
   * Those that have not ended after `graceMs` milliseconds (default 10,000) are cut off.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/** How much of a body that nobody wants is read away, in bytes, so that the client sees the answer; then the connection is closed. */
const DRAIN_BYTES = 1024 * 1024;

/** How long that may take, in milliseconds. */
const DRAIN_MS = 2_000;

/** How long a connection may idle. Longer than clients keep theirs, so that it is they who close and no request meets a closed socket. */
const KEEP_ALIVE_MS = 75_000;

/** How long a request's headers may take, in milliseconds; its body may take as long as it likes. */
const HEADERS_MS = 60_000;

/** Puts a transport on a socket: the only file of ecrkit that serves. @throws Node's own error, such as `EADDRINUSE` */
export async function listen(
  app: Transport,
  { host = "127.0.0.1", port = 4580 }: ListenOptions = {},
): Promise<Listening> {
  let closing = false;
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse, continues: boolean): Promise<void> => {
    const abortSignal = leavingOf(incoming.socket);
    try {
      // A queue of pulls would hold a file and its buffers for each of them.
      if (outgoing.socket === null) await turnOf(outgoing);
      const { response } = await app.handle(requestOf(incoming, outgoing, continues), { abortSignal });
      if (closing) outgoing.shouldKeepAlive = false;
      if (incoming.complete) send(outgoing, response);
      else refuseEarly(incoming, outgoing, response);
    } catch (error) {
      if (abortSignal.aborted) return;
      // A fault plan breaks the connection; the client sees what it would see of a network that did.
      if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return void incoming.socket.resetAndDestroy();
      // Not even an answer for a fault: all that is left is to end this one connection instead of the process.
      outgoing.destroy();
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  };
  const server = createServer({
    noDelay: true,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    requestTimeout: 0,
  });
  const connections = connectionsOf(server);
  server.on("request", (incoming, outgoing) => answer(incoming, outgoing, false));
  server.on("checkContinue", (incoming, outgoing) => answer(incoming, outgoing, true));
  await bound(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    host,
    port: address.port,
    url: `http://${isAnyOrLoopback(host) ? "localhost" : urlHost(host)}:${address.port}`,
    close: ({ graceMs = 10_000 } = {}) => {
      closing = true;
      return closed(server, connections, graceMs);
    },
  };
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

const bound = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });

/** The connections of a server. */
interface Connections {
  /** Closes those without a request under way at once, the others as soon as they have none. */
  closeIdle(): void;
}

/** Counts the requests under way on each connection, for Node takes one that never sent a request for one in use. */
function connectionsOf(server: Server): Connections {
  const requests = new Map<Socket, number>();
  let closing = false;
  const add = (socket: Socket, more: number): void => {
    const before = requests.get(socket);
    if (before === undefined) return;
    requests.set(socket, before + more);
    if (closing && before + more === 0) socket.destroySoon();
  };
  const onRequest = ({ socket }: IncomingMessage, outgoing: ServerResponse): void => {
    add(socket, 1);
    outgoing.once("close", () => add(socket, -1));
  };
  server.on("connection", (socket) => {
    requests.set(socket, 0);
    socket.once("close", () => requests.delete(socket));
  });
  server.prependListener("request", onRequest).prependListener("checkContinue", onRequest);
  return {
    closeIdle() {
      closing = true;
      for (const socket of requests.keys()) add(socket, 0);
    },
  };
}

function closed(server: Server, connections: Connections, graceMs: number): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    connections.closeIdle();
  });
}

/** Resolves when a request that was pipelined comes to its turn; when the client leaves before that, never. */
const turnOf = (outgoing: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    outgoing.once("socket", () => resolve());
  });

const isAnyOrLoopback = (host: string): boolean => ["127.0.0.1", "::1", "localhost", "0.0.0.0", "::"].includes(host);
const urlHost = (host: string): string => (host.includes(":") ? `[${host}]` : host);

function requestOf(incoming: IncomingMessage, outgoing: ServerResponse, continues: boolean): HttpRequest {
  const { method = "GET", headers } = incoming;
  const target = originForm(incoming.url ?? "/");
  const mark = target.indexOf("?");
  return {
    method,
    protocol: "http:",
    hostname: headers.host?.replace(/:\d*$/, "") ?? "localhost",
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? undefined : parseQuery(target.slice(mark + 1)),
    // Node joins repeated headers into one text, all but set-cookie, which no request has.
    headers: headers as Readonly<Record<string, string>>,
    body: bodyOf(incoming, outgoing, continues),
  };
}

/** A client that takes this server for a proxy writes the whole URL. documented: RFC 9112 3.2.2. */
const originForm = (target: string): string =>
  target.startsWith("/") ? target : target.replace(/^https?:\/\/[^/?]*/i, "");

function bodyOf(incoming: IncomingMessage, outgoing: ServerResponse, continues: boolean): RequestBody | undefined {
  const { "content-length": length = "0", "transfer-encoding": encoding } = incoming.headers;
  if (length === "0" && encoding === undefined) return undefined;
  if (continues) continueOnRead(incoming, outgoing);
  return incoming;
}

/** Requests whose clients wait for a 100 before they send their bodies. */
const waiting = new WeakSet<IncomingMessage>();

/** Lets the client send its body when somebody reads it, and not before. */
function continueOnRead(incoming: IncomingMessage, outgoing: ServerResponse): void {
  waiting.add(incoming);
  const read = incoming._read;
  incoming._read = (sizeBytes) => {
    incoming._read = read;
    if (waiting.delete(incoming)) outgoing.writeContinue();
    incoming._read(sizeBytes);
  };
}

/** Answers a request whose body has not been read to its end. */
function refuseEarly(incoming: IncomingMessage, outgoing: ServerResponse, response: HttpResponse): void {
  const { "content-length": length } = incoming.headers;
  const isShort = length !== undefined && Number(length) <= DRAIN_BYTES;
  const isWaiting = waiting.delete(incoming);
  // A client that waits for its 100 may or may not send the body now: only a new connection is sure to begin with a request.
  if (isWaiting || !isShort) outgoing.shouldKeepAlive = false;
  if (isWaiting || isShort || response.body instanceof Readable) {
    send(outgoing, response);
    incoming.resume();
    return;
  }
  outgoing.writeHead(response.statusCode, rawHeaders(response));
  if (response.body) outgoing.write(response.body);
  else outgoing.flushHeaders();
  drain(incoming, () => outgoing.end());
}

/** Reads a body away, so that the client gets to see the answer instead of a reset: up to a limit in size and in time. */
function drain(incoming: IncomingMessage, done: () => void): void {
  let left = DRAIN_BYTES;
  const stop = (): void => {
    clearTimeout(timer);
    incoming.off("data", onData).off("close", stop);
    done();
  };
  const onData = (chunk: Uint8Array): void => {
    left -= chunk.byteLength;
    if (left < 0) stop();
  };
  const timer = setTimeout(stop, DRAIN_MS);
  incoming.on("data", onData).on("close", stop).resume();
}

function send(outgoing: ServerResponse, response: HttpResponse): void {
  const { statusCode, body } = response;
  outgoing.writeHead(statusCode, rawHeaders(response));
  if (!(body instanceof Readable)) {
    outgoing.end(body);
    return;
  }
  // A body that breaks off must not look whole: the connection is destroyed. A client that leaves ends the reading likewise.
  if (isCopyable(body)) copy(body, outgoing);
  else pipeline(body, outgoing, () => undefined);
}

const isCopyable = (body: Readable): body is CopyableStream => "copyTo" in body;

/** Writes a stream with two buffers that are used in turn, whatever its size: twice as fast as a new buffer for every chunk. */
function copy(body: CopyableStream, outgoing: ServerResponse): void {
  let giveUp: (error: Error) => void = () => undefined;
  outgoing.once("close", () => giveUp(new Error("the client has left")));
  const write = (chunk: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      if (outgoing.destroyed) return reject(new Error("the client has left"));
      outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  body.copyTo(write).then(
    () => outgoing.end(),
    () => outgoing.destroy(),
  );
}

/** Names and values in turn, which Node writes as they are. */
function rawHeaders({ headers }: HttpResponse): string[] {
  const raw: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) raw.push(name, value);
  }
  return raw;
}
