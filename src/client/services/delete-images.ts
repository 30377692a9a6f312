import type { ImageFailure, ImageIdentifier } from "../../protocol/ecr/images.js";
import { askInBatches, distinct, openGate } from "../batch.js";
import type { CallScope } from "../call-scope.js";
import { listed } from "../listed.js";
import type { ServiceContext } from "../service-context.js";

/** What a deletion came to. */
export interface DeleteResult {
  /** What went: of an image that was deleted each of its tags with its digest, of an untagged one its digest alone. */
  readonly deleted: readonly ImageIdentifier[];
  /** What stayed, and why. */
  readonly failures: readonly ImageFailure[];
}

/**
 * Deletes given images. ECR refuses to delete a child before its index, and does not say in which order it takes the images of one
 * request: what was refused for that reason is tried again as long as the round before deleted something.
 */
export async function deleteImages(
  { send, registry }: ServiceContext,
  repositoryName: string,
  ids: readonly ImageIdentifier[],
  scope: CallScope,
): Promise<DeleteResult> {
  const deleted: ImageIdentifier[] = [];
  const failures: ImageFailure[] = [];
  let left = distinct(ids);
  while (left.length > 0) {
    const answers = await askInBatches(left, openGate(), (imageIds) =>
      send("BatchDeleteImage", { ...registry, repositoryName, imageIds }, scope),
    );
    const gone = answers.flatMap(({ imageIds }) => listed("BatchDeleteImage", imageIds));
    const refused = answers.flatMap((answer) => answer.failures ?? []);
    const isWaiting = ({ failureCode }: ImageFailure): boolean =>
      failureCode === "ImageReferencedByManifestList" && gone.length > 0;
    deleted.push(...gone);
    failures.push(...refused.filter((failure) => !isWaiting(failure)));
    left = refused.filter(isWaiting).map(({ imageId }) => imageId);
  }
  return { deleted, failures };
}
