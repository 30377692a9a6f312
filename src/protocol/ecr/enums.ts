/** The closed sets of values of the API. documented: newest SDK. */
import { oneOf, type StringShape } from "../shape.js";

export type ImageTagMutability = "MUTABLE" | "IMMUTABLE" | "IMMUTABLE_WITH_EXCLUSION" | "MUTABLE_WITH_EXCLUSION";
export const imageTagMutability: StringShape<ImageTagMutability> = oneOf(
  "MUTABLE",
  "IMMUTABLE",
  "IMMUTABLE_WITH_EXCLUSION",
  "MUTABLE_WITH_EXCLUSION",
);

export type ImageTagMutabilityExclusionFilterType = "WILDCARD";
export const imageTagMutabilityExclusionFilterType: StringShape<ImageTagMutabilityExclusionFilterType> =
  oneOf("WILDCARD");

export type EncryptionType = "AES256" | "KMS" | "KMS_DSSE";
export const encryptionType: StringShape<EncryptionType> = oneOf("AES256", "KMS", "KMS_DSSE");

export type ImageFailureCode =
  | "InvalidImageDigest"
  | "InvalidImageTag"
  | "ImageTagDoesNotMatchDigest"
  | "ImageNotFound"
  | "MissingDigestAndTag"
  | "ImageReferencedByManifestList"
  | "KmsError"
  | "UpstreamAccessDenied"
  | "UpstreamTooManyRequests"
  | "UpstreamUnavailable"
  | "ImageInaccessible";
export const imageFailureCode: StringShape<ImageFailureCode> = oneOf(
  "InvalidImageDigest",
  "InvalidImageTag",
  "ImageTagDoesNotMatchDigest",
  "ImageNotFound",
  "MissingDigestAndTag",
  "ImageReferencedByManifestList",
  "KmsError",
  "UpstreamAccessDenied",
  "UpstreamTooManyRequests",
  "UpstreamUnavailable",
  "ImageInaccessible",
);

export type TagStatus = "TAGGED" | "UNTAGGED" | "ANY";
export const tagStatus: StringShape<TagStatus> = oneOf("TAGGED", "UNTAGGED", "ANY");

export type ImageStatusFilter = "ACTIVE" | "ARCHIVED" | "ACTIVATING" | "ANY";
export const imageStatusFilter: StringShape<ImageStatusFilter> = oneOf("ACTIVE", "ARCHIVED", "ACTIVATING", "ANY");

export type ScanStatus =
  | "IN_PROGRESS"
  | "COMPLETE"
  | "FAILED"
  | "UNSUPPORTED_IMAGE"
  | "ACTIVE"
  | "PENDING"
  | "SCAN_ELIGIBILITY_EXPIRED"
  | "FINDINGS_UNAVAILABLE"
  | "LIMIT_EXCEEDED"
  | "IMAGE_ARCHIVED";
export const scanStatus: StringShape<ScanStatus> = oneOf(
  "IN_PROGRESS",
  "COMPLETE",
  "FAILED",
  "UNSUPPORTED_IMAGE",
  "ACTIVE",
  "PENDING",
  "SCAN_ELIGIBILITY_EXPIRED",
  "FINDINGS_UNAVAILABLE",
  "LIMIT_EXCEEDED",
  "IMAGE_ARCHIVED",
);

export type FindingSeverity = "INFORMATIONAL" | "LOW" | "MEDIUM" | "HIGH" | "CRITICAL" | "UNDEFINED";
export const findingSeverity: StringShape<FindingSeverity> = oneOf(
  "INFORMATIONAL",
  "LOW",
  "MEDIUM",
  "HIGH",
  "CRITICAL",
  "UNDEFINED",
);

export type ImageStatus = "ACTIVE" | "ARCHIVED" | "ACTIVATING";
export const imageStatus: StringShape<ImageStatus> = oneOf("ACTIVE", "ARCHIVED", "ACTIVATING");

export type ArtifactStatusFilter = "ACTIVE" | "ARCHIVED" | "ACTIVATING" | "ANY";
export const artifactStatusFilter: StringShape<ArtifactStatusFilter> = oneOf("ACTIVE", "ARCHIVED", "ACTIVATING", "ANY");

export type ArtifactStatus = "ACTIVE" | "ARCHIVED" | "ACTIVATING";
export const artifactStatus: StringShape<ArtifactStatus> = oneOf("ACTIVE", "ARCHIVED", "ACTIVATING");

export type TargetStorageClass = "STANDARD" | "ARCHIVE";
export const targetStorageClass: StringShape<TargetStorageClass> = oneOf("STANDARD", "ARCHIVE");

