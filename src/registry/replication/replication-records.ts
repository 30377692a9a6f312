import type {
  ReplicationBackfillDestination,
  ReplicationBackfillResult,
  ReplicationDestination,
} from "../../protocol/ecr/replication.js";

/** Where the copy of an image to one destination stands; repository, digest and destination are its key. */
export interface ReplicationRecord {
  readonly status: "IN_PROGRESS" | "COMPLETE" | "FAILED";
  readonly failureCode?: string | undefined;
}

/** A backfill that is still to end: what it does next says its phase. */
export type BackfillPhase =
  | { readonly at: "PREPARING" }
  | { readonly at: "IN_PROGRESS" | "STOPPING"; readonly totalCount: number }
  | {
      readonly at: "COMPLETE" | "FAILED" | "STOPPED";
      /** Absent when it was stopped before the set of images was known. */
      readonly totalCount?: number | undefined;
      readonly endedAtMs: number;
      readonly failureCode?: string | undefined;
    };

/** A backfill; its registry and its id are its key. */
export interface BackfillRecord {
  readonly destination: ReplicationBackfillDestination;
  readonly startedAtMs: number;
  readonly phase: BackfillPhase;
  /** Copies that ended well. */
  readonly completedCount: number;
  readonly failedCount: number;
  /** Each code once. */
  readonly failureCodes: readonly string[];
}

/** One image and tag of a backfill, before and after it was copied. */
export interface BackfillItem {
  readonly repositoryName: string;
  readonly digest: string;
  readonly tag?: string | undefined;
  readonly result?: ReplicationBackfillResult | undefined;
}

export const destinationKey = ({ region, registryId }: ReplicationDestination): readonly [string, string] => [
  region,
  registryId,
];
