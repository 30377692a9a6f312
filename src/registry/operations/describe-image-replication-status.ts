import { requireImage } from "../require-image.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Where the copies of one image stand, one entry a destination; none when no rule covered it when it was pushed (assumed). */
export const describeImageReplicationStatus: Operation<"DescribeImageReplicationStatus"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  const { repositoryName, imageId } = input;
  requireRepository(state, target);
  const { digest } = requireImage(state, target, imageId);
  const copies = state.tables.replication.list([...keyOf(target), digest]);
  return {
    repositoryName,
    imageId,
    replicationStatuses: Array.from(copies, ([[region, registryId], { status, failureCode }]) => ({
      region,
      registryId,
      status,
      failureCode,
    })),
  };
};
