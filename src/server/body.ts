import { Readable } from "node:stream";
import type { HttpRequest } from "../transport/transport.js";

const EMPTY = new Uint8Array(0);
const LARGE_BYTES = 1024 * 1024;

/** Whether the client went away before its body was complete. */
export const isCutOff = ({ body }: HttpRequest): boolean =>
  body instanceof Readable && body.destroyed && !body.readableEnded;

/**
 * All bytes of a request's body, the reader's own, or undefined when there are more than `maxBytes`. An announced length above that is refused
 * before a byte is read.
 */
export function readBody({ headers, body }: HttpRequest, maxBytes: number): Promise<Uint8Array | undefined> {
  const lengthBytes = Number(headers["content-length"] ?? 0);
  if (lengthBytes > maxBytes) return Promise.resolve(undefined);
  if (body === undefined) return Promise.resolve(EMPTY);
  if (typeof body === "string") return Promise.resolve(within(Buffer.from(body), maxBytes));
  if (body instanceof Uint8Array) return Promise.resolve(within(Buffer.from(plainBytes(body)), maxBytes));
  return body instanceof Readable ? readStream(body, maxBytes, lengthBytes) : readChunks(body, maxBytes);
}

/** A request's body as a stream of chunks. */
export function bodyChunks({ body }: HttpRequest): AsyncIterable<Uint8Array> {
  if (body === undefined) return chunksOf();
  if (typeof body === "string") return chunksOf(Buffer.from(body));
  if (body instanceof Uint8Array) return chunksOf(plainBytes(body));
  // Whoever stops reading half-way still wants to answer: a destroyed body would take its connection with it.
  return body instanceof Readable ? body.iterator({ destroyOnReturn: false }) : body;
}

async function* chunksOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** The AWS SDK's bodies are a subclass of `Uint8Array` with string methods that warn and will throw one day. */
const plainBytes = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array =>
  Buffer.from(buffer, byteOffset, byteLength);

const within = (bytes: Uint8Array, maxBytes: number): Uint8Array | undefined =>
  bytes.byteLength > maxBytes ? undefined : bytes;

/** By events, for that takes half the time of iterating over a stream. */
function readStream(stream: Readable, maxBytes: number, lengthBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const limitBytes = lengthBytes >= LARGE_BYTES ? lengthBytes : maxBytes;
    let whole: Buffer | undefined;
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    const onData = (chunk: Uint8Array): void => {
      const before = sizeBytes;
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes) {
        stream.off("data", onData);
        stream.pause();
        resolve(undefined);
        return;
      }
      if (lengthBytes >= LARGE_BYTES && sizeBytes >= LARGE_BYTES) whole ??= roomFor(lengthBytes, chunks.splice(0));
      if (whole) whole.set(chunk, before);
      else chunks.push(chunk);
    };
    stream.on("data", onData);
    stream.on("end", () => resolve(whole?.subarray(0, sizeBytes) ?? Buffer.concat(chunks)));
    stream.on("error", reject);
    // A stream that was cut off before anybody listened raises nothing more.
    if (stream.destroyed) reject(stream.errored ?? new Error("the request's body was cut off"));
  });
}

/**
 * A buffer that begins with the chunks. A large body is put together in it as it comes, so that its chunks need not be kept until its end: from
 * its first megabyte on, for clients that announce much and send nothing would otherwise take all the memory there is.
 */
function roomFor(sizeBytes: number, chunks: readonly Uint8Array[]): Buffer {
  const room = Buffer.allocUnsafeSlow(sizeBytes);
  let at = 0;
  for (const chunk of chunks) {
    room.set(chunk, at);
    at += chunk.byteLength;
  }
  return room;
}

async function readChunks(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
