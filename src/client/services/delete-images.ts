import { type EcrError, isEcrError } from "../../errors.js";
import type { ImageFailure, ImageIdentifier } from "../../protocol/ecr/images.js";
import { askInBatches, distinct, openGate } from "../batch.js";
import type { CallScope } from "../call-scope.js";
import { listed } from "../listed.js";
import type { ServiceContext } from "../service-context.js";

/** Why an image stayed: what ECR answered, or else the error of the request that was to delete it. */
export interface DeleteFailure extends Omit<ImageFailure, "failureCode"> {
  /** ECR's own code; `RequestFailed` when no answer says what became of the image. */
  readonly failureCode: ImageFailure["failureCode"] | "RequestFailed";
  /** With `RequestFailed`: what the request failed with, or the one before it, after which this was not sent. */
  readonly error?: EcrError | undefined;
}

/** What a deletion came to. */
export interface DeleteResult {
  /** What went: of an image that was deleted each of its tags with its digest, of an untagged one its digest alone. */
  readonly deleted: readonly ImageIdentifier[];
  /** What stayed, and why. */
  readonly failures: readonly DeleteFailure[];
}

/** What came of one request. */
interface Part {
  readonly gone: readonly ImageIdentifier[];
  readonly refused: readonly DeleteFailure[];
  /** What it failed with, in place of an answer. */
  readonly error?: EcrError;
}

/**
 * Deletes given images. ECR refuses to delete a child before its index, and does not say in which order it takes the images of one
 * request: what was refused for that reason is tried again as long as the round before deleted something. After a request that fails
 * nothing more is sent; it rejects if nothing was answered at all.
 */
export async function deleteImages(
  context: ServiceContext,
  repositoryName: string,
  ids: readonly ImageIdentifier[],
  scope: CallScope,
): Promise<DeleteResult> {
  const deleted: ImageIdentifier[] = [];
  const failures: DeleteFailure[] = [];
  let left = distinct(ids);
  for (let round = 1; left.length > 0; round++) {
    const parts = await deleteRound(context, repositoryName, left, scope);
    const gone = parts.flatMap((part) => part.gone);
    const refused = parts.flatMap((part) => part.refused);
    const errors = parts.flatMap(({ error }) => error ?? []);
    const [error] = errors;
    if (error !== undefined && round === 1 && errors.length === parts.length) throw error;
    const isWaiting = ({ failureCode }: DeleteFailure): boolean =>
      failureCode === "ImageReferencedByManifestList" && gone.length > 0 && error === undefined;
    deleted.push(...gone);
    failures.push(...refused.filter((failure) => !isWaiting(failure)));
    left = refused.filter(isWaiting).map(({ imageId }) => imageId);
  }
  return { deleted, failures };
}

function deleteRound(
  { send, registry }: ServiceContext,
  repositoryName: string,
  ids: readonly ImageIdentifier[],
  scope: CallScope,
): Promise<readonly Part[]> {
  const gate = openGate();
  const sent = new Set<readonly ImageIdentifier[]>();
  const ask = async (imageIds: readonly ImageIdentifier[]): Promise<Part> => {
    sent.add(imageIds);
    const answer = await send("BatchDeleteImage", { ...registry, repositoryName, imageIds }, scope);
    return { gone: listed("BatchDeleteImage", answer.imageIds), refused: answer.failures ?? [] };
  };
  const giveUp = (part: readonly ImageIdentifier[], error: unknown): Part => {
    if (!isEcrError(error)) throw error;
    const failureReason = `${sent.has(part) ? "" : "not sent, for another request had failed: "}${error.message}`;
    const refused = part.map((imageId) => ({ imageId, failureCode: "RequestFailed" as const, failureReason, error }));
    return { gone: [], refused, error };
  };
  return askInBatches(ids, gate, ask, giveUp);
}
