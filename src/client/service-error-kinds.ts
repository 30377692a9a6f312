import type { EcrErrorKind } from "../errors.js";
import type { ServiceError } from "../protocol/service-error.js";

/** Which kind an error of the service is, by its code. `Service` stands where an error says nothing that a kind of its own would help with. */
export const KIND_OF_CODE: Readonly<Record<string, EcrErrorKind>> = {
  // Modelled. documented: service models of Amazon ECR and Amazon ECR Public.
  BlockedByOrganizationPolicyException: "AccessDenied",
  EmptyUploadException: "InvalidLayer",
  ExclusionAlreadyExistsException: "Service",
  ExclusionNotFoundException: "Service",
  ImageAlreadyExistsException: "ImageAlreadyExists",
  ImageArchivedException: "Service",
  ImageDigestDoesNotMatchException: "ImageDigestMismatch",
  ImageNotFoundException: "ImageNotFound",
  ImageStorageClassUpdateNotSupportedException: "Service",
  ImageTagAlreadyExistsException: "ImageTagAlreadyExists",
  InvalidLayerException: "InvalidLayer",
  InvalidLayerPartException: "InvalidLayerPart",
  InvalidParameterException: "InvalidParameter",
  InvalidTagParameterException: "InvalidParameter",
  KmsException: "KmsError",
  LayerAlreadyExistsException: "LayerAlreadyExists",
  LayerInaccessibleException: "LayerInaccessible",
  LayerPartTooSmallException: "InvalidLayerPart",
  LayersNotFoundException: "LayersNotFound",
  LifecyclePolicyNotFoundException: "LifecyclePolicyNotFound",
  LifecyclePolicyPreviewInProgressException: "Service",
  LifecyclePolicyPreviewNotFoundException: "LifecyclePolicyNotFound",
  LimitExceededException: "LimitExceeded",
  PullThroughCacheRuleAlreadyExistsException: "Service",
  PullThroughCacheRuleNotFoundException: "Service",
  ReferencedImagesNotFoundException: "ReferencedImagesNotFound",
  RegistryNotFoundException: "Service",
  RegistryPolicyNotFoundException: "RegistryPolicyNotFound",
  ReplicationBackfillInProgressException: "Service",
  ReplicationBackfillInvalidStatusException: "Service",
  ReplicationBackfillNotFoundException: "Service",
  RepositoryAlreadyExistsException: "RepositoryAlreadyExists",
  RepositoryCatalogDataNotFoundException: "Service",
  RepositoryNotEmptyException: "RepositoryNotEmpty",
  RepositoryNotFoundException: "RepositoryNotFound",
  RepositoryPolicyNotFoundException: "RepositoryPolicyNotFound",
  ScanNotFoundException: "ScanNotFound",
  SecretNotFoundException: "Service",
  ServerException: "ServiceUnavailable",
  SigningConfigurationNotFoundException: "Service",
  TemplateAlreadyExistsException: "Service",
  TemplateNotFoundException: "Service",
  TooManyTagsException: "TooManyTags",
  UnableToAccessSecretException: "Service",
  UnableToDecryptSecretValueException: "Service",
  // Mostly an upstream's credentials or name, which do not change by themselves. documented: API reference.
  UnableToGetUpstreamImageException: "Service",
  UnableToGetUpstreamLayerException: "Service",
  UnableToListUpstreamImageReferrersException: "Service",
  UnsupportedCommandException: "UnknownOperation",
  UnsupportedImageTypeException: "ScanUnsupported",
  UnsupportedUpstreamRegistryException: "Service",
  UploadNotFoundException: "UploadNotFound",
  ValidationException: "InvalidParameter",

  // Not modelled: what any AWS service may answer. documented: common errors; spellings without `Exception` are those of STS and of older services.
  AccessDenied: "AccessDenied",
  AccessDeniedException: "AccessDenied",
  NotAuthorized: "AccessDenied",
  OptInRequired: "AccessDenied",
  UnauthorizedOperation: "AccessDenied",
  AuthFailure: "InvalidCredentials",
  IncompleteSignature: "InvalidCredentials",
  IncompleteSignatureException: "InvalidCredentials",
  InvalidAccessKeyId: "InvalidCredentials",
  InvalidClientTokenId: "InvalidCredentials",
  InvalidSignatureException: "InvalidCredentials",
  MissingAuthenticationToken: "InvalidCredentials",
  MissingAuthenticationTokenException: "InvalidCredentials",
  RequestInTheFuture: "InvalidCredentials",
  RequestTimeTooSkewed: "InvalidCredentials",
  SignatureDoesNotMatch: "InvalidCredentials",
  UnrecognizedClientException: "InvalidCredentials",
  ExpiredToken: "ExpiredToken",
  ExpiredTokenException: "ExpiredToken",
  RequestExpired: "ExpiredToken",
  // The AWS SDK's list without LimitExceededException, which is a quota in ECR. documented: AWS SDK, throttling error codes.
  BandwidthLimitExceeded: "Throttled",
  EC2ThrottledException: "Throttled",
  PriorRequestNotComplete: "Throttled",
  ProvisionedThroughputExceededException: "Throttled",
  RequestLimitExceeded: "Throttled",
  RequestThrottled: "Throttled",
  RequestThrottledException: "Throttled",
  SlowDown: "Throttled",
  ThrottleException: "Throttled",
  ThrottledException: "Throttled",
  Throttling: "Throttled",
  ThrottlingException: "Throttled",
  TooManyRequestsException: "Throttled",
  TransactionInProgressException: "Throttled",
  BadGateway: "ServiceUnavailable",
  GatewayTimeout: "ServiceUnavailable",
  InternalError: "ServiceUnavailable",
  InternalFailure: "ServiceUnavailable",
  InternalServerError: "ServiceUnavailable",
  InternalServerException: "ServiceUnavailable",
  ServiceUnavailable: "ServiceUnavailable",
  ServiceUnavailableException: "ServiceUnavailable",
  RequestTimeout: "Timeout",
  RequestTimeoutException: "Timeout",
  InvalidAction: "UnknownOperation",
  UnknownOperationException: "UnknownOperation",
  SerializationException: "InvalidParameter",
  RequestEntityTooLarge: "LimitExceeded",
  RequestEntityTooLargeException: "LimitExceeded",
};

