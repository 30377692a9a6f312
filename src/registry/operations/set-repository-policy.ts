import { readRepositoryPolicy, refuseLockOut } from "../repository-policy.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Gives a repository its policy, in the place of the one that it had. One that would lock its author out needs `force`. */
export const setRepositoryPolicy: Operation<"SetRepositoryPolicy"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const policy = readRepositoryPolicy(target, input.policyText);
  await state.store.transaction(() => {
    requireRepository(state, target);
    if (!input.force) refuseLockOut(state, policy, caller, target);
    state.tables.repositoryPolicy.put(keyOf(target), policy.text);
  });
  return { registryId: target.account, repositoryName: target.repositoryName, policyText: policy.text };
};
