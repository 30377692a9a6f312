import { describePolicy, requirePolicy } from "../lifecycle/policies.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Removes the lifecycle policy and answers what it was. A preview of it stays (assumed). */
export const deleteLifecyclePolicy: Operation<"DeleteLifecyclePolicy"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  return state.store.transaction(() => {
    requireRepository(state, target);
    const policy = requirePolicy(state, target);
    state.tables.lifecyclePolicy.remove(...keyOf(target));
    return describePolicy(target, policy);
  });
};
