import { parseDigest } from "../../image/digest.js";
import { ServiceError } from "../../protocol/service-error.js";
import { hasAccess } from "../access.js";
import { completeUpload } from "../complete-upload.js";
import { DIGEST_PATTERN } from "../images.js";
import { linkLayer } from "../layers.js";
import type { RepositoryRecord } from "../records.js";
import { invalidLayerPart, invalidParameter } from "../refusals.js";
import type { Caller, Target, Upload, UploadChunk } from "../registry.js";
import { accountSetting } from "../settings/account-settings.js";
import { createOnPush } from "../settings/create-by-template.js";
import { keyOf, requireRepository, type State } from "../state.js";
import type { LayerUpload } from "../uploads.js";
import { REGISTRY_QUIRKS } from "./quirks.js";

export async function start(state: State, caller: Caller, target: Target): Promise<Upload> {
  await createOnPush(state, caller, target);
  requireRepository(state, target);
  return begin(state, target);
}

async function begin(state: State, target: Target): Promise<Upload> {
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
      empty: REGISTRY_QUIRKS[state.settings.profile].emptyBlobs,
    });
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === "LayerAlreadyExistsException")) throw error;
  }
}

/** Ends an upload at once: a body that is still on its way to it does not hold this up, and is told. */
export async function cancel(state: State, target: Target, uploadId: string): Promise<void> {
  requireRepository(state, target);
  await state.uploads.abort(target, uploadId);
}

/** Takes a blob from another repository of the same registry, from any when none is named, or opens an upload where that cannot be. */
export async function mount(
  state: State,
  caller: Caller,
  target: Target,
  digest: string,
  from: string | undefined,
): Promise<"mounted" | Upload> {
  await createOnPush(state, caller, target);
  const repository = requireRepository(state, target);
  const isRestricted = REGISTRY_QUIRKS[state.settings.profile].mounts === "restricted";
  const mayGive = (source: Target): boolean =>
    hasAccess(state, caller, "ecr:GetDownloadUrlForLayer", source) &&
    (!isRestricted || (from !== undefined && isMountable(state, source, repository, digest)));
  const isMounted = sourcesOf(state, target, digest, from).some(mayGive) && (await linkLayer(state, target, digest));
  return isMounted ? "mounted" : begin(state, target);
}

/** The repositories of the target's registry that have the layer, or the one of that name if it does. */
function sourcesOf({ tables }: State, target: Target, digest: string, from: string | undefined): readonly Target[] {
  const { account, region } = target;
  const names =
    from === undefined
      ? Array.from(tables.blobRepository.list([digest, account, region]), ([[name = ""]]) => name)
      : [from].filter((name) => tables.layer.has(account, region, name, digest));
  return names.map((repositoryName) => ({ account, region, repositoryName }));
}

/**
 * documented: the caller may read the layer there, the account setting is on, both repositories are encrypted alike, the source is no pull-through cache, and an image there uses
 * the blob (observed: containers-roadmap #2860).
 */
function isMountable(state: State, source: Target, { encryption }: RepositoryRecord, digest: string): boolean {
  const { tables } = state;
  const from = tables.repository.get(...keyOf(source));
  return (
    from !== undefined &&
    accountSetting(state, source, "BLOB_MOUNTING") === "ENABLED" &&
    from.encryption.encryptionType === encryption.encryptionType &&
    from.encryption.kmsKey === encryption.kmsKey &&
    !tables.cachedRepository.has(...keyOf(source)) &&
    (tables.layer.get(...keyOf(source), digest)?.imageCount ?? 0) > 0
  );
}
