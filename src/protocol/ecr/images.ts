/** Images: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import {
  always,
  integer,
  list,
  map,
  optional,
  required,
  type StructureShape,
  string,
  structure,
  timestamp,
} from "../shape.js";
import type {
  ArtifactStatus,
  ArtifactStatusFilter,
  ImageFailureCode,
  ImageStatus,
  ImageStatusFilter,
  ScanStatus,
  TagStatus,
  TargetStorageClass,
} from "./enums.js";
import {
  artifactStatus,
  artifactStatusFilter,
  findingSeverity,
  imageFailureCode,
  imageStatus,
  imageStatusFilter,
  scanStatus,
  tagStatus,
  targetStorageClass,
} from "./enums.js";
import {
  artifactType,
  fiftyMaxResults,
  imageManifest,
  imageTag,
  maxResults,
  registryId,
  repositoryName,
  severityCount,
} from "./scalars.js";

/** What `PutImage` takes. */
export interface PutImageRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageManifest: string;
  readonly imageManifestMediaType?: string | undefined;
  readonly imageTag?: string | undefined;
  readonly imageDigest?: string | undefined;
}

/** Which image: by digest, by tag, or by both, which must then agree. */
export interface ImageIdentifier {
  readonly imageDigest?: string | undefined;
  readonly imageTag?: string | undefined;
}

/** An image with its manifest, byte for byte as it was pushed. */
export interface Image {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
  readonly imageManifest: string;
  readonly imageManifestMediaType: string;
}

/** What `PutImage` answers. */
export interface PutImageResponse {
  readonly image: Image;
}

/** What `BatchGetImage` takes. */
export interface BatchGetImageRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageIds: readonly ImageIdentifier[];
  readonly acceptedMediaTypes?: readonly string[] | undefined;
}

/** An image of a batch that could not be served, and why. */
export interface ImageFailure {
  readonly imageId: ImageIdentifier;
  readonly failureCode: ImageFailureCode;
  readonly failureReason: string;
}

/** What `BatchGetImage` answers. */
export interface BatchGetImageResponse {
  readonly images: readonly Image[];
  readonly failures: readonly ImageFailure[];
}

/** What `BatchDeleteImage` takes. */
export interface BatchDeleteImageRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageIds: readonly ImageIdentifier[];
}

/** What `BatchDeleteImage` answers. */
export interface BatchDeleteImageResponse {
  readonly imageIds: readonly ImageIdentifier[];
  readonly failures: readonly ImageFailure[];
}

/** Which images ListImages gives. */
export interface ListImagesFilter {
  readonly tagStatus?: TagStatus | undefined;
  readonly imageStatus?: ImageStatusFilter | undefined;
}

/** What `ListImages` takes. */
export interface ListImagesRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly filter?: ListImagesFilter | undefined;
}

/** What `ListImages` answers. */
export interface ListImagesResponse {
  readonly imageIds: readonly ImageIdentifier[];
  readonly nextToken?: string | undefined;
}

/** Which images DescribeImages gives. */
export interface DescribeImagesFilter {
  readonly tagStatus?: TagStatus | undefined;
  readonly imageStatus?: ImageStatusFilter | undefined;
}

/** What `DescribeImages` takes. */
export interface DescribeImagesRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageIds?: readonly ImageIdentifier[] | undefined;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly filter?: DescribeImagesFilter | undefined;
}

/** Where the scan of an image stands, and ECR's explanation. */
export interface ImageScanStatus {
  readonly status?: ScanStatus | undefined;
  readonly description?: string | undefined;
}

/** When an image was last scanned and how many findings of each severity there are. */
export interface ImageScanFindingsSummary {
  readonly imageScanCompletedAt?: Date | undefined;
  readonly vulnerabilitySourceUpdatedAt?: Date | undefined;
  readonly findingSeverityCounts?: Readonly<Record<string, number>> | undefined;
}

/**
 * What ECR knows of an image without its manifest: its tags, size, times and media types. `imageSizeInBytes` is the compressed size in
 * the repository, of a manifest list its largest child's. `imageTags` is absent when there is none, `lastRecordedPullTime` when it was
 * never pulled.
 */
export interface ImageDetail {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageDigest: string;
  readonly imageTags?: readonly string[] | undefined;
  readonly imageSizeInBytes: number;
  readonly imagePushedAt: Date;
  readonly imageScanStatus?: ImageScanStatus | undefined;
  readonly imageScanFindingsSummary?: ImageScanFindingsSummary | undefined;
  readonly imageManifestMediaType: string;
  readonly artifactMediaType?: string | undefined;
  readonly lastRecordedPullTime?: Date | undefined;
  readonly subjectManifestDigest?: string | undefined;
  readonly imageStatus: ImageStatus;
  readonly lastArchivedAt?: Date | undefined;
  readonly lastActivatedAt?: Date | undefined;
}

/** What `DescribeImages` answers. */
export interface DescribeImagesResponse {
  readonly imageDetails: readonly ImageDetail[];
  readonly nextToken?: string | undefined;
}

