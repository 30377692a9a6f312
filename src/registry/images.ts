import type { ImageFailureCode } from "../protocol/ecr/enums.js";
import type { ImageFailure, ImageIdentifier } from "../protocol/ecr/images.js";
import { countImage } from "./counts.js";
import { countArchived, detachLayer } from "./layers.js";
import type { ImageRecord, Tables } from "./records.js";
import type { Target } from "./registry.js";
import { keyOf, type State } from "./state.js";

/** documented: message of BatchDeleteImage. */
export const DIGEST_PATTERN: string = "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+";
const DIGEST = new RegExp(`^${DIGEST_PATTERN}$`);
/** The model has a length of 1 to 300 and no pattern; OCI's alphabet is assumed. */
export const TAG_PATTERN: string = "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,299}";
const TAG = new RegExp(`^${TAG_PATTERN}$`);

export const isImageDigest = (text: string): boolean => DIGEST.test(text);
export const isImageTag = (text: string): boolean => TAG.test(text);

/** The failures that images of this registry have. */
export type FailureCode = Extract<
  ImageFailureCode,
  | "MissingDigestAndTag"
  | "InvalidImageDigest"
  | "InvalidImageTag"
  | "ImageTagDoesNotMatchDigest"
  | "ImageNotFound"
  | "ImageReferencedByManifestList"
  | "ImageInaccessible"
  | "UpstreamAccessDenied"
  | "UpstreamTooManyRequests"
  | "UpstreamUnavailable"
>;

/** observed: moto's tests and LocalStack's snapshots of AWS, unless it says assumed. */
const REASONS: Readonly<Record<FailureCode, string>> = {
  MissingDigestAndTag: "Invalid request parameters: both tag and digest cannot be null",
  InvalidImageDigest: `Invalid request parameters: image digest should satisfy the regex '${DIGEST_PATTERN}'`,
  /** assumed */
  InvalidImageTag: `Invalid request parameters: image tag should satisfy the regex '${TAG_PATTERN}'`,
  /** assumed */
  ImageTagDoesNotMatchDigest: "Requested image tag does not match the requested image digest",
  ImageNotFound: "Requested image not found",
  ImageReferencedByManifestList: "Requested image referenced by manifest list",
  /** assumed */
  ImageInaccessible: "Requested image is archived",
  /** assumed */
  UpstreamAccessDenied: "The upstream registry denies access to the requested image",
  /** assumed */
  UpstreamTooManyRequests: "The upstream registry has had too many requests",
  /** assumed */
  UpstreamUnavailable: "The upstream registry is unavailable",
};

export const reasonOf = (code: FailureCode): string => REASONS[code];

/** One entry of a batch's `failures`. */
export const failure = (imageId: ImageIdentifier, failureCode: FailureCode): ImageFailure => ({
  imageId,
  failureCode,
  failureReason: REASONS[failureCode],
});

/** The image that an identifier names: by digest, by tag, or by both, which must agree. */
export function findImage(
  tables: Tables,
  target: Target,
  { imageDigest, imageTag }: ImageIdentifier,
): { readonly digest: string; readonly image: ImageRecord } | FailureCode {
  if (imageDigest === undefined && imageTag === undefined) return "MissingDigestAndTag";
  if (imageDigest !== undefined && !isImageDigest(imageDigest)) return "InvalidImageDigest";
  if (imageTag !== undefined && !isImageTag(imageTag)) return "InvalidImageTag";
  const tagged = imageTag === undefined ? undefined : tables.tag.get(...keyOf(target), imageTag);
  const digest = imageDigest ?? tagged;
  const image = digest === undefined ? undefined : tables.image.get(...keyOf(target), digest);
  if (digest === undefined || image === undefined) return "ImageNotFound";
  if (imageTag !== undefined && tagged !== digest)
    return tagged === undefined ? "ImageNotFound" : "ImageTagDoesNotMatchDigest";
  return { digest, image };
}

/** The tags of an image, in order. */
export const tagsOf = (tables: Tables, target: Target, digest: string): readonly string[] =>
  Array.from(tables.imageTag.list([...keyOf(target), digest]), ([[tag = ""]]) => tag);

/** Points `tag` to an image that is already there. The image it pointed to loses it, and stays, untagged if that was its last. Only inside a transaction. */
export function putTag({ tables, time }: State, target: Target, tag: string, digest: string): void {
  const key = keyOf(target);
  const previous = tables.tag.get(...key, tag);
  if (previous === digest) return;
  if (previous !== undefined) removeTag(tables, target, tag, previous);
  tables.tag.put([...key, tag], digest);
  tables.imageTag.put([...key, digest, tag], time.now());
  tables.untagged.remove(...key, digest);
  changeTagCount(tables, target, digest, 1);
}

/** Takes `tag` from the image it points to, which stays, untagged if that was its last. Only inside a transaction. */
export function removeTag(tables: Tables, target: Target, tag: string, digest: string): void {
  const key = keyOf(target);
  tables.tag.remove(...key, tag);
  tables.imageTag.remove(...key, digest, tag);
  if (changeTagCount(tables, target, digest, -1) === 0) tables.untagged.put([...key, digest], 1);
}

function changeTagCount(tables: Tables, target: Target, digest: string, by: 1 | -1): number {
  const key = [...keyOf(target), digest];
  const image = tables.image.get(...key);
  if (!image) throw new Error(`a tag of an image that is not there: ${digest}`);
  const tagCount = image.tagCount + by;
  tables.image.put(key, { ...image, tagCount });
  return tagCount;
}

/** Removes an image with its tags and everything that is known of it. Only inside a transaction. */
export function removeImage(tables: Tables, target: Target, digest: string, image: ImageRecord): void {
  const key = keyOf(target);
  for (const tag of tagsOf(tables, target, digest)) tables.tag.remove(...key, tag);
  tables.imageTag.clear([...key, digest]);
  tables.untagged.remove(...key, digest);
  for (const child of image.children) tables.parent.remove(...key, child, digest);
  for (const layer of image.layers) {
    if (image.status !== undefined) countArchived(tables, target, layer, -1);
    detachLayer(tables, target, layer);
  }
  if (image.subject !== undefined) tables.referrer.remove(...key, image.subject, digest);
  tables.replication.clear([...key, digest]);
  tables.signing.clear([...key, digest]);
  tables.scan.clear([...key, digest]);
  tables.finding.clear([...key, digest]);
  tables.manifest.remove(...key, digest);
  tables.image.remove(...key, digest);
  if (image.status === undefined) countImage(tables, target, -1);
}
