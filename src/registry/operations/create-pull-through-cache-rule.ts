import type { PullThroughRuleRecord } from "../pull-through/pull-through-records.js";
import { describeRule, MAX_RULES, requireUsableRule, ruleAlreadyExists } from "../pull-through/rules.js";
import { upstreamRegistryOf } from "../pull-through/upstreams.js";
import { limitExceeded } from "../refusals.js";
import { prefixKey } from "../settings/prefixes.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Fills repositories below a prefix from another registry, at their first pull. */
export const createPullThroughCacheRule: Operation<"CreatePullThroughCacheRule"> = async (state, caller, input) => {
  const { registryId, upstreamRegistryUrl, upstreamRepositoryPrefix = "ROOT", ...told } = input;
  const registry = registryOf(caller, registryId);
  const { account, region } = registry;
  const { pullThroughRule } = state.tables;
  const nowMs = state.time.now();
  const rule: PullThroughRuleRecord = {
    ...told,
    upstreamRegistryUrl,
    upstreamRepositoryPrefix,
    // assumed: told from the URL.
    upstreamRegistry: told.upstreamRegistry ?? upstreamRegistryOf(upstreamRegistryUrl),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  requireUsableRule(state, registry, rule);
  const key = prefixKey(input.ecrRepositoryPrefix);
  await state.store.transaction(() => {
    if (pullThroughRule.has(account, region, key)) throw ruleAlreadyExists(registry, input.ecrRepositoryPrefix);
    if ([...pullThroughRule.list([account, region])].length >= MAX_RULES)
      throw limitExceeded("pull through cache rules", MAX_RULES);
    pullThroughRule.put([account, region, key], rule);
  });
  const { updatedAt: _none, ...answer } = describeRule(account, rule);
  return answer;
};
