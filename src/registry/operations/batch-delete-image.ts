import type { ImageFailure, ImageIdentifier } from "../../protocol/ecr/images.js";
import { deleteImage } from "../delete-image.js";
import { failure } from "../images.js";
import { requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Removes tags and deletes images, in the order of the identifiers. What cannot be deleted is a failure of its own. */
export const batchDeleteImage: Operation<"BatchDeleteImage"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  return state.store.transaction(() => {
    requireRepository(state, target);
    const imageIds: ImageIdentifier[] = [];
    const failures: ImageFailure[] = [];
    for (const imageId of input.imageIds) {
      const deleted = deleteImage(state, target, imageId);
      if (typeof deleted === "string") failures.push(failure(imageId, deleted));
      else imageIds.push(...deleted);
    }
    return { imageIds, failures };
  });
};
