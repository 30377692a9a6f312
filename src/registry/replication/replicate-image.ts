import type { ReplicationDestination } from "../../protocol/ecr/replication.js";
import { schedule } from "../jobs.js";
import type { Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import { type CopiedImage, replicate } from "./copy-image.js";
import { destinationKey } from "./replication-records.js";
import { destinationsFor, replicationConfigurationOf } from "./replication-rules.js";

/** A copy that is on its way. */
export interface ReplicateImage extends Target, CopiedImage {
  readonly destination: ReplicationDestination;
}

/** Sends an image to every destination of its repository. Only inside a transaction. */
export function startReplication(state: State, target: Target, { digest, tag }: CopiedImage): void {
  const { account, region, repositoryName } = target;
  for (const destination of destinationsFor(replicationConfigurationOf(state, target), repositoryName)) {
    state.tables.replication.put([...keyOf(target), digest, ...destinationKey(destination)], { status: "IN_PROGRESS" });
    const job = { account, region, repositoryName, digest, tag, destination };
    schedule(state, state.time.now() + state.settings.replicationLagMs, { kind: "replicate-image", ...job });
  }
}

/** The arrival of a copy, unless the image was deleted in the meantime. */
export function replicateImage(state: State, job: ReplicateImage): void {
  const { account, region, repositoryName, digest, tag, destination } = job;
  const source = { account, region, repositoryName };
  if (!state.tables.image.has(...keyOf(source), digest)) return;
  const failureCode = replicate(state, source, { digest, tag }, destination);
  state.tables.replication.put(
    [...keyOf(source), digest, ...destinationKey(destination)],
    failureCode === undefined ? { status: "COMPLETE" } : { status: "FAILED", failureCode },
  );
}