/** What a status says of a code that is not in the table. */
const KIND_OF_STATUS: Readonly<Record<number, EcrErrorKind>> = {
  401: "InvalidCredentials",
  403: "AccessDenied",
  413: "LimitExceeded",
  429: "Throttled",
};

/** The kind of an error that the service answered. */
export function kindOf({ code, status }: Pick<ServiceError, "code" | "status">): EcrErrorKind {
  const known = Object.hasOwn(KIND_OF_CODE, code) ? KIND_OF_CODE[code] : undefined;
  return known ?? KIND_OF_STATUS[status] ?? (status >= 500 ? "ServiceUnavailable" : "Service");
}

/**
 * The values of `kmsError` that may pass by themselves. The value is taken to be the name of the error of AWS KMS (assumed); those below
 * are the ones that may be retried. documented: AWS KMS API reference, common and Encrypt errors.
 */
const RETRYABLE_KMS_ERRORS: ReadonlySet<string> = new Set([
  "DependencyTimeout",
  "InternalFailure",
  "KMSInternal",
  "KeyUnavailable",
  "ServiceUnavailable",
  "Throttling",
]);

/** Whether the failure of a KMS key, named by the member `kmsError`, may pass by itself. */
export function isRetryableKmsError(kmsError: unknown): boolean {
  if (typeof kmsError !== "string") return false;
  const name = kmsError.slice(kmsError.lastIndexOf(".") + 1).replace(/Exception$/, "");
  return RETRYABLE_KMS_ERRORS.has(name);
}
