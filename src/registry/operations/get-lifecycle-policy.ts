import { describePolicy, requirePolicy } from "../lifecycle/policies.js";
import { requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** The lifecycle policy and when it last ran. */
export const getLifecyclePolicy: Operation<"GetLifecyclePolicy"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  requireRepository(state, target);
  return describePolicy(target, requirePolicy(state, target));
};
