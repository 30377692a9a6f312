import { createHash } from "node:crypto";
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
  const pathOf = (digest: string): string => {
    const [algorithm = "", hex = ""] = digest.split(":");
    return join(folder, "blobs", algorithm, hex.slice(0, 2), hex.slice(2));
  };
  let ready: Promise<void> | undefined;
  let count = 0;
  /** Blobs that are being taken away: whoever looks meanwhile is told that they are gone, and whoever brings one comes after. */
  const going = new Map<string, number>();
  const turns = createTurns();

  const makeReady = async (): Promise<void> => {
    await files.makeFolder(uploads);
    for (const name of await files.list(uploads)) await files.remove(join(uploads, name));
  };

  /** Gives a file that is on the disk its name. Of two who bring the same blob, the second replaces the first by the same bytes. */
  const name = (from: string, digest: string): Promise<void> =>
    turns.take(digest, async () => {
      const path = pathOf(digest);
      const shelf = dirname(path);
      if (await files.makeFolder(shelf))
        for (const above of [dirname(shelf), dirname(dirname(shelf)), folder]) await files.syncFolder(above);
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
      ready ??= makeReady();
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
      for (const algorithm of await files.list(join(folder, "blobs")))
        for (const shelf of await files.list(join(folder, "blobs", algorithm)))
          for (const rest of await files.list(join(folder, "blobs", algorithm, shelf)))
            yield `${algorithm}:${shelf}${rest}`;
    },
    async close() {
      await ready;
    },
  };
}

interface WriterParts {
  readonly files: FileSystem;
  readonly name: (from: string, digest: string) => Promise<void>;
}

function writerTo(path: string, { files, name }: WriterParts): BlobWriter {
  const file = spoolFile(path, files.create);
  let isCommitted = false;
  return {
    get sizeBytes() {
      return file.sizeBytes;
    },
    append: file.append,
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
