import { parseRequestBody } from "../protocol/request.js";
import { ServiceError } from "../protocol/service-error.js";

/** From this size on, in bytes, it is worth while to look for a layer part. */
const LARGE_BYTES = 1024 * 1024;
const KEY = '"layerPartBlob"';
const QUOTE = 0x22;
const PAD = 0x3d;
/** Characters of base64 that are decoded at once: whole groups of four. */
const SLICE = 64 * 1024;

/**
 * The JSON value of a request's body. The blob of a large UploadLayerPart is given as bytes, which take the place of their base64 in the body:
 * the usual way would make three copies of ten megabytes, two of them in the JavaScript heap. So the body is not to be used afterwards.
 *
 * @throws {ServiceError} SerializationException when the body is not JSON, or the layer part not base64
 */
export function parseJsonBody(bytes: Buffer): unknown {
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
  if (end === -1) return undefined;
  const text = bytes.subarray(start, end);
  const json = parseRequestBody(bytes.toString("utf8", 0, start) + bytes.toString("utf8", end));
  const isMember = typeof json === "object" && json !== null && "layerPartBlob" in json && json.layerPartBlob === "";
  // An escape is fine in JSON, if unusual.
  if (!isMember || text.includes("\\")) return undefined;
  const layerPartBlob = decodeInPlace(text);
  if (layerPartBlob) return { ...json, layerPartBlob };
  throw new ServiceError("SerializationException", "STRING_VALUE can not be converted to a Blob at 'layerPartBlob'");
}

/** The bytes of padded standard base64, written over it, or undefined when it is not that. Node skips what it does not know, so lengths tell. */
function decodeInPlace(text: Buffer): Uint8Array | undefined {
  const { length } = text;
  if (length % 4 !== 0 || text.includes("-") || text.includes("_")) return undefined;
  const padding = text[length - 2] === PAD ? 2 : text[length - 1] === PAD ? 1 : 0;
  const bytes = text.subarray(0, (length / 4) * 3 - padding);
  let written = 0;
  for (let at = 0; at < length; at += SLICE)
    written += bytes.write(text.toString("latin1", at, Math.min(at + SLICE, length)), written, "base64");
  return written === bytes.length ? bytes : undefined;
}
