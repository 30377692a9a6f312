import { replicationConfigurationOf } from "../replication/replication-rules.js";
import type { Operation } from "./operation.js";

/** The registry's id and its replication rules, of which there may be none. */
export const describeRegistry: Operation<"DescribeRegistry"> = (state, caller) => ({
  registryId: caller.account,
  replicationConfiguration: replicationConfigurationOf(state, caller),
});
