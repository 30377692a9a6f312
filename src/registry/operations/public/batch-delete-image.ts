import { imageFailureCode } from "../../../protocol/ecr-public/enums.js";
import { onAliasedRegistry } from "../../public/on-public-registry.js";
import { batchDeleteImage as privately } from "../batch-delete-image.js";
import type { Operation } from "../operation.js";

const behaviour = onAliasedRegistry("repository", privately);

/** Removes tags and deletes images of a public repository. The codes that only ECR has cannot come of it: they are about archives and upstreams. */
export const batchDeleteImage: Operation<"ecr-public:BatchDeleteImage"> = async (state, caller, input) => {
  const { imageIds, failures } = await behaviour(state, caller, input);
  return {
    imageIds,
    failures: failures.map((failure) => ({
      ...failure,
      failureCode: imageFailureCode.values?.find((code) => code === failure.failureCode),
    })),
  };
};
