import type { ImageIdentifier } from "../../protocol/ecr/images.js";
import { ServiceError } from "../../protocol/service-error.js";
import type { Target } from "../registry.js";

/** ECR's refusals to scan, one function each. */

/** observed: field reports (facts 2.3) */
export const scanNotFound = (
  { account, repositoryName }: Target,
  { imageDigest = "null", imageTag = "null" }: ImageIdentifier,
): ServiceError =>
  new ServiceError(
    "ScanNotFoundException",
    `Image scan does not exist for the image with '{imageDigest:'${imageDigest}', imageTag:'${imageTag}'}' in the repository with name '${repositoryName}' in the registry with id '${account}'`,
  );

/** observed: docker/setup-buildx-action #186, of an index; assumed for artifacts. */
export const unsupportedImageType = (mediaType: string): ServiceError =>
  new ServiceError(
    "UnsupportedImageTypeException",
    `An artifact with media type '${mediaType}' cannot be scanned. For more information, see the Amazon ECR documentation.`,
  );

/** assumed text */
export const imageArchived = ({ account, repositoryName }: Target, digest: string): ServiceError =>
  new ServiceError(
    "ImageArchivedException",
    `The image with digest '${digest}' in the repository with name '${repositoryName}' in the registry with id '${account}' is archived and cannot be scanned`,
  );

/** observed of an image (facts 2.3); the text of a registry is assumed after it. */
export const scanQuotaExceeded = (of: "image" | "registry"): ServiceError =>
  new ServiceError("LimitExceededException", `The scan quota per ${of} has been exceeded. Wait and try again.`);

/** observed text (alexjurkiewicz/ecr-scan-image #44); the error's name is assumed. */
export const manualScanDisabled = (): ServiceError =>
  new ServiceError("ValidationException", "This feature is disabled");
