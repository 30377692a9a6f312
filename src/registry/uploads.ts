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
  /** Forgets the uploads to a repository, or all, and their bytes. */
  abortAll(target?: Target): Promise<void>;
}

export function createUploads(blobs: BlobStore, time: Time): Uploads {
  // The least recently used first: `update` moves an upload to the end.
  const uploads = new Map<string, LayerUpload>();
  const turns = createTurns();

  const forget = async (upload: LayerUpload): Promise<void> => {
    uploads.delete(upload.uploadId);
    await upload.writer.abort();
  };

  const isIdle = ({ uploadId, usedAtMs }: LayerUpload): boolean =>
    time.now() - usedAtMs >= IDLE_LIFE_MS && !turns.isTaken(uploadId);

  const forgetIdle = async (): Promise<void> => {
    for (const upload of uploads.values()) {
      if (!isIdle(upload)) return;
      await forget(upload);
    }
  };

  const update = (upload: LayerUpload): void => {
    if (!uploads.delete(upload.uploadId)) return;
    uploads.set(upload.uploadId, { ...upload, usedAtMs: time.now() });
  };

  const get = (target: Target, uploadId: string): LayerUpload => {
    const upload = uploads.get(uploadId);
    if (!upload || isIdle(upload) || !isSame(upload.target, target)) throw uploadNotFound(target, uploadId);
    return upload;
  };

  return {
    async begin(target) {
      await forgetIdle();
      const writer = await blobs.begin();
      const opened = { parts: 0, lastPartBytes: 0, hasSmallPart: false };
      const upload = { uploadId: randomUUID(), target, writer, usedAtMs: time.now(), ...opened };
      uploads.set(upload.uploadId, upload);
      return upload;
    },
    get,
    async exclusively(target, uploadId, work) {
      get(target, uploadId);
      return turns.take(uploadId, async () => work(get(target, uploadId)));
    },
    async append(upload, chunks) {
      try {
        for await (const chunk of chunks) await upload.writer.append(chunk);
        get(upload.target, upload.uploadId);
      } catch (error) {
        // Whoever deleted the repository ended the upload as well, and its file is gone: that is what to tell, not what the disk said.
        get(upload.target, upload.uploadId);
        throw error;
      } finally {
        update(upload);
      }
    },
    update,
    end(upload) {
      uploads.delete(upload.uploadId);
    },
    async abortAll(target) {
      const ended = [...uploads.values()].filter((upload) => target === undefined || isSame(upload.target, target));
      await Promise.all(ended.map(forget));
    },
  };
}

const isSame = (a: Target, b: Target): boolean =>
  a.repositoryName === b.repositoryName && a.account === b.account && a.region === b.region;
