import { putManifest } from "../put-manifest.js";
import { targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Stores a manifest, byte for byte, and optionally points a tag to it. */
export const putImage: Operation<"PutImage"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const { imageManifest, imageTag } = input;
  const { digest, mediaType } = await putManifest(state, target, {
    text: imageManifest,
    mediaType: input.imageManifestMediaType,
    tag: imageTag,
    digest: input.imageDigest,
    unchanged: "refuse",
  });
  return {
    image: {
      registryId: target.account,
      repositoryName: target.repositoryName,
      imageId: { imageDigest: digest, imageTag },
      imageManifest,
      imageManifestMediaType: mediaType,
    },
  };
};
