import { keyOf, requireRepository, targetOf } from "../state.js";
import { requireFittingFilters } from "../tag-mutability.js";
import type { Operation } from "./operation.js";

/** Changes which tags may move from now on; filters that are not given again are dropped (assumed). */
export const putImageTagMutability: Operation<"PutImageTagMutability"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const { imageTagMutability, imageTagMutabilityExclusionFilters: filters } = input;
  requireFittingFilters(imageTagMutability, filters);
  await state.store.transaction(() => {
    const repository = requireRepository(state, target);
    state.tables.repository.put(keyOf(target), {
      ...repository,
      tagMutability: imageTagMutability,
      tagMutabilityFilters: filters,
    });
  });
  return {
    registryId: target.account,
    repositoryName: target.repositoryName,
    imageTagMutability,
    imageTagMutabilityExclusionFilters: filters,
  };
};
