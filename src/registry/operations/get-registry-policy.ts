import { registryPolicyNotFound } from "../settings/registry-policy.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** The registry policy. */
export const getRegistryPolicy: Operation<"GetRegistryPolicy"> = (state, caller) => {
  const registry = registryOf(caller, undefined);
  const policyText = state.tables.registryPolicy.get(registry.account, registry.region);
  if (policyText === undefined) throw registryPolicyNotFound(registry);
  return { registryId: registry.account, policyText };
};
