/** ecrkit: Amazon ECR for TypeScript. The client and what it works with; the other subpaths hold the rest. */

export { type FileCacheOptions, fileCacheStore } from "./cache/file-store.js";
export { type MemoryCacheOptions, memoryCacheStore } from "./cache/memory-store.js";
export { type RedisCacheOptions, type RedisCommands, redisCacheStore } from "./cache/redis-store.js";
export type { CacheEntry, CacheStore } from "./cache/store.js";
export { memoryTokenStore, type StoredToken, type TokenStore, tokenStore } from "./cache/token-store.js";
export type {
  AssumeRoleAuth,
  AuthOptions,
  DefaultAuth,
  ProviderAuth,
  StaticAuth,
  WebIdentityAuth,
} from "./client/auth-options.js";
export type { BatchResult } from "./client/batch.js";
export type { CacheConfig } from "./client/cache-options.js";
export type { CallOptions } from "./client/call-scope.js";
export type { EcrClientConfig } from "./client/config.js";
export type { Retry } from "./client/connection.js";
export type { PlainCredentials } from "./client/credentials.js";
export { createEcrClient, type EcrClient } from "./client/ecr-client.js";
export type { Outcome } from "./client/fan-out.js";
export {
  type AssumeRoleOptions,
  assumeRole,
  type Credentials,
  type CredentialsOptions,
  getCredentials,
} from "./client/get-credentials.js";
export type { Listing, ListOptions } from "./client/listing.js";
export type { LoginCommand, LoginTool } from "./client/login-command.js";
export type { CachedCall, OperationCache } from "./client/operation-cache.js";
export type { BreakerConfig, LimiterConfig, RedisLimiterConfig, RetryConfig } from "./client/policies.js";
export { type ReadCacheOptions, readCache } from "./client/read-cache.js";
export type { ReadKind } from "./client/read-cache-table.js";
export {
  createRegionalClients,
  type EachOptions,
  type PlaceScope,
  type RegionalClients,
  type RegionalClientsConfig,
} from "./client/regional-clients.js";
export type { AccountAccess, ClientPlace } from "./client/regional-places.js";
export type { Auth, DockerCredentials, LoginOptions, RegistryToken, TokenOptions } from "./client/services/auth.js";
export type { DeleteFailure, DeleteResult } from "./client/services/delete-images.js";
export type { Described, DescribeOptions, Images } from "./client/services/images.js";
export type { ArtifactConfig, RunnableConfig, StoredConfig } from "./client/services/manifest-config.js";
export type { ImageLayers, ManifestLayers } from "./client/services/manifest-layers.js";
export type { PlatformArgument, SingleImage } from "./client/services/manifest-platforms.js";
export type { ConfigOptions, Manifests, ReferrerOptions } from "./client/services/manifests.js";
export type { PublicManifestOptions, PublicRegistry } from "./client/services/public-registry.js";
export type { ManifestSource } from "./client/services/put-tag.js";
export type { ImageReplication, ReplicatedCopy, Replication } from "./client/services/replication.js";
export type { Repositories, RepositoryFilter } from "./client/services/repositories.js";
export type { RepositoryBatch, RepositoryFailure } from "./client/services/repositories-by-name.js";
export type { RepositoryLifecyclePolicy, RepositoryPolicy } from "./client/services/repository-policies.js";
export type { Finding, FindingPackage, SeverityCounts } from "./client/services/scan-finding.js";
export type { ImageScan, ScanFindings, Scans } from "./client/services/scans.js";
export type { StoredManifest } from "./client/services/stored-manifest.js";
export { staleAgeMs } from "./client/staleness.js";
export type { LoggerConfig, TelemetryConfig, TelemetryOptions } from "./client/telemetry.js";
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
export { type ImageConfig, parseImageConfig } from "./image/image-config.js";
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
export type { LifecycleRule } from "./policy/lifecycle-rule.js";
export type { PolicyDocument } from "./policy/policy-document.js";
export type { FindingSeverity, ReplicationStatus, ScanStatus } from "./protocol/ecr/enums.js";
export type {
  DescribeImagesFilter,
  Image,
  ImageDetail,
  ImageFailure,
  ImageIdentifier,
  ListImagesFilter,
} from "./protocol/ecr/images.js";
export type { ReplicationConfiguration, ReplicationDestination } from "./protocol/ecr/replication.js";
export type { Repository } from "./protocol/ecr/repositories.js";
export type { EnhancedImageScanFinding, ImageScanFinding } from "./protocol/ecr/scanning.js";
export type { ImageDetail as PublicImageDetail } from "./protocol/ecr-public/images.js";
export type { Repository as PublicRepository } from "./protocol/ecr-public/repositories.js";
export type { InputOf, OperationName, OutputOf } from "./protocol/operations.js";
export type { BreakerOptions, BreakerPass, CircuitBreaker, CircuitChange, CircuitState } from "./resilience/breaker.js";
export type { LimiterKey, LimiterOptions, RateLimiter, WaitingCalls } from "./resilience/limiter.js";
export type { RetryableFailure, RetryCall, RetryOptions } from "./resilience/retry.js";
export { Secret } from "./secret.js";
export type { EmitMetric, MetricAttribute, MetricAttributes, MetricName } from "./telemetry/metrics.js";
export type {
  ObservedCall,
  PipelineObserver,
  Step,
  StepFacts,
  StepName,
  TokenEvent,
} from "./telemetry/pipeline-observer.js";
export type { Span, SpanAttributes, SpanName, SpanOptions, StartSpan } from "./telemetry/spans.js";
export type { LogFields, Logger, LogLevel, LogStructured } from "./telemetry/structured-log.js";
export { type ManualTime, type ManualTimeOptions, manualTime, systemTime, type Time } from "./time.js";
export type { HandleOptions, HttpRequest, HttpResponse, RequestBody, Transport } from "./transport/transport.js";
export { version } from "./version.js";
