import { requireImage } from "../require-image.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Where the signing of one image stands, one entry a profile; none when no rule covered it when it was pushed (assumed). */
export const describeImageSigningStatus: Operation<"DescribeImageSigningStatus"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  const { repositoryName, imageId } = input;
  requireRepository(state, target);
  const { digest } = requireImage(state, target, imageId);
  const signings = state.tables.signing.list([...keyOf(target), digest]);
  return {
    repositoryName,
    imageId,
    registryId: target.account,
    signingStatuses: Array.from(signings, ([[signingProfileArn], signing]) => ({ signingProfileArn, ...signing })),
  };
};
