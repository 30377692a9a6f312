import type { EcrError, EcrErrorKind } from "../errors.js";
import type { ImageFailure } from "../protocol/ecr/images.js";
import { failure } from "./error-mapper.js";

const KIND_OF_FAILURE: { readonly [C in ImageFailure["failureCode"]]: EcrErrorKind } = {
  InvalidImageDigest: "InvalidParameter",
  InvalidImageTag: "InvalidParameter",
  ImageTagDoesNotMatchDigest: "ImageDigestMismatch",
  ImageNotFound: "ImageNotFound",
  MissingDigestAndTag: "InvalidParameter",
  ImageReferencedByManifestList: "Service",
  KmsError: "KmsError",
  UpstreamAccessDenied: "AccessDenied",
  UpstreamTooManyRequests: "Throttled",
  UpstreamUnavailable: "ServiceUnavailable",
  ImageInaccessible: "Service",
};

/** The `EcrError` for an image of a batch when it was the only one asked for. */
export function fromImageFailure(
  { failureCode, failureReason }: ImageFailure,
  call: { readonly operation: string; readonly subject: string; readonly region: string },
): EcrError {
  const kind = KIND_OF_FAILURE[failureCode] ?? "Service";
  return failure(kind, `${failureReason} (${failureCode})`, { ...call, attempts: 1 }, {});
}

/** An image by name, for people: `app:v1` or `app@sha256:…`. */
export const imageName = (
  repository: string,
  { imageTag, imageDigest }: { readonly imageTag?: string | undefined; readonly imageDigest?: string | undefined },
): string =>
  `image ${repository}${imageTag === undefined ? "" : `:${imageTag}`}${imageDigest === undefined ? "" : `@${imageDigest}`}`;