export type LayerAvailability = "AVAILABLE" | "UNAVAILABLE" | "ARCHIVED";
export const layerAvailability: StringShape<LayerAvailability> = oneOf("AVAILABLE", "UNAVAILABLE", "ARCHIVED");

export type LayerFailureCode = "InvalidLayerDigest" | "MissingLayerDigest";
export const layerFailureCode: StringShape<LayerFailureCode> = oneOf("InvalidLayerDigest", "MissingLayerDigest");

export type LifecyclePolicyPreviewStatus = "IN_PROGRESS" | "COMPLETE" | "EXPIRED" | "FAILED";
export const lifecyclePolicyPreviewStatus: StringShape<LifecyclePolicyPreviewStatus> = oneOf(
  "IN_PROGRESS",
  "COMPLETE",
  "EXPIRED",
  "FAILED",
);

export type ImageActionType = "EXPIRE" | "TRANSITION";
export const imageActionType: StringShape<ImageActionType> = oneOf("EXPIRE", "TRANSITION");

export type LifecyclePolicyTargetStorageClass = "ARCHIVE";
export const lifecyclePolicyTargetStorageClass: StringShape<LifecyclePolicyTargetStorageClass> = oneOf("ARCHIVE");

export type LifecyclePolicyStorageClass = "ARCHIVE" | "STANDARD";
export const lifecyclePolicyStorageClass: StringShape<LifecyclePolicyStorageClass> = oneOf("ARCHIVE", "STANDARD");

export type ScanFrequency = "SCAN_ON_PUSH" | "CONTINUOUS_SCAN" | "MANUAL";
export const scanFrequency: StringShape<ScanFrequency> = oneOf("SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL");

export type ScanningRepositoryFilterType = "WILDCARD";
export const scanningRepositoryFilterType: StringShape<ScanningRepositoryFilterType> = oneOf("WILDCARD");

export type ScanningConfigurationFailureCode = "REPOSITORY_NOT_FOUND";
export const scanningConfigurationFailureCode: StringShape<ScanningConfigurationFailureCode> =
  oneOf("REPOSITORY_NOT_FOUND");

export type ScanType = "BASIC" | "ENHANCED";
export const scanType: StringShape<ScanType> = oneOf("BASIC", "ENHANCED");

export type RepositoryFilterType = "PREFIX_MATCH";
export const repositoryFilterType: StringShape<RepositoryFilterType> = oneOf("PREFIX_MATCH");

export type ReplicationStatus = "IN_PROGRESS" | "COMPLETE" | "FAILED";
export const replicationStatus: StringShape<ReplicationStatus> = oneOf("IN_PROGRESS", "COMPLETE", "FAILED");

export type ReplicationBackfillStatus = "PREPARING" | "IN_PROGRESS" | "COMPLETE" | "FAILED" | "STOPPING" | "STOPPED";
export const replicationBackfillStatus: StringShape<ReplicationBackfillStatus> = oneOf(
  "PREPARING",
  "IN_PROGRESS",
  "COMPLETE",
  "FAILED",
  "STOPPING",
  "STOPPED",
);

export type ReplicationBackfillResultStatus = "COMPLETE" | "FAILED";
export const replicationBackfillResultStatus: StringShape<ReplicationBackfillResultStatus> = oneOf(
  "COMPLETE",
  "FAILED",
);

export type UpstreamRegistry =
  | "ecr"
  | "ecr-public"
  | "quay"
  | "k8s"
  | "docker-hub"
  | "github-container-registry"
  | "azure-container-registry"
  | "gitlab-container-registry"
  | "chainguard";
export const upstreamRegistry: StringShape<UpstreamRegistry> = oneOf(
  "ecr",
  "ecr-public",
  "quay",
  "k8s",
  "docker-hub",
  "github-container-registry",
  "azure-container-registry",
  "gitlab-container-registry",
  "chainguard",
);

export type RCTAppliedFor = "REPLICATION" | "PULL_THROUGH_CACHE" | "CREATE_ON_PUSH";
export const rCTAppliedFor: StringShape<RCTAppliedFor> = oneOf("REPLICATION", "PULL_THROUGH_CACHE", "CREATE_ON_PUSH");

export type SigningRepositoryFilterType = "WILDCARD_MATCH";
export const signingRepositoryFilterType: StringShape<SigningRepositoryFilterType> = oneOf("WILDCARD_MATCH");

export type SigningStatus = "IN_PROGRESS" | "COMPLETE" | "FAILED";
export const signingStatus: StringShape<SigningStatus> = oneOf("IN_PROGRESS", "COMPLETE", "FAILED");
