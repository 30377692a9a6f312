import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { BlobStore, BlobWriter, ByteRange } from "./blobs.js";
import { fileStream } from "./file-stream.js";
import { spoolFile } from "./spool-file.js";

/** A committed blob. Its file is never reused, so that removing an old one cannot hit a new one of the same digest. */
interface Spooled {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Folders of spools that are open, to be removed when the process ends without closing them. */
const openFolders = new Set<string>();
const removeFolders = (): void => {
  for (const folder of openFolders) rmSync(folder, { recursive: true, force: true });
};

/** A folder of our own, readable by this user alone (mkdtemp makes it 0700). */
function makeFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, "ecrkit-"));
  if (openFolders.size === 0) process.once("exit", removeFolders);
  openFolders.add(folder);
  return folder;
}

function removeFolder(folder: string): void {
  openFolders.delete(folder);
  if (openFolders.size === 0) process.off("exit", removeFolders);
  rmSync(folder, { recursive: true, force: true });
}

/**
 * A {@link BlobStore} in a private folder within `parent` that goes with the process: made at the first upload, removed by `close` or
 * when the process exits; a process that is killed leaves it to the system's cleaning of temporary files.
 */
export function spoolBlobs(parent: string = tmpdir()): BlobStore {
  const blobs = new Map<string, Spooled>();
  let folder: string | undefined;
  let files = 0;

  return {
    async begin() {
      folder ??= makeFolder(parent);
      files += 1;
      return writerTo(join(folder, String(files)), blobs);
    },
    size: (digest) => blobs.get(digest)?.sizeBytes,
    open(digest, range) {
      const blob = blobs.get(digest);
      if (!blob) throw new Error(`no blob ${digest} to open`);
      return read(blob, range);
    },
    async remove(digest) {
      const blob = blobs.get(digest);
      if (!blob) return;
      blobs.delete(digest);
      await unlink(blob.path);
    },
    async *list() {
      yield* blobs.keys();
    },
    async close() {
      blobs.clear();
      if (folder !== undefined) removeFolder(folder);
      folder = undefined;
    },
  };
}

/** A blob on its way into `blobs`. */
function writerTo(path: string, blobs: Map<string, Spooled>): BlobWriter {
  const file = spoolFile(path);
  let committed = false;
  return {
    get sizeBytes() {
      return file.sizeBytes;
    },
    append: file.append,
    async digest(algorithm) {
      if (algorithm === "sha256") return file.sha256();
      await file.flush();
      return hashOf(read({ path, sizeBytes: file.sizeBytes }), algorithm);
    },
    async commit(digest) {
      await file.end();
      committed = true;
      if (blobs.has(digest)) await unlink(path);
      else blobs.set(digest, { path, sizeBytes: file.sizeBytes });
    },
    async abort() {
      if (!committed) await file.remove();
    },
  };
}

function read({ path, sizeBytes }: Spooled, range?: ByteRange): Readable {
  return sizeBytes === 0 ? Readable.from([]) : fileStream(path, range ?? { firstByte: 0, lastByte: sizeBytes - 1 });
}

async function hashOf(bytes: Readable, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of bytes) hash.update(chunk);
  return `${algorithm}:${hash.digest("hex")}`;
}
