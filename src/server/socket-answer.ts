import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import type { CopyableStream } from "../registry/file-stream.js";
import type { HttpResponse } from "../transport/transport.js";
import { stopWaiting } from "./socket-request.js";

/** How much of a body that nobody wants is read away, in bytes, so that the client sees the answer; then the connection is closed. */
const DRAIN_BYTES = 1024 * 1024;

/** How long that may take, in milliseconds. */
const DRAIN_MS = 2_000;

/** Writes an answer to a request, whether or not its body has been read. */
export function send(incoming: IncomingMessage, outgoing: ServerResponse, response: HttpResponse): void {
  if (incoming.complete) write(outgoing, response);
  else refuseEarly(incoming, outgoing, response);
}

/** Answers a request whose body has not been read to its end. */
function refuseEarly(incoming: IncomingMessage, outgoing: ServerResponse, response: HttpResponse): void {
  const { "content-length": length } = incoming.headers;
  const isShort = length !== undefined && Number(length) <= DRAIN_BYTES;
  const isWaiting = stopWaiting(incoming);
  // A client that waits for its 100 may or may not send the body now: only a new connection is sure to begin with a request.
  if (isWaiting || !isShort) outgoing.shouldKeepAlive = false;
  if (isWaiting || isShort || response.body instanceof Readable) {
    write(outgoing, response);
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

function write(outgoing: ServerResponse, response: HttpResponse): void {
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
  const writeChunk = (chunk: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      if (outgoing.destroyed) return reject(new Error("the client has left"));
      outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  body.copyTo(writeChunk).then(
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
