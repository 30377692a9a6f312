import type { EcrError } from "../../errors.js";
import type { DescribeImagesFilter, ImageDetail, ImageFailure, ImageIdentifier } from "../../protocol/ecr/images.js";
import { askInBatches, type BatchResult, distinct, isTooLarge, openGate } from "../batch.js";
import type { CallScope } from "../call-scope.js";
import { listed } from "../listed.js";
import type { ServiceContext } from "../service-context.js";
import { askForKnown, type WholeOrNothing } from "../unknown-items.js";

/**
 * The details of given images. DescribeImages fails whole when one image is unknown, so the unknown ones are found out by the error's
 * text, or by cutting the ids in half where it names none of them.
 */
export async function describeImages(
  { send, registry }: ServiceContext,
  repositoryName: string,
  ids: readonly ImageIdentifier[],
  filter: DescribeImagesFilter | undefined,
  scope: CallScope,
): Promise<BatchResult<ImageDetail>> {
  const gate = openGate();
  const operation: WholeOrNothing<ImageIdentifier, ImageDetail> = {
    async ask(imageIds) {
      const input = { ...registry, repositoryName, imageIds, ...(filter && { filter }) };
      const { imageDetails } = await send("DescribeImages", input, scope);
      return listed("DescribeImages", imageDetails);
    },
    unknown: "ImageNotFound",
    isNamedBy,
    isExpected: isTooLarge,
  };
  const wanted = distinct(ids);
  const parts = await askInBatches(
    wanted,
    (run) => run(),
    (part) => askForKnown(part, gate, operation),
  );
  return inOrder(
    wanted,
    parts.flatMap(({ answers }) => answers),
    parts.flatMap(({ unknown }) => unknown.map(({ item, reason }) => notFound(item, reason))),
  );
}

/** Whether the error's text is about this id: `{imageDigest:'sha256:…', imageTag:'null'}`. observed: field reports. */
function isNamedBy({ service }: EcrError, { imageDigest, imageTag }: ImageIdentifier): boolean {
  const named = /imageDigest:\s*'?([^',}]*)'?,\s*imageTag:\s*'?([^',}]*)/.exec(service?.message ?? "");
  return named !== null && named[1] === (imageDigest ?? "null") && named[2] === (imageTag ?? "null");
}

const notFound = (imageId: ImageIdentifier, failureReason: string): ImageFailure => ({
  imageId,
  failureCode: "ImageNotFound",
  failureReason,
});

/** The details in the order of the ids, each image once; an id that was neither answered nor refused is a failure too. */
function inOrder(
  ids: readonly ImageIdentifier[],
  details: readonly ImageDetail[],
  failures: readonly ImageFailure[],
): BatchResult<ImageDetail> {
  const byDigest = new Map(details.map((detail) => [detail.imageDigest, detail]));
  const byTag = new Map(details.flatMap((detail) => (detail.imageTags ?? []).map((tag) => [tag, detail] as const)));
  const failed = new Map(failures.map((failure) => [failure.imageId, failure]));
  const images = new Map<string, ImageDetail>();
  const missing: ImageFailure[] = [];
  for (const id of ids) {
    const detail = id.imageDigest === undefined ? byTag.get(id.imageTag ?? "") : byDigest.get(id.imageDigest);
    const failure = failed.get(id);
    if (failure !== undefined) missing.push(failure);
    else if (detail !== undefined) images.set(detail.imageDigest, detail);
    else missing.push(notFound(id, "ECR answered without this image and without an error"));
  }
  return { images: [...images.values()], failures: missing };
}
