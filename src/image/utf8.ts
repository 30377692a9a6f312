import { isUtf8 } from "node:buffer";

/** The text of UTF-8 bytes, or undefined when they are none: no byte is silently replaced. Keeps a byte order mark, which is not JSON. */
export const utf8Text = (bytes: Uint8Array): string | undefined =>
  isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString() : undefined;
