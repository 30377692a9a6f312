import { EcrError } from "../../errors.js";
import { verifyDigest } from "../../image/digest.js";
import type { Image, ImageFailure, ImageIdentifier } from "../../protocol/ecr/images.js";
import { askInBatches, type BatchResult, distinct, openGate } from "../batch.js";
import type { CallScope } from "../call-scope.js";
import { imageName } from "../image-failure.js";
import { listed } from "../listed.js";
import type { ServiceContext } from "../service-context.js";

/** Given images with their manifests, each manifest held to its digest. @throws {EcrError} kind `ImageDigestMismatch` */
export async function getImages(
  { send, registry, region }: ServiceContext,
  repositoryName: string,
  ids: readonly ImageIdentifier[],
  scope: CallScope,
): Promise<BatchResult<Image>> {
  const wanted = distinct(ids);
  const answers = await askInBatches(wanted, openGate(), async (imageIds) => {
    const { images, failures } = await send("BatchGetImage", { ...registry, repositoryName, imageIds }, scope);
    for (const image of listed("BatchGetImage", images)) verifyManifest(image, imageIds, repositoryName, region());
    return { images, failures: failures ?? [] };
  });
  return inOrder(
    wanted,
    answers.flatMap(({ images }) => images),
    answers.flatMap(({ failures }) => failures),
  );
}

/** A manifest that is not what its digest says must go no further. */
function verifyManifest(
  { imageId, imageManifest }: Image,
  asked: readonly ImageIdentifier[],
  repository: string,
  region: string,
): void {
  const { imageDigest = "" } = imageId;
  const isAsked = asked.some((id) => id.imageDigest === imageDigest || (id.imageTag ?? "") === imageId.imageTag);
  if (isAsked && verifyDigest(imageManifest, imageDigest)) return;
  throw new EcrError(
    `BatchGetImage of ${imageName(repository, imageId)} in ${region} gave a manifest that its digest does not name: it was damaged or exchanged on the way.`,
    { kind: "ImageDigestMismatch", operation: "BatchGetImage", region },
  );
}

/** The images in the order of the ids; an id that was neither answered nor refused is a failure too. */
function inOrder(
  ids: readonly ImageIdentifier[],
  images: readonly Image[],
  failures: readonly ImageFailure[],
): BatchResult<Image> {
  const found = ids.map((id) => images.find(({ imageId }) => isSame(id, imageId)));
  const missing = ids.flatMap((imageId, index): readonly ImageFailure[] => {
    if (found[index] !== undefined) return [];
    const failure = failures.find((one) => isSame(imageId, one.imageId));
    const failureReason = "ECR answered without this image and without an error";
    return [failure ?? { imageId, failureCode: "ImageNotFound", failureReason }];
  });
  return { images: found.filter((image) => image !== undefined), failures: missing };
}

/** Whether an answered id is the one asked for: a digest alone may be answered with a tag, a tag always is with its digest. */
const isSame = (asked: ImageIdentifier, answered: ImageIdentifier): boolean =>
  (asked.imageDigest === undefined || asked.imageDigest === answered.imageDigest) &&
  (asked.imageTag === undefined || asked.imageTag === answered.imageTag);
