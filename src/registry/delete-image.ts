import type { ImageIdentifier } from "../protocol/ecr/images.js";
import { emitImageAction } from "./events.js";
import { type FailureCode, findImage, removeImage, removeTag, tagsOf } from "./images.js";
import type { Target } from "./registry.js";
import { keyOf, type State } from "./state.js";

/**
 * Deletes what an identifier names and answers what is gone, or why nothing is. A tag: the tag, and with its last tag the image. A digest:
 * the image with all its tags. Both: that tag (assumed). An image that an index lists stays. Only inside a transaction.
 */
export function deleteImage(
  state: State,
  target: Target,
  imageId: ImageIdentifier,
): readonly ImageIdentifier[] | FailureCode {
  const { tables } = state;
  const found = findImage(tables, target, imageId);
  if (typeof found === "string") return found;
  const { digest, image } = found;
  const { imageTag } = imageId;
  const { mediaType, artifactMediaType } = image;
  const emitDelete = (tag?: string): void =>
    emitImageAction(state, target, { type: "DELETE", digest, tag, mediaType, artifactMediaType });
  if (imageTag !== undefined && image.tagCount > 1) {
    removeTag(tables, target, imageTag, digest);
    emitDelete(imageTag);
    return [{ imageDigest: digest, imageTag }];
  }
  // observed (containers-roadmap #1567): the last tag of an image in an index cannot be removed either.
  if (tables.parent.any([...keyOf(target), digest])) return "ImageReferencedByManifestList";
  const tags = tagsOf(tables, target, digest);
  removeImage(tables, target, digest, image);
  if (tags.length === 0) emitDelete();
  else for (const tag of tags) emitDelete(tag);
  return tags.length > 0 ? tags.map((tag) => ({ imageDigest: digest, imageTag: tag })) : [{ imageDigest: digest }];
}
