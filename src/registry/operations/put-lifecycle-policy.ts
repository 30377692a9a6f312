import { readPolicyText } from "../lifecycle/policies.js";
import { storePolicy } from "../lifecycle/store-policy.js";
import { requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Stores a lifecycle policy, in place of the one that was there. */
export const putLifecyclePolicy: Operation<"PutLifecyclePolicy"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const lifecyclePolicyText = readPolicyText(input.lifecyclePolicyText);
  await state.store.transaction(() => {
    requireRepository(state, target);
    storePolicy(state, target, lifecyclePolicyText);
  });
  return { registryId: target.account, repositoryName: target.repositoryName, lifecyclePolicyText };
};
