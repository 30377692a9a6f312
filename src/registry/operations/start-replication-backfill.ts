import { randomUUID } from "node:crypto";
import { ServiceError } from "../../protocol/service-error.js";
import { limitExceeded } from "../refusals.js";
import { forgetOldBackfills, hasEnded, MAX_RUNNING } from "../replication/backfills.js";
import type { BackfillRecord } from "../replication/replication-records.js";
import { destinationsOf, replicationConfigurationOf } from "../replication/replication-rules.js";
import { scheduleBackfill } from "../replication/run-backfill.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Starts to copy the images that are there already to a destination of the replication rules. Texts: assumed. */
export const startReplicationBackfill: Operation<"StartReplicationBackfill"> = (state, caller, input) => {
  const { account, region } = registryOf(caller, input.registryId);
  const { destination } = input;
  const { backfill } = state.tables;
  return state.store.transaction(() => {
    const configured = destinationsOf(replicationConfigurationOf(state, { account, region }));
    if (!configured.some((one) => one.region === destination.region && one.registryId === destination.registryId))
      throw new ServiceError(
        "ValidationException",
        `The destination in '${destination.region}' with registry id '${destination.registryId}' is not in the replication configuration`,
      );
    forgetOldBackfills(state, { account, region });
    const running = [...backfill.list([account, region])].flatMap(([, one]) => (hasEnded(one) ? [] : [one]));
    if (running.some((one) => one.destination.region === destination.region))
      throw new ServiceError(
        "ReplicationBackfillInProgressException",
        `A replication backfill to the region '${destination.region}' is already in progress in the registry with id '${account}'`,
      );
    if (running.length >= MAX_RUNNING) throw limitExceeded("running replication backfills", MAX_RUNNING);
    const backfillId = randomUUID();
    const startedAtMs = state.time.now();
    const started: BackfillRecord = {
      destination,
      startedAtMs,
      phase: { at: "PREPARING" },
      completedCount: 0,
      failedCount: 0,
      failureCodes: [],
    };
    backfill.put([account, region, backfillId], started);
    scheduleBackfill(state, { account, region, backfillId });
    return {
      registryId: account,
      replicationBackfillId: backfillId,
      destination,
      status: "PREPARING",
      startedAt: new Date(startedAtMs),
    } as const;
  });
};
