import type { Readable } from "node:stream";
import { EcrError } from "../errors.js";
import type { Time } from "../time.js";
import type { HttpResponse } from "../transport/transport.js";
import { LARGEST_ANSWER_BYTES } from "../transport/wire-answer.js";
import { type CallScope, untilOver } from "./call-scope.js";

/**
 * The body of an answer, read to its end. Ends the stream when the scope is over or it has become too large.
 *
 * @throws the signal's reason, an error named `TimeoutError`, an `EcrError` of kind `InvalidResponse` when the body is too large, or what
 * the stream fails with
 */
export async function wholeBody({ body }: HttpResponse, scope: CallScope, time: Time): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (body === undefined) return new Uint8Array(0);
  try {
    return await untilOver(read(body), scope, time, late);
  } catch (error) {
    body.destroy();
    throw error;
  }
}

async function read(body: Readable): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > LARGEST_ANSWER_BYTES)
      throw new EcrError(`the answer is larger than ${LARGEST_ANSWER_BYTES} bytes`, { kind: "InvalidResponse" });
    parts.push(part);
  }
  return Buffer.concat(parts, bytes);
}

const late = (): Error =>
  Object.assign(new Error("the answer began, but did not come to its end in time"), {
    name: "TimeoutError",
    code: "ETIMEDOUT",
  });
