import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { BlobStore, BlobWriter, ByteRange } from "../blobs.js";
import { fileStream } from "../file-stream.js";
import { spoolFile } from "../spool-file.js";
import { createTurns } from "../turns.js";
import { type FileSystem, realFileSystem } from "./file-system.js";

/**
 * A {@link BlobStore} in a folder: a file a blob, under its digest, `blobs/sha256/ab/cdef…`. What is on its way in lies in `uploads`, and
 * what is left there by a process that ended is taken away at the start. A blob has its name only once its bytes are on the disk, and
 * `commit` resolves once the name is too.
 */
export function diskBlobs(folder: string, files: FileSystem = realFileSystem): BlobStore {
  const uploads = join(folder, "uploads");
  const root = join(folder, "blobs");
  const pathOf = (digest: string): string => {
    const [algorithm = "", hex = ""] = digest.split(":");
    return join(root, algorithm, hex.slice(0, 2), hex.slice(2));
  };
  let count = 0;
  /** Blobs that are being taken away: whoever looks meanwhile is told that they are gone, and whoever brings one comes after. */
  const going = new Map<string, number>();
  const turns = createTurns();

  const sweep = async (): Promise<void> => {
    await files.makeFolder(uploads);
    for (const name of await files.list(uploads)) await files.remove(join(uploads, name));
  };
  const ready = sweep();
  // Whoever begins an upload is told.
  ready.catch(() => undefined);

  /** Makes a folder whose name is durable, whoever made it and whether or not they lived to see to that; each once. */
  const made = new Map<string, Promise<void>>();
  const makeDurable = (path: string): Promise<void> => {
    const known = made.get(path);
    if (known) return known;
    const making = (async () => {
      if (path !== root) await makeDurable(dirname(path));
      await files.makeFolder(path);
      await files.syncFolder(dirname(path));
    })();
    made.set(path, making);
    making.catch(() => made.delete(path));
    return making;
  };

  /** Gives a file that is on the disk its name. Of two who bring the same blob, the second replaces the first by the same bytes. */
  const name = (from: string, digest: string): Promise<void> =>
    turns.take(digest, async () => {
      const path = pathOf(digest);
      const shelf = dirname(path);
      await makeDurable(shelf);
      await files.rename(from, path);
      await files.syncFolder(shelf);
    });

  const remove = async (digest: string): Promise<void> => {
    going.set(digest, (going.get(digest) ?? 0) + 1);
    try {
      await turns.take(digest, () => files.remove(pathOf(digest)));
    } finally {
      const others = (going.get(digest) ?? 1) - 1;
      if (others > 0) going.set(digest, others);
      else going.delete(digest);
    }
  };

  const size = (digest: string): number | undefined => (going.has(digest) ? undefined : files.size(pathOf(digest)));

  return {
    async begin() {
      await ready;
      count += 1;
      return writerTo(join(uploads, String(count)), { files, name });
    },
    size,
    open(digest, range) {
      const sizeBytes = size(digest);
      if (sizeBytes === undefined) throw new Error(`no blob ${digest} to open`);
      return read(pathOf(digest), sizeBytes, range);
    },
    remove,
    async *list() {
      for (const algorithm of await files.list(root))
        for (const shelf of await files.list(join(root, algorithm)))
          for (const rest of await files.list(join(root, algorithm, shelf))) yield `${algorithm}:${shelf}${rest}`;
    },
    async close() {
      await ready.catch(() => undefined);
    },
  };
}

/** Bytes that are written between one sync and the next while a blob is on its way. */
const SYNC_BYTES = 8 * 1024 * 1024;

interface WriterParts {
  readonly files: FileSystem;
  readonly name: (from: string, digest: string) => Promise<void>;
}

function writerTo(path: string, { files, name }: WriterParts): BlobWriter {
  let handle: FileHandle | undefined;
  const create = async (at: string): Promise<FileHandle> => {
    handle = await files.create(at);
    return handle;
  };
  const file = spoolFile(path, create);
  let isCommitted = false;
  let syncedBytes = 0;
  let isSyncing = false;

  /** Much of a large blob is on the disk by the time its last byte comes. */
  const syncMeanwhile = (): void => {
    if (isSyncing || !handle || file.sizeBytes - syncedBytes < SYNC_BYTES) return;
    syncedBytes = file.sizeBytes;
    isSyncing = true;
    const over = (): void => {
      isSyncing = false;
    };
    // What is wrong with the disk, the sync at the end tells.
    files.syncFile(handle).then(over, over);
  };

  return {
    get sizeBytes() {
      return file.sizeBytes;
    },
    append(chunk) {
      syncMeanwhile();
      return file.append(chunk);
    },
    async digest(algorithm) {
      if (algorithm === "sha256") return file.sha256();
      await file.flush();
      return hashOf(read(path, file.sizeBytes), algorithm);
    },
    async commit(digest) {
      await file.end(files.syncFile);
      isCommitted = true;
      await name(path, digest);
    },
    async abort() {
      if (!isCommitted) await file.remove();
    },
  };
}

const read = (path: string, sizeBytes: number, range?: ByteRange): Readable =>
  sizeBytes === 0 ? Readable.from([]) : fileStream(path, range ?? { firstByte: 0, lastByte: sizeBytes - 1 });

async function hashOf(bytes: Readable, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of bytes) hash.update(chunk);
  return `${algorithm}:${hash.digest("hex")}`;
}
