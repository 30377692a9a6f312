import { registryPolicyNotFound } from "../settings/registry-policy.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Removes the registry policy and answers what it was. */
export const deleteRegistryPolicy: Operation<"DeleteRegistryPolicy"> = (state, caller) => {
  const registry = registryOf(caller, undefined);
  const { registryPolicy } = state.tables;
  return state.store.transaction(() => {
    const policyText = registryPolicy.get(registry.account, registry.region);
    if (policyText === undefined) throw registryPolicyNotFound(registry);
    registryPolicy.remove(registry.account, registry.region);
    return { registryId: registry.account, policyText };
  });
};
