/** The closed sets of values of the API. documented: newest SDK. */
import { oneOf, type StringShape } from "../shape.js";

/** Whether a tag may move. With `_WITH_EXCLUSION` the tags that a filter matches do the opposite. */
export type ImageTagMutability = "MUTABLE" | "IMMUTABLE" | "IMMUTABLE_WITH_EXCLUSION" | "MUTABLE_WITH_EXCLUSION";
export const imageTagMutability: StringShape<ImageTagMutability> = oneOf(
  "MUTABLE",
  "IMMUTABLE",
  "IMMUTABLE_WITH_EXCLUSION",
  "MUTABLE_WITH_EXCLUSION",
);

/** How an exclusion filter is read: as a wildcard over the whole tag. */
export type ImageTagMutabilityExclusionFilterType = "WILDCARD";
export const imageTagMutabilityExclusionFilterType: StringShape<ImageTagMutabilityExclusionFilterType> =
  oneOf("WILDCARD");

/** Whose key encrypts the layers of a repository. */
export type EncryptionType = "AES256" | "KMS" | "KMS_DSSE";
export const encryptionType: StringShape<EncryptionType> = oneOf("AES256", "KMS", "KMS_DSSE");

/** Why one image of a batch could not be served. */
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

/** Which images a listing gives by whether they have a tag. */
export type TagStatus = "TAGGED" | "UNTAGGED" | "ANY";
export const tagStatus: StringShape<TagStatus> = oneOf("TAGGED", "UNTAGGED", "ANY");

/** Which images a listing gives by their storage class; `ACTIVE` alone when nothing is asked. */
export type ImageStatusFilter = "ACTIVE" | "ARCHIVED" | "ACTIVATING" | "ANY";
export const imageStatusFilter: StringShape<ImageStatusFilter> = oneOf("ACTIVE", "ARCHIVED", "ACTIVATING", "ANY");

/** Where a scan stands. Basic scans end in COMPLETE, enhanced ones stay ACTIVE. */
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

/** How bad a finding of a basic scan is. */
export type FindingSeverity = "INFORMATIONAL" | "LOW" | "MEDIUM" | "HIGH" | "CRITICAL" | "UNDEFINED";
export const findingSeverity: StringShape<FindingSeverity> = oneOf(
  "INFORMATIONAL",
  "LOW",
  "MEDIUM",
  "HIGH",
  "CRITICAL",
  "UNDEFINED",
);

/** Whether an image can be pulled (ACTIVE), is archived, or is being restored (ACTIVATING). */
export type ImageStatus = "ACTIVE" | "ARCHIVED" | "ACTIVATING";
export const imageStatus: StringShape<ImageStatus> = oneOf("ACTIVE", "ARCHIVED", "ACTIVATING");

/** Which referrers a listing gives by their storage class. */
export type ArtifactStatusFilter = "ACTIVE" | "ARCHIVED" | "ACTIVATING" | "ANY";
export const artifactStatusFilter: StringShape<ArtifactStatusFilter> = oneOf("ACTIVE", "ARCHIVED", "ACTIVATING", "ANY");

/** Whether a referrer can be pulled, is archived, or is being restored. */
export type ArtifactStatus = "ACTIVE" | "ARCHIVED" | "ACTIVATING";
export const artifactStatus: StringShape<ArtifactStatus> = oneOf("ACTIVE", "ARCHIVED", "ACTIVATING");

/** Where an image may be moved. */
export type TargetStorageClass = "STANDARD" | "ARCHIVE";
export const targetStorageClass: StringShape<TargetStorageClass> = oneOf("STANDARD", "ARCHIVE");

/** Whether a layer can be used in a repository without uploading it. */
export type LayerAvailability = "AVAILABLE" | "UNAVAILABLE" | "ARCHIVED";
export const layerAvailability: StringShape<LayerAvailability> = oneOf("AVAILABLE", "UNAVAILABLE", "ARCHIVED");

/** Why one layer digest of a batch could not be looked up. */
export type LayerFailureCode = "InvalidLayerDigest" | "MissingLayerDigest";
export const layerFailureCode: StringShape<LayerFailureCode> = oneOf("InvalidLayerDigest", "MissingLayerDigest");

