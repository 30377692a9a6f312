import { repositoryPolicyNotFound } from "../repository-policy.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Takes its policy from a repository and answers what it was. */
export const deleteRepositoryPolicy: Operation<"DeleteRepositoryPolicy"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const { repositoryPolicy } = state.tables;
  const policyText = await state.store.transaction(() => {
    requireRepository(state, target);
    const text = repositoryPolicy.get(...keyOf(target));
    if (text === undefined) throw repositoryPolicyNotFound(target);
    repositoryPolicy.remove(...keyOf(target));
    return text;
  });
  return { registryId: target.account, repositoryName: target.repositoryName, policyText };
};
