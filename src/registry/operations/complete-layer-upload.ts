import { completeUpload } from "../complete-upload.js";
import { requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Seals an upload as a layer under its sha256 digest, whatever other digests were named for it. */
export const completeLayerUpload: Operation<"CompleteLayerUpload"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const { uploadId } = input;
  requireRepository(state, target);
  const layerDigest = await completeUpload(state, target, uploadId, {
    algorithm: "sha256",
    // documented: CompleteLayerUpload validates sha256 digests only.
    contradicted: (computed) =>
      input.layerDigests.find((digest) => digest.startsWith("sha256:") && digest.toLowerCase() !== computed),
    empty: "refuse",
  });
  return { registryId: target.account, repositoryName: target.repositoryName, uploadId, layerDigest };
};
