import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { base64Size } from "../protocol/codec.js";
import { parseRequestBody } from "../protocol/request.js";
import { ServiceError } from "../protocol/service-error.js";

/** From this size on, in bytes, it is worth while to look for a layer part. */
const LARGE_BYTES = 1024 * 1024;
const KEY = '"layerPartBlob"';
const QUOTE = 0x22;
/** Stands for the blob while the rest is parsed. No client can know it, so wherever it turns up the blob was. */
const PLACEHOLDER = randomUUID();
/** Characters of base64 that are decoded at once: whole groups of four. */
const SLICE = 64 * 1024;

/**
 * The JSON value of a request's body. The blob of a large UploadLayerPart is given as bytes, which take the place of their base64 in the body:
 * the usual way would make three copies of ten megabytes, two of them in the JavaScript heap. So the body is not to be used afterwards.
 *
 * @throws {ServiceError} SerializationException when the body is not JSON in UTF-8, or the layer part not base64
 */
export function parseJsonBody(bytes: Buffer): unknown {
  // What is decoded regardless has other bytes than were sent, and so a manifest another digest.
  if (!isUtf8(bytes)) throw new ServiceError("SerializationException", "The request body is not valid UTF-8");
  return (bytes.byteLength > LARGE_BYTES ? parseLayerPart(bytes) : undefined) ?? parseRequestBody(bytes.toString());
}

/** Undefined, with the body as it was, for what is not plainly a layer part: then the usual way decides what it is. */
function parseLayerPart(bytes: Buffer): unknown {
  const key = bytes.indexOf(KEY);
  const afterKey = key + KEY.length;
  const [opening] = /^\s*:\s*"/.exec(bytes.toString("latin1", afterKey, afterKey + 16)) ?? [];
  if (key === -1 || opening === undefined) return undefined;
  const start = afterKey + opening.length;
  const end = bytes.indexOf(QUOTE, start);
  // Of two, the last counts. An escape is fine in JSON, if unusual.
  if (end === -1 || bytes.includes(KEY, end)) return undefined;
  const text = bytes.subarray(start, end);
  if (text.includes("\\")) return undefined;
  const json = parseRequestBody(bytes.toString("utf8", 0, start) + PLACEHOLDER + bytes.toString("utf8", end));
  if (!isMember(json)) return undefined;
  const layerPartBlob = decodeInPlace(text);
  if (layerPartBlob) return { ...json, layerPartBlob };
  throw new ServiceError("SerializationException", "STRING_VALUE can not be converted to a Blob at 'layerPartBlob'");
}

/** Whether the blob was a member of the input itself. */
const isMember = (json: unknown): json is { readonly layerPartBlob: string } =>
  typeof json === "object" && json !== null && "layerPartBlob" in json && json.layerPartBlob === PLACEHOLDER;

/** The bytes of padded standard base64, written over it, or undefined when it is not that. */
function decodeInPlace(text: Buffer): Uint8Array | undefined {
  const sizeBytes = base64Size(text);
  if (sizeBytes === undefined) return undefined;
  const bytes = text.subarray(0, sizeBytes);
  let written = 0;
  for (let at = 0; at < text.length; at += SLICE)
    written += bytes.write(text.toString("latin1", at, Math.min(at + SLICE, text.length)), written, "base64");
  return written === bytes.length ? bytes : undefined;
}