/** The image whose referrers are asked for, by digest. */
export interface SubjectIdentifier {
  readonly imageDigest: string;
}

/** Which referrers ListImageReferrers gives. */
export interface ListImageReferrersFilter {
  readonly artifactTypes?: readonly string[] | undefined;
  readonly artifactStatus?: ArtifactStatusFilter | undefined;
}

/** What `ListImageReferrers` takes. */
export interface ListImageReferrersRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly subjectId: SubjectIdentifier;
  readonly filter?: ListImageReferrersFilter | undefined;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/** An artifact that refers to an image, such as a signature or an SBOM. `size` is in bytes. */
export interface ImageReferrer {
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactType?: string | undefined;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly artifactStatus?: ArtifactStatus | undefined;
}

/** What `ListImageReferrers` answers. */
export interface ListImageReferrersResponse {
  readonly referrers: readonly ImageReferrer[];
  readonly nextToken?: string | undefined;
}

/** What `UpdateImageStorageClass` takes. */
export interface UpdateImageStorageClassRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
  readonly targetStorageClass: TargetStorageClass;
}

/** What `UpdateImageStorageClass` answers. */
export interface UpdateImageStorageClassResponse {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
  readonly imageStatus: ImageStatus;
}

export const putImageRequest: StructureShape<PutImageRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageManifest: required(imageManifest),
  imageManifestMediaType: optional(string),
  imageTag: optional(imageTag),
  imageDigest: optional(string),
});

export const imageIdentifier: StructureShape<ImageIdentifier> = structure({
  imageDigest: optional(string),
  imageTag: optional(imageTag),
});

export const image: StructureShape<Image> = structure({
  registryId: always(registryId),
  repositoryName: always(repositoryName),
  imageId: always(imageIdentifier),
  imageManifest: always(imageManifest),
  imageManifestMediaType: always(string),
});

export const putImageResponse: StructureShape<PutImageResponse> = structure({
  image: always(image),
});

export const batchGetImageRequest: StructureShape<BatchGetImageRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageIds: required(list(imageIdentifier, { min: 1, max: 100 })),
  acceptedMediaTypes: optional(list(string, { min: 1, max: 100 })),
});

export const imageFailure: StructureShape<ImageFailure> = structure({
  imageId: always(imageIdentifier),
  failureCode: always(imageFailureCode),
  failureReason: always(string),
});

export const batchGetImageResponse: StructureShape<BatchGetImageResponse> = structure({
  images: always(list(image)),
  failures: always(list(imageFailure)),
});

export const batchDeleteImageRequest: StructureShape<BatchDeleteImageRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageIds: required(list(imageIdentifier, { min: 1, max: 100 })),
});

export const batchDeleteImageResponse: StructureShape<BatchDeleteImageResponse> = structure({
  imageIds: always(list(imageIdentifier, { min: 1, max: 100 })),
  failures: always(list(imageFailure)),
});

export const listImagesFilter: StructureShape<ListImagesFilter> = structure({
  tagStatus: optional(tagStatus),
  imageStatus: optional(imageStatusFilter),
});

export const listImagesRequest: StructureShape<ListImagesRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  nextToken: optional(string),
  maxResults: optional(maxResults),
  filter: optional(listImagesFilter),
});

export const listImagesResponse: StructureShape<ListImagesResponse> = structure({
  imageIds: always(list(imageIdentifier, { min: 1, max: 100 })),
  nextToken: optional(string),
});

export const describeImagesFilter: StructureShape<DescribeImagesFilter> = structure({
  tagStatus: optional(tagStatus),
  imageStatus: optional(imageStatusFilter),
});

export const describeImagesRequest: StructureShape<DescribeImagesRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageIds: optional(list(imageIdentifier, { min: 1, max: 100 })),
  nextToken: optional(string),
  maxResults: optional(maxResults),
  filter: optional(describeImagesFilter),
});

export const imageScanStatus: StructureShape<ImageScanStatus> = structure({
  status: optional(scanStatus),
  description: optional(string),
});

export const imageScanFindingsSummary: StructureShape<ImageScanFindingsSummary> = structure({
  imageScanCompletedAt: optional(timestamp),
  vulnerabilitySourceUpdatedAt: optional(timestamp),
  findingSeverityCounts: optional(map(findingSeverity, severityCount)),
});

export const imageDetail: StructureShape<ImageDetail> = structure({
  registryId: always(registryId),
  repositoryName: always(repositoryName),
  imageDigest: always(string),
  imageTags: optional(list(imageTag)),
  imageSizeInBytes: always(integer),
  imagePushedAt: always(timestamp),
  imageScanStatus: optional(imageScanStatus),
  imageScanFindingsSummary: optional(imageScanFindingsSummary),
  imageManifestMediaType: always(string),
  artifactMediaType: optional(string),
  lastRecordedPullTime: optional(timestamp),
  subjectManifestDigest: optional(string),
  imageStatus: always(imageStatus),
  lastArchivedAt: optional(timestamp),
  lastActivatedAt: optional(timestamp),
});

