import { EcrError } from "../errors.js";
import type { HttpRequest } from "./transport.js";

/** The largest body that is handed over whole although it is no answer of an AWS API, in bytes. */
const WHOLE_BODY_BYTES = 1024 * 1024;

/** The largest body that is read whole, in bytes: several times what ECR answers at most, so that nobody else can fill the memory. assumed. */
export const LARGEST_ANSWER_BYTES: number = 64 * 1024 * 1024;

/** What of an answer decides how its body is handed over. */
export interface AnswerHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Whether the body arrives as one `Uint8Array`: answers of AWS's APIs (AWS JSON, XML), and whatever is small. */
export function isReadWhole({ method }: HttpRequest, { headers, statusCode }: AnswerHead): boolean {
  if (method === "HEAD" || statusCode === 204 || statusCode === 304) return true;
  const length = headers["content-length"];
  if (length !== undefined && Number(length) <= WHOLE_BODY_BYTES) return true;
  const type = String(headers["content-type"] ?? "");
  return type.startsWith("application/x-amz-json") || type.startsWith("text/xml");
}

/** A body that is being read whole. */
export interface WholeBody {
  /** @throws {EcrError} kind `InvalidResponse` when it becomes larger than an answer of AWS can be */
  add(chunk: Uint8Array): void;
  bytes(): Uint8Array;
}

/** Gathers a body. `request` is named when it grows too large. */
export function wholeBody({ method, hostname }: HttpRequest, largestBytes: number = LARGEST_ANSWER_BYTES): WholeBody {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  return {
    add(chunk) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > largestBytes)
        throw new EcrError(`${method} to ${hostname} was answered with more than ${largestBytes} bytes`, {
          kind: "InvalidResponse",
        });
      chunks.push(chunk);
    },
    bytes() {
      const [first] = chunks;
      return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, sizeBytes);
    },
  };
}

/** Like Node's own, an error of connecting says so in `syscall`: then nothing was sent. */
export const timeoutError = (
  { method, hostname }: HttpRequest,
  what: "connected" | "answered",
  limitMs: number,
): Error =>
  Object.assign(new Error(`${method} to ${hostname} was not ${what} within ${limitMs} ms`), {
    name: "TimeoutError",
    code: "ETIMEDOUT",
    ...(what === "connected" && { syscall: "connect" }),
  });
