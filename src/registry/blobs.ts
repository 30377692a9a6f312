import type { Readable } from "node:stream";

/** Bytes of a blob, both ends included, as in a Range header. */
export interface ByteRange {
  readonly firstByte: number;
  readonly lastByte: number;
}

/** Where layer bytes live, one copy a digest. Memory does not grow with a blob's size. */
export interface BlobStore {
  /** A new, empty, invisible blob to append to. */
  begin(): Promise<BlobWriter>;
  /** The size of a committed blob in bytes, or undefined when there is none. */
  size(digest: string): number | undefined;
  /** The bytes of a committed blob. @throws when there is none */
  open(digest: string, range?: ByteRange): Readable;
  remove(digest: string): Promise<void>;
  /** The digests of all committed blobs, in no order. */
  list(): AsyncIterable<string>;
  close(): Promise<void>;
}

/** A blob on its way in. Hashes while it receives; nothing of it can be seen until it is committed. */
export interface BlobWriter {
  /** Bytes received so far. */
  readonly sizeBytes: number;
  /** Takes the chunk, which is not to be changed afterwards; resolves when the next one may come. Rejects once the blob is committed or aborted. */
  append(chunk: Uint8Array): Promise<void>;
  /** The digest of all bytes so far, without ending the blob. */
  digest(algorithm: "sha256" | "sha512"): Promise<string>;
  /** Makes the blob durable and visible under its digest, in that order. */
  commit(digest: string): Promise<void>;
  /** Forgets the blob and frees its place. Does nothing once it is committed. */
  abort(): Promise<void>;
}
