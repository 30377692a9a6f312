import { createHash } from "node:crypto";
import { type EcrError, isEcrError } from "../../errors.js";
import { parseDigest } from "../../image/digest.js";
import { classify } from "../../resilience/classify.js";
import type { HttpResponse } from "../../transport/transport.js";
import { type CallScope, untilOver } from "../call-scope.js";
import { aborted, type FailedCall, failure, fromTransportFailure, outOfTime } from "../error-mapper.js";
import { discard } from "./http-request.js";
import type { Wire } from "./wire.js";

/** Something with a digest that is to be read. */
export interface ContentRequest {
  readonly digest: string;
  /** In bytes, where it is known. What is larger is refused. */
  readonly sizeBytes?: number | undefined;
  /** What an error says of it. */
  readonly call: FailedCall;
  /** Asks for the content, by a `Range` header if one is given. */
  readonly open: (range: string | undefined) => Promise<HttpResponse>;
}

/** How often in a row a stream may break off without having brought a byte. */
const MOST_BARREN_STREAMS = 3;

/**
 * The content, held to its digest while it is read: the end comes only after the last byte has proved right. A stream that breaks off is
 * taken up where it ended.
 *
 * @throws {EcrError} kind `ImageDigestMismatch` when what came is not what the digest names; `Connection` or `Timeout` when it does not
 * come to its end
 */
export async function* readContent(
  { digest, sizeBytes, call, open }: ContentRequest,
  { time, retry, requestTimeoutMs }: Pick<Wire, "time" | "retry" | "requestTimeoutMs">,
  scope: CallScope,
): AsyncGenerator<Uint8Array> {
  const hash = createHash(parseDigest(digest)?.algorithm ?? "sha256");
  let total = sizeBytes;
  let atByte = 0;
  let barren = 0;
  for (;;) {
    const before = atByte;
    const response = await open(atByte === 0 ? undefined : `bytes=${atByte}-`);
    const part = partOf(response, atByte, call);
    total ??= part.totalBytes;
    try {
      if (part.totalBytes !== undefined && part.totalBytes !== total)
        throw mismatch(call, `${part.totalBytes} bytes instead of the ${total} that it has`);
      for await (const chunk of chunks(response, { scope, idleMs: requestTimeoutMs, time, call })) {
        const fresh = part.skipBytes === 0 ? chunk : chunk.subarray(Math.min(chunk.byteLength, part.skipBytes));
        part.skipBytes -= chunk.byteLength - fresh.byteLength;
        atByte += fresh.byteLength;
        if (total !== undefined && atByte > total) throw mismatch(call, `more than the ${total} bytes that it has`);
        hash.update(fresh);
        if (fresh.byteLength > 0) yield fresh;
      }
      if (total === undefined || atByte === total) break;
      throw brokenOff();
    } catch (cause) {
      barren = atByte > before ? 0 : barren + 1;
      if (atByte === total) break;
      const isOver = scope.signal?.aborted || (scope.deadlineMs !== undefined && time.now() >= scope.deadlineMs);
      if (retry === undefined || isOver || barren >= MOST_BARREN_STREAMS || !mayPass(cause))
        throw errorOf(cause, call, scope);
    } finally {
      discard(response);
    }
  }
  const computed = `${digest.slice(0, digest.indexOf(":"))}:${hash.digest("hex")}`;
  if (computed !== digest) throw mismatch(call, "other content than its digest names");
}

interface Part {
  /** Bytes that have been read already and come again. */
  skipBytes: number;
  readonly totalBytes: number | undefined;
}

/** What of the content an answer carries. documented: RFC 9110 14.4, 15.3.7. */
function partOf({ statusCode, headers }: HttpResponse, atByte: number, call: FailedCall): Part {
  if (statusCode !== 206) return { skipBytes: atByte, totalBytes: numberOf(headers["content-length"]) };
  const [, first, total] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  if (Number(first) !== atByte)
    throw failure("InvalidResponse", "it was answered with another range than was asked for", call, {});
  return { skipBytes: 0, totalBytes: numberOf(total) };
}

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

interface Reading {
  readonly scope: CallScope;
  /** Longest time without a byte, in milliseconds. */
  readonly idleMs: number;
  readonly time: Wire["time"];
  readonly call: FailedCall;
}

/** The chunks of a body, none of which may keep its reader waiting for too long. The time that the reader takes is its own. */
async function* chunks({ body }: HttpResponse, { scope, idleMs, time, call }: Reading): AsyncGenerator<Uint8Array> {
  if (body === undefined) return;
  if (body instanceof Uint8Array) return yield body;
  const iterator: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  for (;;) {
    const next = await untilOver(unlessIdle(iterator.next(), idleMs), scope, time, () => outOfTime(call));
    if (next.done) return;
    yield next.value;
  }
}

/** A line takes the machine's own time, whatever clock the client goes by. */
function unlessIdle<T>(promise: Promise<T>, idleMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(stalled(idleMs)), idleMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const stalled = (idleMs: number): Error =>
  Object.assign(new Error(`no byte came for ${idleMs} ms`), { name: "TimeoutError", code: "ETIMEDOUT" });

const brokenOff = (): Error =>
  Object.assign(new Error("the answer ended before all of it had come"), { code: "ERR_STREAM_PREMATURE_CLOSE" });

const mayPass = (cause: unknown): boolean =>
  !isEcrError(cause) && (classify(cause) === "connection" || classify(cause) === "timeout");

function errorOf(cause: unknown, call: FailedCall, { signal }: CallScope): EcrError {
  if (isEcrError(cause)) return cause;
  return signal?.aborted ? aborted(signal.reason, call) : fromTransportFailure(cause, call);
}

const mismatch = (call: FailedCall, what: string): EcrError =>
  failure("ImageDigestMismatch", `it came with ${what}; it was damaged or exchanged on the way`, call, {});

/** All of it in one piece. */
export async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of chunks) parts.push(part);
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : Buffer.concat(parts);
}
