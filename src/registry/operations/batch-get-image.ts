import type { Image, ImageFailure, ImageIdentifier } from "../../protocol/ecr/images.js";
import { failure, findImage } from "../images.js";
import { accepts, readManifestText } from "../pull.js";
import { pullAllThrough } from "../pull-through/pull-through.js";
import { requireRepository, targetOf } from "../state.js";
import { isPullable } from "../storage-class.js";
import type { Operation } from "./operation.js";

/** The manifests of images, each by digest, by tag or by both. What cannot be given is a failure of its own, never of the call. */
export const batchGetImage: Operation<"BatchGetImage"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const refused = await pullAllThrough(state, caller, target, input.imageIds);
  // assumed: what an upstream refuses is told even where there is no repository yet.
  if (refused.size === 0) requireRepository(state, target);
  const images: Image[] = [];
  const failures: ImageFailure[] = [];
  const get = async (imageId: ImageIdentifier): Promise<Image | ImageFailure> => {
    const refusal = refused.get(imageId);
    if (refusal !== undefined) return failure(imageId, refusal);
    const found = findImage(state.tables, target, imageId);
    if (typeof found === "string") return failure(imageId, found);
    // assumed: the model names the failure and nothing more.
    if (!isPullable(found.image)) return failure(imageId, "ImageInaccessible");
    // assumed: an image of which no accepted form exists counts as not found.
    if (!accepts(input.acceptedMediaTypes, found.image.mediaType)) return failure(imageId, "ImageNotFound");
    return {
      registryId: target.account,
      repositoryName: target.repositoryName,
      // assumed: asked for by digest alone, an image has no tag in the answer.
      imageId: { imageDigest: found.digest, imageTag: imageId.imageTag },
      imageManifest: await readManifestText(state, caller, target, found),
      imageManifestMediaType: found.image.mediaType,
    };
  };
  for (const imageId of input.imageIds) {
    const got = await get(imageId);
    if ("failureCode" in got) failures.push(got);
    else images.push(got);
  }
  return { images, failures };
};
