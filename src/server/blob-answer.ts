import type { ByteRange } from "../registry/blobs.js";
import type { Blob } from "../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import { emptyAnswer } from "./answer.js";

/** The answer that carries a blob: whole, one range of it, or nothing when the client has it. Several ranges are answered whole. documented: RFC 9110 14.2. */
export function blobAnswer({ method, headers: asked }: HttpRequest, blob: Blob): HttpResponse {
  const etag = `"${blob.digest}"`;
  const headers = {
    "content-type": "application/octet-stream",
    "docker-content-digest": blob.digest,
    etag,
    "accept-ranges": "bytes",
  };
  if (isUnchanged(asked["if-none-match"], etag)) return emptyAnswer(304, headers);
  const ranged = method === "GET" && (asked["if-range"] === undefined || asked["if-range"] === etag);
  const range = ranged ? parseRange(asked["range"], blob.sizeBytes) : "whole";
  if (range === "unsatisfiable") return emptyAnswer(416, { ...headers, "content-range": `bytes */${blob.sizeBytes}` });
  if (range === "whole")
    return {
      statusCode: 200,
      headers: { ...headers, "content-length": String(blob.sizeBytes) },
      ...(method === "HEAD" || blob.sizeBytes === 0 ? {} : { body: blob.open() }),
    };
  const { firstByte, lastByte } = range;
  return {
    statusCode: 206,
    headers: {
      ...headers,
      "content-length": String(lastByte - firstByte + 1),
      "content-range": `bytes ${firstByte}-${lastByte}/${blob.sizeBytes}`,
    },
    body: blob.open(range),
  };
}

/** Whether `If-None-Match` names the entity: then the client has it. */
export const isUnchanged = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === etag) ?? false;

/**
 * What a Range header asks of an entity of `sizeBytes`: `whole` when it is none that is understood here. One whose end lies before its
 * beginning is refused, which RFC 9110 14.2 lets a server choose and the OCI conformance suite expects.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | "whole" | "unsatisfiable" {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === "" && last === "") return "whole";
  if (first === "") {
    const suffix = Number(last);
    return suffix === 0 || sizeBytes === 0
      ? "unsatisfiable"
      : { firstByte: Math.max(0, sizeBytes - suffix), lastByte: sizeBytes - 1 };
  }
  const firstByte = Number(first);
  if (firstByte >= sizeBytes || (last !== "" && Number(last) < firstByte)) return "unsatisfiable";
  return { firstByte, lastByte: last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
}
