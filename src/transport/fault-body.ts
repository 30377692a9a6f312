import { Readable } from "node:stream";
import type { Time } from "../time.js";
import type { AwsCall } from "./aws-call.js";
import type { HandleOptions, HttpRequest, HttpResponse } from "./transport.js";

/** A connection that a fault plan broke, as Node raises one. */
export const brokenConnection = (): Error =>
  Object.assign(new Error("the connection was reset, by a fault plan"), {
    code: "ECONNRESET",
    reusedSocket: false,
    answerStarted: false,
  });

/** The response with its body at `bytesPerSecond`, a tenth of a second's worth at a time. */
export function slowed(
  response: HttpResponse,
  bytesPerSecond: number,
  time: Time,
  { abortSignal }: HandleOptions,
): HttpResponse {
  const { body } = response;
  if (body === undefined) return response;
  const pieceBytes = Math.max(1, Math.floor(bytesPerSecond / 10));
  async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks)
      for (let at = 0; at < chunk.byteLength; at += pieceBytes) {
        const piece = chunk.subarray(at, at + pieceBytes);
        await time.sleep((piece.byteLength / bytesPerSecond) * 1000, abortSignal);
        yield piece;
      }
  }
  return { ...response, body: Readable.from(pieces(chunksOf(body)), { objectMode: false }) };
}

/** The response with a body that breaks off after `bytes`, or in its middle; its headers still announce the whole. */
export function truncated(response: HttpResponse, bytes?: number): HttpResponse {
  const { body, headers } = response;
  if (body === undefined) return response;
  const announced = body instanceof Uint8Array ? body.byteLength : Number(headers["content-length"] ?? 0);
  const keepBytes = bytes ?? Math.floor(announced / 2);
  async function* cut(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let leftBytes = keepBytes;
    for await (const chunk of chunks) {
      if (leftBytes > 0) yield chunk.subarray(0, leftBytes);
      leftBytes -= chunk.byteLength;
      if (leftBytes <= 0) break;
    }
    throw Object.assign(brokenConnection(), { answerStarted: true });
  }
  return { ...response, body: Readable.from(cut(chunksOf(body)), { objectMode: false }) };
}

/** Whether an answer to the call may carry something that has a digest. */
export const mayCarryContent = ({ face, operation }: AwsCall, { method }: Pick<HttpRequest, "method">): boolean =>
  method !== "HEAD" &&
  (operation === "DownloadLayer" ||
    /^(?:ecr-public:)?BatchGetImage$/.test(operation) ||
    (face === "registry" && /^(?:ecr-public:)?GetDownloadUrlForLayer$/.test(operation)));

/**
 * The response with other content than its digest says: a manifest in an answer of the API has a space more, any other content another first byte.
 * Undefined when there is none in it, as in a redirect or an error.
 */
export function corrupted(response: HttpResponse, { face }: AwsCall): HttpResponse | undefined {
  const { body } = response;
  if (body === undefined || response.statusCode >= 300) return undefined;
  if (face === "api" && body instanceof Uint8Array) return withOtherManifests(response, body);
  if (body instanceof Uint8Array) return { ...response, body: withOtherStart(body) };
  async function* changed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let isFirst = true;
    for await (const chunk of chunks) {
      yield isFirst ? withOtherStart(chunk) : chunk;
      isFirst &&= chunk.byteLength === 0;
    }
  }
  return { ...response, body: Readable.from(changed(chunksOf(body)), { objectMode: false }) };
}

function withOtherManifests(response: HttpResponse, body: Uint8Array): HttpResponse | undefined {
  const answer = JSON.parse(Buffer.from(body).toString()) as { images?: readonly { imageManifest?: string }[] };
  const images = answer.images?.map((image) => ({ ...image, imageManifest: `${image.imageManifest} ` }));
  if (!images?.length) return undefined;
  const changed = Buffer.from(JSON.stringify({ ...answer, images }));
  return { ...response, headers: { ...response.headers, "content-length": String(changed.byteLength) }, body: changed };
}

function withOtherStart(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[0] = (changed[0] ?? 0) ^ 1;
  return changed;
}

async function* chunksOf(body: Uint8Array | Readable): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body;
  else yield* body as AsyncIterable<Uint8Array>;
}
