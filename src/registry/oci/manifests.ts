import { parseDigest } from "../../image/digest.js";
import { bareMediaType } from "../../image/media-types.js";
import { utf8Text } from "../../image/utf8.js";
import { ServiceError } from "../../protocol/service-error.js";
import { deleteImage } from "../delete-image.js";
import { emitImageAction } from "../events.js";
import { failure, findImage, isImageDigest, removeTag } from "../images.js";
import { accepts, manifestText, readManifestText } from "../pull.js";
import { pullOneThrough, upstreamReferrers } from "../pull-through/pull-through.js";
import { type ManifestStored, putManifest } from "../put-manifest.js";
import { invalidParameter } from "../refusals.js";
import type { Caller, ManifestRequest, Referrer, StoredManifest, Target } from "../registry.js";
import { createOnPush } from "../settings/create-by-template.js";
import { keyOf, requireRepository, type State } from "../state.js";
import { isPullable } from "../storage-class.js";
import { REGISTRY_QUIRKS } from "./quirks.js";

/** A `/v2` reference is a digest when it has a colon, which no tag has. */
const imageIdOf = (reference: string): { readonly imageDigest: string } | { readonly imageTag: string } =>
  reference.includes(":") ? { imageDigest: reference } : { imageTag: reference };

/** observed text: ECR user guide, troubleshooting. A malformed reference is not found either (assumed). */
const notFound = (): ServiceError => new ServiceError("ImageNotFoundException", "Requested image not found");

/** A manifest as it was stored. */
export async function manifest(
  state: State,
  caller: Caller,
  target: Target,
  reference: string,
  { accept, pull }: ManifestRequest,
): Promise<StoredManifest> {
  const imageId = imageIdOf(reference);
  await pullOneThrough(state, caller, target, imageId);
  requireRepository(state, target);
  const found = findImage(state.tables, target, imageId);
  // documented: an archived image is answered with 404.
  if (typeof found === "string" || !isPullable(found.image) || !accepts(accept, found.image.mediaType))
    throw notFound();
  const { digest, image } = found;
  const text = pull ? await readManifestText(state, caller, target, found) : manifestText(state, target, digest);
  return { digest, mediaType: image.mediaType, bytes: Buffer.from(text) };
}

/** Stores a manifest under a tag, or without one when the reference is its digest. */
export async function putManifestBytes(
  state: State,
  caller: Caller,
  target: Target,
  reference: string,
  { bytes, mediaType }: { readonly bytes: Uint8Array; readonly mediaType: string | undefined },
): Promise<ManifestStored> {
  const imageId = imageIdOf(reference);
  const text = textOf(bytes);
  const { manifestDigests, sameImmutableTag } = REGISTRY_QUIRKS[state.settings.profile];
  const algorithm = parseDigest(reference)?.algorithm;
  await createOnPush(state, caller, target);
  return putManifest(state, target, {
    text,
    mediaType: mediaType === undefined ? undefined : bareMediaType(mediaType),
    tag: "imageTag" in imageId ? imageId.imageTag : undefined,
    digest: "imageDigest" in imageId ? imageId.imageDigest : undefined,
    algorithm: manifestDigests.find((each) => each === algorithm),
    unchanged: "accept",
    sameImmutableTag,
  });
}

function textOf(bytes: Uint8Array): string {
  const text = utf8Text(bytes);
  if (text === undefined) throw invalidParameter("ImageManifest", "Invalid JSON syntax");
  return text;
}

/**
 * Deletes as BatchDeleteImage does (assumed: ECR's own rules for this route are not documented), or a tag without its image as the OCI specification
 * has it. What an index lists stays in both: the specification leaves it to the registry what it refuses to delete, with a 405.
 */
export const deleteManifest = (state: State, target: Target, reference: string): Promise<void> =>
  state.store.transaction(() => {
    requireRepository(state, target);
    const imageId = imageIdOf(reference);
    const { lastTagDeleted } = REGISTRY_QUIRKS[state.settings.profile];
    if ("imageTag" in imageId && lastTagDeleted === "untagged") return deleteTag(state, target, imageId.imageTag);
    const deleted = deleteImage(state, target, imageId);
    if (deleted === "ImageReferencedByManifestList")
      throw new ServiceError("StillReferenced", failure(imageId, deleted).failureReason);
    if (typeof deleted === "string") throw notFound();
  });

function deleteTag(state: State, target: Target, imageTag: string): void {
  const found = findImage(state.tables, target, { imageTag });
  if (typeof found === "string") throw notFound();
  const { digest, image } = found;
  const { mediaType, artifactMediaType } = image;
  removeTag(state.tables, target, imageTag, digest);
  emitImageAction(state, target, { type: "DELETE", digest, tag: imageTag, mediaType, artifactMediaType });
}

/** What refers to a digest, which need not be there itself. assumed: without what is archived, as ListImageReferrers does by default. */
export async function referrers(
  state: State,
  caller: Caller,
  target: Target,
  digest: string,
  artifactType: string | undefined,
): Promise<readonly Referrer[]> {
  requireRepository(state, target);
  if (!isImageDigest(digest)) throw invalidParameter("imageDigest", "must be a digest");
  const here = Array.from(state.tables.referrer.list([...keyOf(target), digest]), ([, referrer]) => referrer);
  const upstream = await upstreamReferrers(state, caller, target, digest);
  return [...new Map([...upstream, ...here].map((referrer) => [referrer.digest, referrer])).values()]
    .filter((referrer) => artifactType === undefined || referrer.artifactType === artifactType)
    .filter(({ digest: each }) => state.tables.image.get(...keyOf(target), each)?.status === undefined);
}
