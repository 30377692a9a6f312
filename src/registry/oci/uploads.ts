import { parseDigest } from "../../image/digest.js";
import { ServiceError } from "../../protocol/service-error.js";
import { completeUpload } from "../complete-upload.js";
import { DIGEST_PATTERN } from "../images.js";
import { linkLayer } from "../layers.js";
import { invalidLayerPart, invalidParameter } from "../refusals.js";
import type { Target, Upload, UploadChunk } from "../registry.js";
import { keyOf, requireRepository, type State } from "../state.js";
import type { LayerUpload } from "../uploads.js";

export async function start(state: State, target: Target): Promise<Upload> {
  requireRepository(state, target);
  const { uploadId } = await state.uploads.begin(target);
  return { uploadId, sizeBytes: 0 };
}

export function status(state: State, target: Target, uploadId: string): Upload {
  requireRepository(state, target);
  return { uploadId, sizeBytes: state.uploads.get(target, uploadId).writer.sizeBytes };
}

/** Appends a body after all that were asked for earlier. What came of a body that fails stays: the client may go on from there. */
export async function append(
  state: State,
  target: Target,
  uploadId: string,
  body: AsyncIterable<Uint8Array>,
  firstByte: number | undefined,
): Promise<Upload> {
  requireRepository(state, target);
  return state.uploads.exclusively(target, uploadId, async (upload) => {
    await appendTo(state, upload, { body, firstByte });
    return { uploadId, sizeBytes: upload.writer.sizeBytes };
  });
}

async function appendTo(state: State, upload: LayerUpload, { body, firstByte }: UploadChunk): Promise<void> {
  const { target, uploadId, writer } = upload;
  const { sizeBytes } = writer;
  if (firstByte !== undefined && firstByte !== sizeBytes)
    throw invalidLayerPart(target, uploadId, sizeBytes, `the first byte must be ${sizeBytes}, got ${firstByte}`);
  await state.uploads.append(upload, body);
}

/**
 * Seals the upload, with its last chunk if there is one, under the digest that is given, which must be that of its bytes. A layer that is
 * already there is as good.
 */
export async function complete(
  state: State,
  target: Target,
  uploadId: string,
  digest: string,
  last: UploadChunk | undefined,
): Promise<void> {
  requireRepository(state, target);
  const parsed = parseDigest(digest);
  if (!parsed) throw invalidParameter("layerDigest", `must satisfy regular expression '${DIGEST_PATTERN}'`);
  try {
    await completeUpload(state, target, uploadId, {
      append: last && ((upload) => appendTo(state, upload, last)),
      algorithm: parsed.algorithm,
      contradicted: (computed) => (computed === digest ? undefined : digest),
      empty: state.settings.profile === "oci" ? "accept" : "refuse",
    });
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === "LayerAlreadyExistsException")) throw error;
  }
}

export async function cancel(state: State, target: Target, uploadId: string): Promise<void> {
  requireRepository(state, target);
  await state.uploads.exclusively(target, uploadId, async (upload) => {
    state.uploads.end(upload);
    await upload.writer.abort();
  });
}

/** documented: ECR mounts only where the account setting BLOB_MOUNTING is on, which by default it is not. */
export async function mount(state: State, target: Target, digest: string, from: string): Promise<boolean> {
  requireRepository(state, target);
  if (state.settings.profile === "ecr") return false;
  const source = { ...target, repositoryName: from };
  return state.tables.layer.has(...keyOf(source), digest) && linkLayer(state, target, digest);
}
