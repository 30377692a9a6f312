import { describeRule, requireRule, requireUsableRule } from "../pull-through/rules.js";
import { prefixKey } from "../settings/prefixes.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Changes the secret or the role of a rule. What is not told stays as it is (assumed). */
export const updatePullThroughCacheRule: Operation<"UpdatePullThroughCacheRule"> = async (state, caller, input) => {
  const registry = registryOf(caller, input.registryId);
  const { account, region } = registry;
  const rule = await state.store.transaction(() => {
    const before = requireRule(state, registry, input.ecrRepositoryPrefix);
    const { credentialArn = before.credentialArn, customRoleArn = before.customRoleArn } = input;
    const after = { ...before, credentialArn, customRoleArn, updatedAtMs: state.time.now() };
    requireUsableRule(state, registry, after);
    state.tables.pullThroughRule.put([account, region, prefixKey(input.ecrRepositoryPrefix)], after);
    return after;
  });
  const {
    upstreamRegistryUrl: _url,
    upstreamRegistry: _name,
    createdAt: _then,
    ...answer
  } = describeRule(account, rule);
  return answer;
};