/** Where the dry run of a lifecycle policy stands. */
export type LifecyclePolicyPreviewStatus = "IN_PROGRESS" | "COMPLETE" | "EXPIRED" | "FAILED";
export const lifecyclePolicyPreviewStatus: StringShape<LifecyclePolicyPreviewStatus> = oneOf(
  "IN_PROGRESS",
  "COMPLETE",
  "EXPIRED",
  "FAILED",
);

/** What a lifecycle rule does to an image. */
export type ImageActionType = "EXPIRE" | "TRANSITION";
export const imageActionType: StringShape<ImageActionType> = oneOf("EXPIRE", "TRANSITION");

/** Where a lifecycle rule moves an image. */
export type LifecyclePolicyTargetStorageClass = "ARCHIVE";
export const lifecyclePolicyTargetStorageClass: StringShape<LifecyclePolicyTargetStorageClass> = oneOf("ARCHIVE");

/** Which storage class a lifecycle rule looks at. */
export type LifecyclePolicyStorageClass = "ARCHIVE" | "STANDARD";
export const lifecyclePolicyStorageClass: StringShape<LifecyclePolicyStorageClass> = oneOf("ARCHIVE", "STANDARD");

/** When images of a repository are scanned. */
export type ScanFrequency = "SCAN_ON_PUSH" | "CONTINUOUS_SCAN" | "MANUAL";
export const scanFrequency: StringShape<ScanFrequency> = oneOf("SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL");

/** How a scanning filter is read. */
export type ScanningRepositoryFilterType = "WILDCARD";
export const scanningRepositoryFilterType: StringShape<ScanningRepositoryFilterType> = oneOf("WILDCARD");

/** Why the scanning configuration of one repository of a batch could not be read. */
export type ScanningConfigurationFailureCode = "REPOSITORY_NOT_FOUND";
export const scanningConfigurationFailureCode: StringShape<ScanningConfigurationFailureCode> =
  oneOf("REPOSITORY_NOT_FOUND");

/** Which scanner a registry uses: ECR's own, or Amazon Inspector. */
export type ScanType = "BASIC" | "ENHANCED";
export const scanType: StringShape<ScanType> = oneOf("BASIC", "ENHANCED");

/** How a replication filter is read. */
export type RepositoryFilterType = "PREFIX_MATCH";
export const repositoryFilterType: StringShape<RepositoryFilterType> = oneOf("PREFIX_MATCH");

/** Where the copy of an image to one destination stands. */
export type ReplicationStatus = "IN_PROGRESS" | "COMPLETE" | "FAILED";
export const replicationStatus: StringShape<ReplicationStatus> = oneOf("IN_PROGRESS", "COMPLETE", "FAILED");

/** Where a replication backfill stands. */
export type ReplicationBackfillStatus = "PREPARING" | "IN_PROGRESS" | "COMPLETE" | "FAILED" | "STOPPING" | "STOPPED";
export const replicationBackfillStatus: StringShape<ReplicationBackfillStatus> = oneOf(
  "PREPARING",
  "IN_PROGRESS",
  "COMPLETE",
  "FAILED",
  "STOPPING",
  "STOPPED",
);

/** How one image of a replication backfill ended. */
export type ReplicationBackfillResultStatus = "COMPLETE" | "FAILED";
export const replicationBackfillResultStatus: StringShape<ReplicationBackfillResultStatus> = oneOf(
  "COMPLETE",
  "FAILED",
);

/** A registry that ECR can cache. */
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

/** By which way of creating a repository a template is applied. */
export type RCTAppliedFor = "REPLICATION" | "PULL_THROUGH_CACHE" | "CREATE_ON_PUSH";
export const rCTAppliedFor: StringShape<RCTAppliedFor> = oneOf("REPLICATION", "PULL_THROUGH_CACHE", "CREATE_ON_PUSH");

/** How a signing filter is read. */
export type SigningRepositoryFilterType = "WILDCARD_MATCH";
export const signingRepositoryFilterType: StringShape<SigningRepositoryFilterType> = oneOf("WILDCARD_MATCH");

/** Where the signing of an image stands. */
export type SigningStatus = "IN_PROGRESS" | "COMPLETE" | "FAILED";
export const signingStatus: StringShape<SigningStatus> = oneOf("IN_PROGRESS", "COMPLETE", "FAILED");
