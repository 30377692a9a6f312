import { randomUUID } from "node:crypto";
import type { Time } from "../time.js";
import type { BlobStore, BlobWriter } from "./blobs.js";
import { uploadNotFound } from "./refusals.js";
import type { Target } from "./registry.js";
import { createTurns } from "./turns.js";

/** How long an upload may lie idle before it is forgotten and its bytes are freed. assumed: ECR does not say. */
const IDLE_LIFE_MS = 24 * 60 * 60 * 1000;

/** A layer on its way into a repository. */
export interface LayerUpload {
  readonly uploadId: string;
  readonly target: Target;
  readonly writer: BlobWriter;
  readonly usedAtMs: number;
  /** Parts that came by UploadLayerPart, and whether one before the last was too small. Appends of the data plane are no parts. */
  readonly parts: number;
  readonly lastPartBytes: number;
  readonly hasSmallPart: boolean;
}

/** The uploads that are open. They belong to the process: an upload does not outlive it. */
export interface Uploads {
  begin(target: Target): Promise<LayerUpload>;
  /** @throws {ServiceError} UploadNotFoundException when it is not one of this repository, or was forgotten */
  get(target: Target, uploadId: string): LayerUpload;
  /** Runs `work` on the upload as it then is, after all work that was asked for earlier on the same upload. @throws as `get` */
  exclusively<T>(target: Target, uploadId: string, work: (upload: LayerUpload) => Promise<T>): Promise<T>;
  /** Appends chunks; what came of a body that fails stays. Only within `exclusively`. @throws as `get` when the upload was ended meanwhile */
  append(upload: LayerUpload, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /** Replaces what is known of the upload and notes that it was used. Does nothing when it has ended. */
  update(upload: LayerUpload): void;
  /** Forgets the upload. Its writer is the caller's to commit or abort. */
  end(upload: LayerUpload): void;
  /** Forgets the upload and its bytes, also while a body is on its way. @throws as `get` */
  abort(target: Target, uploadId: string): Promise<void>;
  /** How many are open, those that lie idle for too long included. */
  count(): number;
  /** Forgets the uploads to a repository, or all, and their bytes. */
  abortAll(target?: Target): Promise<void>;
}

export function createUploads(blobs: BlobStore, time: Time): Uploads {
  const turns = createTurns();
  const open = openUploads(time, (uploadId) => turns.isTaken(uploadId));
  const { get } = open;

  const forget = async (upload: LayerUpload): Promise<void> => {
    open.end(upload);
    await upload.writer.abort();
  };

  return {
    async begin(target) {
      for (const upload of open.idle()) await forget(upload);
      const writer = await blobs.begin();
      const opened = { parts: 0, lastPartBytes: 0, hasSmallPart: false };
      return open.add({ uploadId: randomUUID(), target, writer, usedAtMs: time.now(), ...opened });
    },
    get,
    async exclusively(target, uploadId, work) {
      get(target, uploadId);
      return turns.take(uploadId, async () => work(get(target, uploadId)));
    },
    async append(upload, chunks) {
      try {
        for await (const chunk of chunks) {
          // A chunk for an upload that was ended meanwhile would open its file anew.
          get(upload.target, upload.uploadId);
          await upload.writer.append(chunk);
        }
        get(upload.target, upload.uploadId);
      } catch (error) {
        // Whoever cancelled the upload or deleted the repository has ended it, and its file is gone: that is what to tell, not what the disk said.
        get(upload.target, upload.uploadId);
        throw error;
      } finally {
        open.update(upload);
      }
    },
    update: open.update,
    end: open.end,
    abort: async (target, uploadId) => forget(get(target, uploadId)),
    count: () => open.of(undefined).length,
    async abortAll(target) {
      await Promise.all(open.of(target).map(forget));
    },
  };
}

interface OpenUploads extends Pick<Uploads, "get" | "update" | "end"> {
  add(upload: LayerUpload): LayerUpload;
  /** Those to a repository, or all. */
  of(target: Target | undefined): readonly LayerUpload[];
  /** Those that lie idle and have nobody at work on them. */
  idle(): Iterable<LayerUpload>;
}

/** What is known of the uploads that are open. */
function openUploads(time: Time, isBusy: (uploadId: string) => boolean): OpenUploads {
  // The least recently used first: `update` moves an upload to the end.
  const uploads = new Map<string, LayerUpload>();
  const isIdle = ({ uploadId, usedAtMs }: LayerUpload): boolean =>
    time.now() - usedAtMs >= IDLE_LIFE_MS && !isBusy(uploadId);
  return {
    add(upload) {
      uploads.set(upload.uploadId, upload);
      return upload;
    },
    get(target, uploadId) {
      const upload = uploads.get(uploadId);
      if (!upload || isIdle(upload) || !isSame(upload.target, target)) throw uploadNotFound(target, uploadId);
      return upload;
    },
    update(upload) {
      if (!uploads.delete(upload.uploadId)) return;
      uploads.set(upload.uploadId, { ...upload, usedAtMs: time.now() });
    },
    end(upload) {
      uploads.delete(upload.uploadId);
    },
    of: (target) => [...uploads.values()].filter((upload) => target === undefined || isSame(upload.target, target)),
    *idle() {
      for (const upload of uploads.values()) {
        if (!isIdle(upload)) return;
        yield upload;
      }
    },
  };
}

const isSame = (a: Target, b: Target): boolean =>
  a.repositoryName === b.repositoryName && a.account === b.account && a.region === b.region;
