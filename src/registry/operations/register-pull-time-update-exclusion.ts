import { limitExceeded } from "../refusals.js";
import { exclusionAlreadyExists, MAX_EXCLUSIONS } from "../settings/pull-time-exclusions.js";
import type { Operation } from "./operation.js";

/** Pulls by this principal no longer count as the last pull of an image. */
export const registerPullTimeUpdateExclusion: Operation<"RegisterPullTimeUpdateExclusion"> = (
  state,
  { account, region },
  { principalArn },
) => {
  const { pullTimeExclusion } = state.tables;
  return state.store.transaction(() => {
    if (pullTimeExclusion.has(account, region, principalArn)) throw exclusionAlreadyExists(principalArn);
    if ([...pullTimeExclusion.list([account, region])].length >= MAX_EXCLUSIONS)
      throw limitExceeded("pull time update exclusions", MAX_EXCLUSIONS);
    const createdAtMs = state.time.now();
    pullTimeExclusion.put([account, region, principalArn], { createdAtMs });
    return { principalArn, createdAt: new Date(createdAtMs) };
  });
};
