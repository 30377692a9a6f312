import { readRegistryPolicy } from "../settings/registry-policy.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Sets what other accounts may do in this registry. */
export const putRegistryPolicy: Operation<"PutRegistryPolicy"> = async (state, caller, input) => {
  const { account, region } = registryOf(caller, undefined);
  const policyText = readRegistryPolicy(input.policyText);
  await state.store.transaction(() => state.tables.registryPolicy.put([account, region], policyText));
  return { registryId: account, policyText };
};
