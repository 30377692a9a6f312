import { repositoryPolicyNotFound } from "../repository-policy.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** The policy of a repository, as it was written when it was set. */
export const getRepositoryPolicy: Operation<"GetRepositoryPolicy"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  requireRepository(state, target);
  const policyText = state.tables.repositoryPolicy.get(...keyOf(target));
  if (policyText === undefined) throw repositoryPolicyNotFound(target);
  return { registryId: target.account, repositoryName: target.repositoryName, policyText };
};
