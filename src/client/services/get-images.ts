import { EcrError } from "../../errors.js";
import { verifyDigest } from "../../image/digest.js";
import type { Image, ImageFailure, ImageIdentifier } from "../../protocol/ecr/images.js";
import { askInBatches, type BatchResult, distinct, keyOf, openGate } from "../batch.js";
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
    const isAsked = membership(imageIds);
    for (const image of listed("BatchGetImage", images)) verifyManifest(image, isAsked, repositoryName, region());
    return { images, failures: failures ?? [] };
  });
  return inOrder(
    wanted,
    answers.flatMap(({ images }) => images),
    answers.flatMap(({ failures }) => failures),
  );
}

/** Whether an answered id is by its digest or by its tag among those that were asked for. */
function membership(asked: readonly ImageIdentifier[]): (answered: ImageIdentifier) => boolean {
  const digests = new Set(asked.map(({ imageDigest }) => imageDigest ?? ""));
  const tags = new Set(asked.map(({ imageTag }) => imageTag ?? ""));
  return ({ imageDigest, imageTag }) =>
    (!!imageDigest && digests.has(imageDigest)) || (!!imageTag && tags.has(imageTag));
}

/** A manifest that is not what its digest says must go no further. */
function verifyManifest(
  { imageId, imageManifest }: Image,
  isAsked: (answered: ImageIdentifier) => boolean,
  repository: string,
  region: string,
): void {
  if (isAsked(imageId) && verifyDigest(imageManifest, imageId.imageDigest ?? "")) return;
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
  const imageOf = byAsked(images);
  const failureOf = byAsked(failures);
  const found = ids.map(imageOf);
  const missing = ids.flatMap((imageId, index): readonly ImageFailure[] => {
    if (found[index] !== undefined) return [];
    const failure = failureOf(imageId);
    const failureReason = "ECR answered without this image and without an error";
    return [failure ?? { imageId, failureCode: "ImageNotFound", failureReason }];
  });
  return { images: found.filter((image) => image !== undefined), failures: missing };
}

/** The first answer for an id: a digest alone may be answered with a tag, a tag always is with its digest. */
function byAsked<A extends { readonly imageId: ImageIdentifier }>(
  answers: readonly A[],
): (asked: ImageIdentifier) => A | undefined {
  const known = new Map<string, A>();
  for (const answer of answers) {
    const { imageDigest, imageTag } = answer.imageId;
    for (const asked of [{ imageDigest, imageTag }, { imageDigest }, { imageTag }])
      if (!known.has(keyOf(asked))) known.set(keyOf(asked), answer);
  }
  return (asked) => known.get(keyOf(asked));
}
