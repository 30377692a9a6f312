import { createHash } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";

/** Bytes, and chunks, that are gathered before they are written: fewer, larger writes. */
const WRITE_BYTES = 1024 * 1024;
const WRITE_CHUNKS = 1024;

/** A file that is written front to back. */
interface Gatherer {
  /** Takes the chunk. A promise is to be waited for before the next one: a write is full while another is still under way. @throws once it is closed */
  push(chunk: Uint8Array): Promise<void> | undefined;
  /** Resolves when all bytes are in the file. */
  flush(): Promise<void>;
  /** The file, once it has been flushed. */
  handle(): Promise<FileHandle>;
  /** Closes the file. Resolves with whether there is one: opening it may have failed, which `flush` reports. */
  close(): Promise<boolean>;
}

/** A file that is written front to back and hashed on the way. */
export interface SpoolFile {
  readonly sizeBytes: number;
  /** Takes the chunk; resolves at once unless a whole write is already waiting behind one that is under way. Rejects once the file has ended. */
  append(chunk: Uint8Array): Promise<void>;
  /** `sha256:…` of all bytes so far. */
  sha256(): string;
  /** Resolves when all bytes are in the file. */
  flush(): Promise<void>;
  /** Flushes and closes the file; between the two `beforeClosing` may do what needs it open. */
  end(beforeClosing?: (file: FileHandle) => Promise<void>): Promise<void>;
  /** Closes the file and takes it away, whatever state it is in. */
  remove(): Promise<void>;
}

/** Makes a file that is not there yet. */
type Create = (path: string) => Promise<FileHandle>;

const createFile: Create = (path) => open(path, "wx", 0o600);

/**
 * A new file to append to, made at the first write. One write is under way at a time while the next is gathered and hashed, so that
 * the disk and the hash work side by side and at most two writes' worth of bytes is held.
 */
export function spoolFile(path: string, create: Create = createFile): SpoolFile {
  const file = gatherer(path, create);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  return {
    get sizeBytes() {
      return sizeBytes;
    },
    async append(chunk) {
      const room = file.push(chunk);
      sizeBytes += chunk.byteLength;
      hash.update(chunk);
      await room;
    },
    sha256: () => `sha256:${hash.copy().digest("hex")}`,
    flush: file.flush,
    async end(beforeClosing) {
      try {
        await file.flush();
        await beforeClosing?.(await file.handle());
      } finally {
        await file.close();
      }
    },
    async remove() {
      if (await file.close()) await unlink(path);
    },
  };
}

function gatherer(path: string, create: Create): Gatherer {
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  let opened: Promise<FileHandle> | undefined;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;
  /** A write after the end would make the file anew, and nobody would ever take it away. */
  const refuseClosed = (): void => {
    if (closed) throw new Error(`${path} is closed and takes no more bytes`);
  };

  /** Starts a write of what was gathered; answers the end of the one before. */
  const write = (): Promise<void> => {
    const gathered = chunks;
    chunks = [];
    bytes = 0;
    opened ??= create(path);
    const handle = opened;
    const before = writing;
    writing = before.then(async () => writeAll(await handle, gathered));
    // Whoever waits for this write next, or for `flush`, is told of its failure; until then it is nobody's unhandled rejection.
    writing.catch(() => {});
    return before;
  };

  return {
    push(chunk) {
      refuseClosed();
      chunks.push(chunk);
      bytes += chunk.byteLength;
      return bytes >= WRITE_BYTES || chunks.length >= WRITE_CHUNKS ? write() : undefined;
    },
    async flush() {
      refuseClosed();
      if (bytes > 0 || !opened) write();
      await writing;
    },
    async handle() {
      if (!opened) throw new Error(`${path} has not been flushed`);
      return opened;
    },
    async close() {
      closed = true;
      await writing.catch(() => {});
      const handle = await opened?.catch(() => undefined);
      await handle?.close();
      return handle !== undefined;
    },
  };
}

/** Writes all of the chunks, also when the system takes only part of them at once. */
async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let left: readonly Uint8Array[] = chunks;
  while (left.length > 0) {
    const { bytesWritten } = await handle.writev(left);
    left = after(bytesWritten, left);
  }
}

/** What is left of the chunks after their first bytes. */
function after(bytes: number, chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  let skip = bytes;
  let first = 0;
  for (let chunk = chunks[first]; chunk && skip >= chunk.byteLength; chunk = chunks[first]) {
    skip -= chunk.byteLength;
    first += 1;
  }
  const [head, ...tail] = chunks.slice(first);
  return head ? [head.subarray(skip), ...tail] : [];
}
