import { requireImage } from "../require-image.js";
import { requireRepository, targetOf } from "../state.js";
import { archive, restore } from "../storage-class.js";
import type { Operation } from "./operation.js";

/** Archives an image, or starts to bring it back from the archive. */
export const updateImageStorageClass: Operation<"UpdateImageStorageClass"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  return state.store.transaction(() => {
    requireRepository(state, target);
    const { digest, image } = requireImage(state, target, input.imageId);
    const move = input.targetStorageClass === "ARCHIVE" ? archive : restore;
    return {
      registryId: target.account,
      repositoryName: target.repositoryName,
      // assumed: the digest also where the image was named by its tag.
      imageId: { imageDigest: digest, imageTag: input.imageId.imageTag },
      imageStatus: move(state, target, digest, image),
    };
  });
};
