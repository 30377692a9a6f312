import { bareMediaType } from "../../image/media-types.js";
import { utf8Text } from "../../image/utf8.js";
import { ServiceError } from "../../protocol/service-error.js";
import { deleteImage } from "../delete-image.js";
import { failure, findImage, isImageDigest } from "../images.js";
import { accepts, manifestText, readManifestText } from "../pull.js";
import { type ManifestStored, putManifest } from "../put-manifest.js";
import { invalidParameter } from "../refusals.js";
import type { ManifestRequest, Referrer, StoredManifest, Target } from "../registry.js";
import { keyOf, requireRepository, type State } from "../state.js";

/** A `/v2` reference is a digest when it has a colon, which no tag has. */
const imageIdOf = (reference: string): { readonly imageDigest: string } | { readonly imageTag: string } =>
  reference.includes(":") ? { imageDigest: reference } : { imageTag: reference };

/** observed text: ECR user guide, troubleshooting. A malformed reference is not found either (assumed). */
const notFound = (): ServiceError => new ServiceError("ImageNotFoundException", "Requested image not found");

/** A manifest as it was stored. */
export async function manifest(
  state: State,
  target: Target,
  reference: string,
  { accept, pull }: ManifestRequest,
): Promise<StoredManifest> {
  requireRepository(state, target);
  const found = findImage(state.tables, target, imageIdOf(reference));
  if (typeof found === "string" || !accepts(accept, found.image.mediaType)) throw notFound();
  const { digest, image } = found;
  const text = pull ? await readManifestText(state, target, found) : manifestText(state, target, digest);
  return { digest, mediaType: image.mediaType, bytes: Buffer.from(text) };
}

/** Stores a manifest under a tag, or without one when the reference is its digest. */
export async function putManifestBytes(
  state: State,
  target: Target,
  reference: string,
  { bytes, mediaType }: { readonly bytes: Uint8Array; readonly mediaType: string | undefined },
): Promise<ManifestStored> {
  const imageId = imageIdOf(reference);
  return putManifest(state, target, {
    text: textOf(bytes),
    mediaType: mediaType === undefined ? undefined : bareMediaType(mediaType),
    tag: "imageTag" in imageId ? imageId.imageTag : undefined,
    digest: "imageDigest" in imageId ? imageId.imageDigest : undefined,
    unchanged: "accept",
  });
}

function textOf(bytes: Uint8Array): string {
  const text = utf8Text(bytes);
  if (text === undefined) throw invalidParameter("ImageManifest", "Invalid JSON syntax");
  return text;
}

/** Deletes as BatchDeleteImage does (assumed: ECR's own rules for this route are not documented). */
export const deleteManifest = (state: State, target: Target, reference: string): Promise<void> =>
  state.store.transaction(() => {
    requireRepository(state, target);
    const imageId = imageIdOf(reference);
    const deleted = deleteImage(state.tables, target, imageId);
    if (deleted === "ImageReferencedByManifestList")
      throw new ServiceError("InvalidParameterException", failure(imageId, deleted).failureReason);
    if (typeof deleted === "string") throw notFound();
  });

/** What refers to a digest, which need not be there itself. */
export function referrers(
  state: State,
  target: Target,
  digest: string,
  artifactType: string | undefined,
): readonly Referrer[] {
  requireRepository(state, target);
  if (!isImageDigest(digest)) throw invalidParameter("imageDigest", "must be a digest");
  return Array.from(state.tables.referrer.list([...keyOf(target), digest]), ([, referrer]) => referrer).filter(
    (referrer) => artifactType === undefined || referrer.artifactType === artifactType,
  );
}
