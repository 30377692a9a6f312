import type { ImageIdentifier } from "../protocol/ecr/images.js";
import { ServiceError } from "../protocol/service-error.js";
import type { Target } from "./registry.js";

/** ECR's refusals, one function each. The texts are observed (facts 2.3, field reports and moto's tests) unless they say assumed. */

const inRepository = ({ account, repositoryName }: Target): string =>
  `the repository with name '${repositoryName}' in the registry with id '${account}'`;

export const invalidParameter = (field: string, constraint: string): ServiceError =>
  new ServiceError(
    "InvalidParameterException",
    `Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`,
  );

export const repositoryNotFound = ({ account, repositoryName }: Target): ServiceError =>
  new ServiceError(
    "RepositoryNotFoundException",
    `The repository with name '${repositoryName}' does not exist in the registry with id '${account}'`,
  );

export const repositoryAlreadyExists = ({ account, repositoryName }: Target): ServiceError =>
  new ServiceError(
    "RepositoryAlreadyExistsException",
    `The repository with name '${repositoryName}' already exists in the registry with id '${account}'`,
  );

export const repositoryNotEmpty = ({ account, repositoryName }: Target): ServiceError =>
  new ServiceError(
    "RepositoryNotEmptyException",
    `The repository with name '${repositoryName}' in registry with id '${account}' cannot be deleted because it still contains images`,
  );

export const imageNotFound = (
  target: Target,
  { imageDigest = "null", imageTag = "null" }: ImageIdentifier,
): ServiceError =>
  new ServiceError(
    "ImageNotFoundException",
    `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within ${inRepository(target)}`,
  );

export const imageAlreadyExists = (
  { account, repositoryName }: Target,
  digest: string,
  tag: string | undefined,
): ServiceError =>
  new ServiceError(
    "ImageAlreadyExistsException",
    `Image with digest '${digest}' and tag '${tag ?? "null"}' already exists in the repository with name '${repositoryName}' in registry with id '${account}'`,
  );

/** Two wordings were observed: of a repository whose tags are all immutable, and of a tag that a filter makes so (which is which: assumed). */
export const imageTagAlreadyExists = (
  { repositoryName }: Target,
  tag: string,
  immutable: "repository" | "tag",
): ServiceError =>
  new ServiceError(
    "ImageTagAlreadyExistsException",
    `The image tag '${tag}' already exists in the '${repositoryName}' repository and cannot be overwritten because the ${immutable} is immutable.`,
  );

/** assumed text */
export const imageDigestDoesNotMatch = (given: string, computed: string): ServiceError =>
  new ServiceError(
    "ImageDigestDoesNotMatchException",
    `Image digest '${given}' does not match the digest of the image manifest, '${computed}'`,
  );

/** assumed text, after that of missing images */
export const layersNotFound = ({ account, repositoryName }: Target, digests: readonly string[]): ServiceError =>
  new ServiceError(
    "LayersNotFoundException",
    `Layers with digests '[${digests.join(", ")}]' required for pushing image into repository with name '${repositoryName}' in the registry with id '${account}' do not exist`,
  );

export const referencedImagesNotFound = (
  { account, repositoryName }: Target,
  digests: readonly string[],
): ServiceError =>
  new ServiceError(
    "ReferencedImagesNotFoundException",
    `Images with digests '[${digests.join(", ")}]' required for pushing image into repository with name '${repositoryName}' in the registry with id '${account}' do not exist`,
  );

export const layerNotFound = (target: Target, digest: string): ServiceError =>
  new ServiceError(
    "LayersNotFoundException",
    `The layer with digest ${digest} does not exist within ${inRepository(target)}`,
  );

/** assumed text */
export const layerInaccessible = (target: Target, digest: string): ServiceError =>
  new ServiceError(
    "LayerInaccessibleException",
    `The layer with digest ${digest} is not associated with an image in ${inRepository(target)}`,
  );

/** assumed text */
export const layerAlreadyExists = (target: Target, digest: string): ServiceError =>
  new ServiceError(
    "LayerAlreadyExistsException",
    `The layer with digest '${digest}' already exists in ${inRepository(target)}`,
  );

/** assumed text */
export const uploadNotFound = (target: Target, uploadId: string): ServiceError =>
  new ServiceError(
    "UploadNotFoundException",
    `The upload with id '${uploadId}' does not exist in ${inRepository(target)}`,
  );

/** assumed text */
export const emptyUpload = (target: Target, uploadId: string): ServiceError =>
  new ServiceError(
    "EmptyUploadException",
    `The upload with id '${uploadId}' to ${inRepository(target)} has no layer parts`,
  );

/** assumed text */
export const invalidLayer = (given: string, computed: string): ServiceError =>
  new ServiceError(
    "InvalidLayerException",
    `The layer digest '${given}' does not match the digest of the uploaded layer, '${computed}'`,
  );

/** assumed text; the size is documented */
export const layerPartTooSmall = (uploadId: string): ServiceError =>
  new ServiceError(
    "LayerPartTooSmallException",
    `The upload with id '${uploadId}' has a layer part of less than 5 MiB that is not its last`,
  );

/** assumed text; the members are documented. `lastValidByteReceived` is -1 before the first part (assumed), so that the next byte is one further. */
export const invalidLayerPart = (
  { account, repositoryName }: Target,
  uploadId: string,
  sizeBytes: number,
  problem: string,
): ServiceError =>
  new ServiceError("InvalidLayerPartException", `Invalid layer part for the upload with id '${uploadId}': ${problem}`, {
    members: { registryId: account, repositoryName, uploadId, lastValidByteReceived: sizeBytes - 1 },
  });

/** assumed text */
export const limitExceeded = (what: string, limit: number): ServiceError =>
  new ServiceError("LimitExceededException", `The limit of ${limit} ${what} has been exceeded`);
