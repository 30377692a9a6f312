import type { ImageIdentifier } from "../protocol/ecr/images.js";
import { DIGEST_PATTERN, findImage, TAG_PATTERN } from "./images.js";
import type { ImageRecord } from "./records.js";
import { imageNotFound, invalidParameter } from "./refusals.js";
import type { Target } from "./registry.js";
import type { State } from "./state.js";

/** The image that an operation on one image, or on all that are named, is about. @throws {ServiceError} ImageNotFoundException | InvalidParameterException */
export function requireImage(
  { tables }: Pick<State, "tables">,
  target: Target,
  imageId: ImageIdentifier,
): { readonly digest: string; readonly image: ImageRecord } {
  const found = findImage(tables, target, imageId);
  if (typeof found === "string") throw refusalOf(target, imageId, found);
  return found;
}

/** assumed texts, but for ImageNotFoundException */
function refusalOf(target: Target, imageId: ImageIdentifier, code: string): Error {
  switch (code) {
    case "MissingDigestAndTag":
      return invalidParameter("imageId", "both tag and digest cannot be null");
    case "InvalidImageDigest":
      return invalidParameter("imageDigest", `must satisfy regular expression '${DIGEST_PATTERN}'`);
    case "InvalidImageTag":
      return invalidParameter("imageTag", `must satisfy regular expression '${TAG_PATTERN}'`);
    default:
      return imageNotFound(target, imageId);
  }
}