export const describeImagesResponse: StructureShape<DescribeImagesResponse> = structure({
  imageDetails: always(list(imageDetail)),
  nextToken: optional(string),
});

export const subjectIdentifier: StructureShape<SubjectIdentifier> = structure({
  imageDigest: required(string),
});

export const listImageReferrersFilter: StructureShape<ListImageReferrersFilter> = structure({
  artifactTypes: optional(list(artifactType, { min: 0, max: 5 })),
  artifactStatus: optional(artifactStatusFilter),
});

export const listImageReferrersRequest: StructureShape<ListImageReferrersRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  subjectId: required(subjectIdentifier),
  filter: optional(listImageReferrersFilter),
  nextToken: optional(string),
  maxResults: optional(fiftyMaxResults),
});

export const imageReferrer: StructureShape<ImageReferrer> = structure({
  digest: required(string),
  mediaType: required(string),
  artifactType: optional(artifactType),
  size: required(integer),
  annotations: optional(map(string, string)),
  artifactStatus: optional(artifactStatus),
});

export const listImageReferrersResponse: StructureShape<ListImageReferrersResponse> = structure({
  referrers: always(list(imageReferrer)),
  nextToken: optional(string),
});

export const updateImageStorageClassRequest: StructureShape<UpdateImageStorageClassRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageId: required(imageIdentifier),
  targetStorageClass: required(targetStorageClass),
});

export const updateImageStorageClassResponse: StructureShape<UpdateImageStorageClassResponse> = structure({
  registryId: always(registryId),
  repositoryName: always(repositoryName),
  imageId: always(imageIdentifier),
  imageStatus: always(imageStatus),
});

/** The operations of this area, by their AWS names. */
export interface ImagesOperations {
  /** Store a manifest and optionally set a tag. */
  readonly PutImage: OperationDescription<PutImageRequest, PutImageResponse>;
  /** Fetch manifests by tag or digest. */
  readonly BatchGetImage: OperationDescription<BatchGetImageRequest, BatchGetImageResponse>;
  /** Remove tags or delete images. */
  readonly BatchDeleteImage: OperationDescription<BatchDeleteImageRequest, BatchDeleteImageResponse>;
  /** List image ids (digest + tag pairs). */
  readonly ListImages: OperationDescription<ListImagesRequest, ListImagesResponse>;
  /** Image metadata. */
  readonly DescribeImages: OperationDescription<DescribeImagesRequest, DescribeImagesResponse>;
  /** List artifacts whose subject is a digest. */
  readonly ListImageReferrers: OperationDescription<ListImageReferrersRequest, ListImageReferrersResponse>;
  /** Archive or restore one image. */
  readonly UpdateImageStorageClass: OperationDescription<
    UpdateImageStorageClassRequest,
    UpdateImageStorageClassResponse
  >;
}

export const imagesOperations: ImagesOperations = {
  PutImage: {
    name: "PutImage",
    service: ecr,
    access: "write",
    input: putImageRequest,
    output: putImageResponse,
    errors: [
      "ImageAlreadyExistsException",
      "ImageDigestDoesNotMatchException",
      "ImageTagAlreadyExistsException",
      "InvalidParameterException",
      "KmsException",
      "LayersNotFoundException",
      "LimitExceededException",
      "ReferencedImagesNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
    ],
  },
  BatchGetImage: {
    name: "BatchGetImage",
    service: ecr,
    access: "read",
    input: batchGetImageRequest,
    output: batchGetImageResponse,
    errors: [
      "InvalidParameterException",
      "LimitExceededException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnableToGetUpstreamImageException",
    ],
  },
  BatchDeleteImage: {
    name: "BatchDeleteImage",
    service: ecr,
    access: "write",
    input: batchDeleteImageRequest,
    output: batchDeleteImageResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException"],
  },
  ListImages: {
    name: "ListImages",
    service: ecr,
    access: "read",
    input: listImagesRequest,
    output: listImagesResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException"],
    paging: { items: "imageIds", defaultSize: 100 },
  },
  DescribeImages: {
    name: "DescribeImages",
    service: ecr,
    access: "read",
    input: describeImagesRequest,
    output: describeImagesResponse,
    errors: ["ImageNotFoundException", "InvalidParameterException", "RepositoryNotFoundException", "ServerException"],
    paging: { items: "imageDetails", defaultSize: 100 },
  },
  ListImageReferrers: {
    name: "ListImageReferrers",
    service: ecr,
    access: "read",
    input: listImageReferrersRequest,
    output: listImageReferrersResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnableToListUpstreamImageReferrersException",
      "ValidationException",
    ],
    paging: { items: "referrers", defaultSize: 20 },
  },
  UpdateImageStorageClass: {
    name: "UpdateImageStorageClass",
    service: ecr,
    access: "write",
    input: updateImageStorageClassRequest,
    output: updateImageStorageClassResponse,
    errors: [
      "ImageNotFoundException",
      "ImageStorageClassUpdateNotSupportedException",
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "ValidationException",
    ],
  },
};
