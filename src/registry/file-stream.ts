import { close, openSync, read } from "node:fs";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import type { ByteRange } from "./blobs.js";

/** Bytes of one read of the stream: many, because every read is a round trip through the thread pool. */
const READ_BYTES = 512 * 1024;
/** Bytes of one read of a copy: few enough that what was read is still in the processor's cache when it is written. */
const COPY_BYTES = 256 * 1024;

/** A stream of bytes that can also be copied without being read as a stream, which makes no new buffer for every chunk. */
export interface CopyableStream extends Readable {
  /**
   * Hands over all of the bytes in order, instead of reading the stream. The chunk given to `write` is used again once its promise has
   * resolved; the next one is read meanwhile. Rejects with what `write` rejected with; the stream has ended either way.
   */
  copyTo(write: (chunk: Uint8Array) => Promise<void>): Promise<void>;
}

const readFile = promisify(read);
const closeFile = promisify(close);

/**
 * A file's bytes from one to the other, both included. The file is opened at once, so that they can still be read when it is removed
 * meanwhile. @throws when there is no such file
 */
export function fileStream(path: string, range: ByteRange): CopyableStream {
  const file = openRange(path, range);
  const stream = new Readable({
    highWaterMark: READ_BYTES,
    read() {
      file.next(Buffer.allocUnsafeSlow(Math.min(READ_BYTES, file.left()))).then(
        (chunk) => this.push(chunk.byteLength > 0 ? chunk : null),
        (error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      file.close().then(
        () => done(error),
        (failure) => done(error ?? failure),
      );
    },
  });

  const copyTo = async (write: (chunk: Uint8Array) => Promise<void>): Promise<void> => {
    let [front, back] = [Buffer.allocUnsafeSlow(COPY_BYTES), Buffer.allocUnsafeSlow(COPY_BYTES)];
    try {
      let chunk = await file.next(front);
      while (chunk.byteLength > 0) {
        const [following] = await Promise.all([file.next(back), write(chunk)]);
        chunk = following;
        [front, back] = [back, front];
      }
    } finally {
      stream.destroy();
    }
  };
  return Object.assign(stream, { copyTo });
}

/** A part of a file that is read from its front to its end. */
interface OpenRange {
  /** Bytes that have not been read yet. */
  left(): number;
  /** The next bytes, in the given buffer; none at the end. */
  next(buffer: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

function openRange(path: string, { firstByte, lastByte }: ByteRange): OpenRange {
  const file = openSync(path, "r");
  let position = firstByte;
  // The file is closed only when nobody reads it: its number may be another file's a moment later.
  let reading: Promise<unknown> = Promise.resolve();

  const left = (): number => Math.max(0, lastByte + 1 - position);
  const readInto = async (buffer: Buffer): Promise<Buffer> => {
    const wanted = Math.min(buffer.byteLength, left());
    if (wanted === 0) return buffer.subarray(0, 0);
    const { bytesRead } = await readFile(file, buffer, 0, wanted, position);
    if (bytesRead === 0) throw new Error(`${path} ends at ${position} bytes, before byte ${lastByte}`);
    position += bytesRead;
    return buffer.subarray(0, bytesRead);
  };
  return {
    left,
    next(buffer) {
      const bytes = readInto(buffer);
      reading = bytes.catch(() => undefined);
      return bytes;
    },
    close: () => reading.then(() => closeFile(file)),
  };
}
