/** ecrkit: Amazon ECR for TypeScript. The client and what it works with; the other subpaths hold the rest. */

export { memoryTokenStore, type StoredToken, type TokenStore } from "./cache/token-store.js";
export type {
  AssumeRoleAuth,
  AuthOptions,
  DefaultAuth,
  ProviderAuth,
  StaticAuth,
  WebIdentityAuth,
} from "./client/auth-options.js";
export type { BatchResult } from "./client/batch.js";
export type { CallOptions } from "./client/call-scope.js";
export type { EcrClientConfig } from "./client/config.js";
export type { PlainCredentials } from "./client/credentials.js";
export { createEcrClient, type EcrClient } from "./client/ecr-client.js";
export type { Listing, ListOptions } from "./client/listing.js";
export type { LoginCommand, LoginTool } from "./client/login-command.js";
export type { Auth, DockerCredentials, LoginOptions, RegistryToken, TokenOptions } from "./client/services/auth.js";
export type { DeleteFailure, DeleteResult } from "./client/services/delete-images.js";
export type { Described, DescribeOptions, Images } from "./client/services/images.js";
export type { ManifestSource } from "./client/services/put-tag.js";
export type { Repositories, RepositoryFilter } from "./client/services/repositories.js";
export {
  EcrError,
  type EcrErrorCategory,
  type EcrErrorDetails,
  type EcrErrorKind,
  isEcrError,
  type ServiceAnswer,
} from "./errors.js";
export type { Annotations, Descriptor } from "./image/descriptor.js";
export { isForeignLayer } from "./image/descriptor.js";
export { type Digest, type DigestAlgorithm, digestOf, isDigest, parseDigest, verifyDigest } from "./image/digest.js";
export {
  artifactTypeOf,
  type ImageIndex,
  type ImageManifest,
  type Manifest,
  parseManifest,
  type Schema1Manifest,
} from "./image/manifest.js";
export { ManifestError, type ManifestProblem } from "./image/manifest-error.js";
export { type ManifestKind, manifestKindOf, manifestMediaTypes, mediaTypes } from "./image/media-types.js";
export { type Partition, type PartitionName, partitionOf } from "./image/partition.js";
export {
  formatPlatform,
  matchPlatform,
  normalisePlatform,
  type Platform,
  parsePlatform,
} from "./image/platform.js";
export {
  formatImageReference,
  type ImageReference,
  parseImageReference,
  repositoryUri,
} from "./image/reference.js";
export {
  formatRegistryHost,
  type LocalRegistryHost,
  type PrivateRegistryHost,
  type PublicRegistryHost,
  parseRegistryHost,
  type RegistryHost,
} from "./image/registry-host.js";
export { formatRepositoryArn, parseRepositoryArn, type RepositoryArn } from "./image/repository-arn.js";
export { isPublicRepositoryName, isRegistryAlias, isRepositoryName, isTag } from "./image/repository-name.js";
export type {
  DescribeImagesFilter,
  Image,
  ImageDetail,
  ImageFailure,
  ImageIdentifier,
  ListImagesFilter,
} from "./protocol/ecr/images.js";
export type { Repository } from "./protocol/ecr/repositories.js";
export type { InputOf, OperationName, OutputOf } from "./protocol/operations.js";
export type { RetryableFailure, RetryOptions } from "./resilience/retry.js";
export { Secret } from "./secret.js";
export { type ManualTime, type ManualTimeOptions, manualTime, systemTime, type Time } from "./time.js";
export type { HandleOptions, HttpRequest, HttpResponse, RequestBody, Transport } from "./transport/transport.js";
export { version } from "./version.js";
