import { exclusionNotFound } from "../settings/pull-time-exclusions.js";
import type { Operation } from "./operation.js";

/** Pulls by this principal count again. */
export const deregisterPullTimeUpdateExclusion: Operation<"DeregisterPullTimeUpdateExclusion"> = (
  state,
  { account, region },
  { principalArn },
) => {
  const { pullTimeExclusion } = state.tables;
  return state.store.transaction(() => {
    if (!pullTimeExclusion.has(account, region, principalArn)) throw exclusionNotFound(principalArn);
    pullTimeExclusion.remove(account, region, principalArn);
    return { principalArn };
  });
};
