import { ServiceError } from "../../protocol/service-error.js";
import { requireBackfill } from "../replication/backfills.js";
import type { BackfillPhase } from "../replication/replication-records.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Ends a backfill: at once while it is being prepared, else when the copies that are on their way have arrived. */
export const stopReplicationBackfill: Operation<"StopReplicationBackfill"> = (state, caller, input) => {
  const registry = registryOf(caller, input.registryId);
  const { replicationBackfillId } = input;
  return state.store.transaction(() => {
    const backfill = requireBackfill(state, registry, replicationBackfillId);
    const phase = stopped(backfill.phase, state.time.now());
    // assumed text; also for one that is stopping already.
    if (!phase)
      throw new ServiceError(
        "ReplicationBackfillInvalidStatusException",
        `The replication backfill with id '${replicationBackfillId}' can't be stopped because its status is ${backfill.phase.at}`,
      );
    state.tables.backfill.put([registry.account, registry.region, replicationBackfillId], { ...backfill, phase });
    return {
      registryId: registry.account,
      replicationBackfillId,
      destination: backfill.destination,
      status: phase.at,
      startedAt: new Date(backfill.startedAtMs),
    };
  });
};

function stopped(phase: BackfillPhase, nowMs: number): BackfillPhase | undefined {
  switch (phase.at) {
    case "PREPARING":
      return { at: "STOPPED", endedAtMs: nowMs };
    case "IN_PROGRESS":
      return { at: "STOPPING", totalCount: phase.totalCount };
    default:
      return undefined;
  }
}
