import { describeRule, requireRule } from "../pull-through/rules.js";
import { prefixKey } from "../settings/prefixes.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Deletes a rule and answers what it was. The repositories that it filled stay, with their images. */
export const deletePullThroughCacheRule: Operation<"DeletePullThroughCacheRule"> = async (state, caller, input) => {
  const registry = registryOf(caller, input.registryId);
  const { account, region } = registry;
  const rule = await state.store.transaction(() => {
    const found = requireRule(state, registry, input.ecrRepositoryPrefix);
    state.tables.pullThroughRule.remove(account, region, prefixKey(input.ecrRepositoryPrefix));
    return found;
  });
  const { upstreamRegistry: _name, updatedAt: _then, ...answer } = describeRule(account, rule);
  return answer;
};
