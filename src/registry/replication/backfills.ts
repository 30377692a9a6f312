import type { ReplicationBackfillSummary } from "../../protocol/ecr/replication.js";
import { ServiceError } from "../../protocol/service-error.js";
import type { RegistryOf, State } from "../state.js";
import type { BackfillRecord } from "./replication-records.js";

/** documented: StartReplicationBackfill, running at once in a registry. */
export const MAX_RUNNING = 10;

/** How long a backfill that has ended is listed. documented: ListReplicationBackfills. */
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The end of a backfill, if it has come. */
const endOf = ({ phase }: BackfillRecord): { readonly endedAtMs: number; readonly failureCode?: string | undefined } =>
  "endedAtMs" in phase ? phase : { endedAtMs: Number.POSITIVE_INFINITY };

export const hasEnded = (backfill: BackfillRecord): boolean => endOf(backfill).endedAtMs < Number.POSITIVE_INFINITY;

/** Whether a backfill is still shown. */
export const isKept = ({ time }: State, backfill: BackfillRecord): boolean =>
  time.now() - endOf(backfill).endedAtMs < KEPT_MS;

/** Removes the backfills of a registry that are no longer shown, with their results. Only inside a transaction. */
export function forgetOldBackfills(state: State, { account, region }: RegistryOf): void {
  const { backfill, backfillItem } = state.tables;
  const old = [...backfill.list([account, region])].filter(([, each]) => !isKept(state, each));
  for (const [[id = ""]] of old) {
    backfillItem.clear([account, region, id]);
    backfill.remove(account, region, id);
  }
}

/** @throws {ServiceError} ReplicationBackfillNotFoundException | ValidationException (texts: assumed) */
export function requireBackfill(state: State, { account, region }: RegistryOf, id: string): BackfillRecord {
  if (!UUID.test(id)) throw new ServiceError("ValidationException", `'${id}' is not the id of a replication backfill`);
  const backfill = state.tables.backfill.get(account, region, id);
  if (!backfill || !isKept(state, backfill))
    throw new ServiceError(
      "ReplicationBackfillNotFoundException",
      `The replication backfill with id '${id}' does not exist in the registry with id '${account}'`,
    );
  return backfill;
}

/** A backfill as ECR lists it. */
export function describeBackfill(replicationBackfillId: string, backfill: BackfillRecord): ReplicationBackfillSummary {
  const { destination, phase, startedAtMs, completedCount, failedCount, failureCodes } = backfill;
  const totalCount = "totalCount" in phase ? phase.totalCount : undefined;
  const { endedAtMs, failureCode } = endOf(backfill);
  return {
    replicationBackfillId,
    destination,
    status: phase.at,
    startedAt: new Date(startedAtMs),
    failureCode,
    // documented: none while the set of images is not known.
    progress:
      totalCount === undefined
        ? undefined
        : {
            totalReplicationCount: totalCount,
            completedReplicationCount: completedCount,
            failedReplicationCount: failedCount,
            failureCodes,
          },
    endedAt: hasEnded(backfill) ? new Date(endedAtMs) : undefined,
  };
}
