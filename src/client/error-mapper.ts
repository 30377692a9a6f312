import { EcrError, type EcrErrorKind, isEcrError, type ServiceAnswer } from "../errors.js";
import type { ServiceError } from "../protocol/service-error.js";
import { classify } from "../resilience/classify.js";
import { isRetryableKmsError, kindOf } from "./service-error-kinds.js";

/** The call that failed. */
export interface FailedCall {
  readonly operation: string;
  /** What it was about, for people: `repository "app"`. */
  readonly subject: string;
  readonly region: string;
  /** Requests that were sent, the first included. */
  readonly attempts: number;
  readonly ambiguous?: boolean | undefined;
}

/** What to do about a kind of failure. Kinds that their own message explains have no line. */
const ADVICE: { readonly [K in EcrErrorKind]?: string } = {
  RepositoryNotFound: "Check the name, the region and the registry id, or create the repository first.",
  RepositoryAlreadyExists: "Use it, or choose another name.",
  RepositoryNotEmpty: "Delete its images first, or delete it with force.",
  ImageNotFound: "Check the tag or the digest; images.list shows what the repository holds.",
  ImageAlreadyExists: "Nothing is left to do: the tag names this image already.",
  ImageTagAlreadyExists: "The repository's tags are immutable: use another tag, or delete this one first.",
  ImageDigestMismatch: "These are not the bytes that the digest names: fetch or build them again.",
  ReferencedImagesNotFound: "Push the manifests that the index lists to this repository before the index.",
  LayersNotFound: "Upload the missing layers to this repository before the manifest.",
  LayerAlreadyExists: "Nothing is left to do: the repository holds the layer.",
  LayerInaccessible: "Only layers of a repository's images can be fetched: put an image that has this one first.",
  InvalidLayer: "Upload the layer again, and complete it with the digest of exactly its bytes.",
  InvalidLayerPart: "Send the parts in order, each from the byte after the last one that was received.",
  UploadNotFound: "Begin the upload again with InitiateLayerUpload.",
  LifecyclePolicyNotFound: "A repository has none until one is put.",
  RepositoryPolicyNotFound: "A repository has none until one is set.",
  RegistryPolicyNotFound: "A registry has none until one is put.",
  ScanNotFound: "Start a scan of the image, or turn on scanning on push.",
  ScanUnsupported: "Scan the images that an index lists instead; an artifact that is no image cannot be scanned.",
  LimitExceeded: "This is a quota, so trying again does not help: lower the number or ask AWS to raise it.",
  TooManyTags: "Remove some of the tags first.",
  AccessDenied: "Check the IAM policy of the caller and the policy of the repository.",
  ExpiredToken: "The AWS credentials have expired and could not be renewed: log in again or pass new ones.",
  InvalidCredentials: "Check the AWS access key, the secret key and this machine's clock.",
  KmsError: "Check the state and the policy of the repository's KMS key.",
  Throttled: "Too many requests a second: send fewer at a time, or try again later.",
  ServiceUnavailable: "The service has a problem of its own: try again later.",
  Timeout: "Try again, or allow more time by requestTimeoutMs or timeoutMs.",
  Connection: "Check the network, the proxy and the endpoint.",
  UnknownOperation: "The endpoint does not know this operation: check the endpoint and the region.",
  InvalidResponse: "Check the endpoint, and whether a proxy or a login page answers in its place.",
};

/** The `EcrError` for an error that the service answered. */
export function fromServiceError(
  error: ServiceError,
  call: FailedCall,
  { requestId, retryAfterMs }: { readonly requestId?: string | undefined; readonly retryAfterMs?: number | undefined },
): EcrError {
  const kind = kindOf(error);
  const message = withoutCanonicalRequest(error.message);
  const service: ServiceAnswer = { code: error.code, message, status: error.status, members: error.members };
  const cameBack =
    message === "" ? `status ${error.status} (${error.code})` : `${message.replace(/\.$/, "")} (${error.code})`;
  return failure(kind, cameBack, call, {
    category: kind === "KmsError" && isRetryableKmsError(error.members["kmsError"]) ? "retryable" : undefined,
    requestId,
    retryAfterMs,
    service,
  });
}

/** A refused signature is answered with the request as the service read it, in which the session token stands. observed: AWS's texts. */
const withoutCanonicalRequest = (message: string): string =>
  message.replace(/\s*The Canonical String for this request should have been[\s\S]*$/, "");

/** The `EcrError` for a request that no answer came to. */
export function fromTransportFailure(cause: unknown, call: FailedCall): EcrError {
  switch (classify(cause)) {
    case "timeout":
      return failure("Timeout", textOf(cause), call, { cause });
    case "connection":
      return failure("Connection", textOf(cause), call, { cause });
    default:
      if (isEcrError(cause, "InvalidResponse")) return failure("InvalidResponse", cause.message, call, {}, false);
      // TapeMiss and its like are already what a caller should see.
      if (isEcrError(cause)) return cause;
      return failure("Connection", strangeText(cause), call, { category: "terminal", cause }, isOfNode(cause));
  }
}

/** The `EcrError` for an answer that is not what the operation answers; of the cause only its words are kept, for it may quote a token. */
export function fromInvalidResponse(cause: EcrError, call: FailedCall): EcrError {
  return failure("InvalidResponse", cause.message, call, { requestId: cause.requestId });
}

/** The `EcrError` for a call that its caller's signal ended. */
export const aborted = (reason: unknown, call: FailedCall): EcrError =>
  failure("Aborted", "the caller's signal aborted", call, { cause: reason });

/** The `EcrError` for a call whose `timeoutMs` was over before a request could be sent. */
export const outOfTime = (call: FailedCall): EcrError => failure("Timeout", "timeoutMs was over", call, {});

/** The error, worded for people: what was tried, on what, what came back, what to do. */
export function failure(
  kind: EcrErrorKind,
  cameBack: string,
  { operation, subject, region, attempts, ambiguous }: FailedCall,
  details: Omit<ConstructorParameters<typeof EcrError>[1], "kind">,
  isAdvised = true,
): EcrError {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  const unsure = ambiguous ? " It may have been carried out all the same: look before you repeat it." : "";
  const advice = isAdvised && ADVICE[kind] !== undefined ? ` ${ADVICE[kind]}` : "";
  const sentence = `${operation} on ${subject} in ${region} failed${tries}: ${cameBack.replace(/\.?$/, ".")}`;
  return new EcrError(`${sentence}${unsure}${advice}`, { ...details, kind, operation, region, attempts, ambiguous });
}

const textOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  // An attempt on several addresses fails with an error that has only a code.
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
};

/** Whether a failure is one of the network, such as a certificate that is refused, and not one of the transport's own making. */
const isOfNode = (cause: unknown): boolean =>
  cause instanceof Error && !(cause instanceof TypeError) && "code" in cause;

const strangeText = (cause: unknown): string =>
  isOfNode(cause)
    ? textOf(cause)
    : `the transport threw ${cause instanceof Error ? `${cause.name}: ` : ""}${textOf(cause)}`;
