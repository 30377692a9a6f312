import { describeRule, requireRule } from "../pull-through/rules.js";
import { UpstreamError } from "../pull-through/upstream.js";
import { upstreamOf } from "../pull-through/upstreams.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Whether the upstream of a rule takes its login, and if not, why (text: assumed). */
export const validatePullThroughCacheRule: Operation<"ValidatePullThroughCacheRule"> = async (state, caller, input) => {
  const registry = registryOf(caller, input.registryId);
  const rule = requireRule(state, registry, input.ecrRepositoryPrefix);
  const failure = await upstreamOf(state, registry, rule)
    .check()
    .then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof UpstreamError) return error.message;
        throw error;
      },
    );
  return { ...describeRule(registry.account, rule), isValid: failure === undefined, failure };
};
