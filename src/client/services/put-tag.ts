import { EcrError, isEcrError } from "../../errors.js";
import { digestOf } from "../../image/digest.js";
import { parseManifest } from "../../image/manifest.js";
import type { Image, ImageDetail, ImageIdentifier } from "../../protocol/ecr/images.js";
import type { CallScope } from "../call-scope.js";
import { fromImageFailure, imageName } from "../image-failure.js";
import type { ServiceContext } from "../service-context.js";
import { getImages } from "./get-images.js";

/** A manifest to put, byte for byte. An `Image` of another repository is one. */
export interface ManifestSource {
  /** The exact text of the manifest. */
  readonly imageManifest: string;
  /** @default what the manifest says of itself, or else its structure */
  readonly imageManifestMediaType?: string | undefined;
}

/** One image with its manifest. @throws {EcrError} kind `ImageNotFound` when there is none */
export async function getImage(
  context: ServiceContext,
  repository: string,
  id: ImageIdentifier,
  scope: CallScope,
): Promise<Image> {
  const { images, failures } = await getImages(context, repository, [id], scope);
  const [image] = images;
  if (image !== undefined) return image;
  const [failure] = failures;
  if (failure === undefined) throw new EcrError("BatchGetImage answered nothing", { kind: "InvalidResponse" });
  const call = { operation: "BatchGetImage", subject: imageName(repository, id), region: context.region() };
  throw fromImageFailure(failure, call);
}

/** Makes `tag` name the source. Nothing is written when it does already, whether the repository's tags are mutable or not. */
export async function putTag(
  context: ServiceContext,
  repositoryName: string,
  source: ImageIdentifier | ManifestSource,
  tag: string,
  within: CallScope,
): Promise<Image> {
  const scope = { ...within, fresh: true };
  const { send, registry } = context;
  const { imageManifest, imageManifestMediaType } =
    "imageManifest" in source ? withMediaType(source) : await getImage(context, repositoryName, source, scope);
  const imageDigest = digestOf(imageManifest);
  const put = { ...registry, repositoryName, imageManifest, imageManifestMediaType, imageTag: tag, imageDigest };
  try {
    const { image } = await send("PutImage", put, scope);
    requireDigest(image, imageDigest, repositoryName, context.region());
    return image;
  } catch (error) {
    if (!isEcrError(error, "ImageAlreadyExists") && !isEcrError(error, "ImageTagAlreadyExists")) throw error;
    const detail = await describeTag(context, repositoryName, tag, scope).catch(() => undefined);
    if (detail?.imageDigest !== imageDigest) throw error;
    const imageId = { imageDigest, imageTag: tag };
    return { registryId: detail.registryId, repositoryName, imageId, imageManifest, imageManifestMediaType };
  }
}

async function describeTag(
  { send, registry }: ServiceContext,
  repositoryName: string,
  imageTag: string,
  scope: CallScope,
): Promise<ImageDetail | undefined> {
  const { imageDetails } = await send(
    "DescribeImages",
    { ...registry, repositoryName, imageIds: [{ imageTag }] },
    scope,
  );
  return imageDetails[0];
}

/** ECR demands a media type where the manifest has none; what the structure tells is what a registry would read. */
function withMediaType({
  imageManifest,
  imageManifestMediaType,
}: ManifestSource): Pick<Image, "imageManifest" | "imageManifestMediaType"> {
  try {
    const { mediaType } = parseManifest(imageManifest, imageManifestMediaType);
    return { imageManifest, imageManifestMediaType: mediaType };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EcrError(`source.imageManifest is refused: ${reason}`, { kind: "InvalidParameter", cause });
  }
}

function requireDigest(image: Image | undefined, digest: string, repository: string, region: string): void {
  const stored = image?.imageId?.imageDigest;
  if (stored === digest) return;
  throw new EcrError(
    `PutImage of ${imageName(repository, { imageDigest: digest })} in ${region} was answered with ${stored}: what is stored is not what was sent.`,
    { kind: "ImageDigestMismatch", operation: "PutImage", region },
  );
}
