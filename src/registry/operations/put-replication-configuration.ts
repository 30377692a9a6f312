import { requireReplicationConfiguration } from "../replication/replication-rules.js";
import type { Operation } from "./operation.js";

/** Replaces all replication rules; images that are pushed from now on follow them. */
export const putReplicationConfiguration: Operation<"PutReplicationConfiguration"> = async (
  state,
  caller,
  { replicationConfiguration },
) => {
  const { account, region } = caller;
  requireReplicationConfiguration(caller, replicationConfiguration);
  await state.store.transaction(() =>
    state.tables.replicationConfiguration.put([account, region], replicationConfiguration),
  );
  return { replicationConfiguration };
};
