import { randomUUID } from "node:crypto";
import type { LifecyclePolicyRecord } from "../lifecycle/lifecycle-records.js";
import { readPolicyText, requirePolicy } from "../lifecycle/policies.js";
import { previewStatus, startPreview } from "../lifecycle/preview.js";
import { requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Starts to find out what a policy would do: the one that is given, or else the stored one. */
export const startLifecyclePolicyPreview: Operation<"StartLifecyclePolicyPreview"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  const given = input.lifecyclePolicyText === undefined ? undefined : readPolicyText(input.lifecyclePolicyText);
  return state.store.transaction(() => {
    requireRepository(state, target);
    const policy = given === undefined ? requirePolicy(state, target) : unstored(given);
    const preview = startPreview(state, target, policy);
    return {
      registryId: target.account,
      repositoryName: target.repositoryName,
      lifecyclePolicyText: preview.text,
      status: previewStatus(state, preview),
    };
  });
};

/** assumed: a policy that is only previewed has an id of its own. */
const unstored = (text: string): LifecyclePolicyRecord => ({ text, policyId: randomUUID(), policyVersion: 1 });
