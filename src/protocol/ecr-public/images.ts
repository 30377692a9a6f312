/** Public images: the operations of this area as data. documented: service model of Amazon ECR Public. */

import { ecrPublic, type OperationDescription } from "../operation.js";
import {
  always,
  integer,
  list,
  optional,
  required,
  type StructureShape,
  string,
  structure,
  timestamp,
} from "../shape.js";
import type { ImageFailureCode } from "./enums.js";
import { imageFailureCode } from "./enums.js";
import { imageManifest, imageTag, maxResults, registryId, registryIdOrAlias, repositoryName } from "./scalars.js";

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
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly imageId?: ImageIdentifier | undefined;
  readonly imageManifest?: string | undefined;
  readonly imageManifestMediaType?: string | undefined;
}

/** What `PutImage` answers. */
export interface PutImageResponse {
  readonly image: Image;
}

/** What `BatchDeleteImage` takes. */
export interface BatchDeleteImageRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageIds: readonly ImageIdentifier[];
}

/** An image of a batch that could not be served, and why. */
export interface ImageFailure {
  readonly imageId?: ImageIdentifier | undefined;
  readonly failureCode?: ImageFailureCode | undefined;
  readonly failureReason?: string | undefined;
}

/** What `BatchDeleteImage` answers. */
export interface BatchDeleteImageResponse {
  readonly imageIds: readonly ImageIdentifier[];
  readonly failures: readonly ImageFailure[];
}

/** What `DescribeImages` takes. */
export interface DescribeImagesRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageIds?: readonly ImageIdentifier[] | undefined;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/**
 * What ECR knows of an image without its manifest: its tags, size, times and media types. `imageSizeInBytes` is the compressed size in
 * the repository, of a manifest list its largest child's. `imageTags` is absent when there is none, `lastRecordedPullTime` when it was
 * never pulled.
 */
export interface ImageDetail {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly imageDigest?: string | undefined;
  readonly imageTags?: readonly string[] | undefined;
  readonly imageSizeInBytes?: number | undefined;
  readonly imagePushedAt?: Date | undefined;
  readonly imageManifestMediaType?: string | undefined;
  readonly artifactMediaType?: string | undefined;
}

/** What `DescribeImages` answers. */
export interface DescribeImagesResponse {
  readonly imageDetails: readonly ImageDetail[];
  readonly nextToken?: string | undefined;
}

/** What `DescribeImageTags` takes. */
export interface DescribeImageTagsRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/** What ECR Public knows of the image behind a tag. */
export interface ReferencedImageDetail {
  readonly imageDigest?: string | undefined;
  readonly imageSizeInBytes?: number | undefined;
  readonly imagePushedAt?: Date | undefined;
  readonly imageManifestMediaType?: string | undefined;
  readonly artifactMediaType?: string | undefined;
}

/** A tag of a public repository and the image it points to. */
export interface ImageTagDetail {
  readonly imageTag?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly imageDetail?: ReferencedImageDetail | undefined;
}

/** What `DescribeImageTags` answers. */
export interface DescribeImageTagsResponse {
  readonly imageTagDetails: readonly ImageTagDetail[];
  readonly nextToken?: string | undefined;
}

export const putImageRequest: StructureShape<PutImageRequest> = structure({
  registryId: optional(registryIdOrAlias),
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
  registryId: optional(registryIdOrAlias),
  repositoryName: optional(repositoryName),
  imageId: optional(imageIdentifier),
  imageManifest: optional(imageManifest),
  imageManifestMediaType: optional(string),
});

export const putImageResponse: StructureShape<PutImageResponse> = structure({
  image: always(image),
});

export const batchDeleteImageRequest: StructureShape<BatchDeleteImageRequest> = structure({
  registryId: optional(registryIdOrAlias),
  repositoryName: required(repositoryName),
  imageIds: required(list(imageIdentifier, { min: 1, max: 100 })),
});

export const imageFailure: StructureShape<ImageFailure> = structure({
  imageId: optional(imageIdentifier),
  failureCode: optional(imageFailureCode),
  failureReason: optional(string),
});

export const batchDeleteImageResponse: StructureShape<BatchDeleteImageResponse> = structure({
  imageIds: always(list(imageIdentifier, { min: 1, max: 100 })),
  failures: always(list(imageFailure)),
});

export const describeImagesRequest: StructureShape<DescribeImagesRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageIds: optional(list(imageIdentifier, { min: 1, max: 100 })),
  nextToken: optional(string),
  maxResults: optional(maxResults),
});

export const imageDetail: StructureShape<ImageDetail> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  imageDigest: optional(string),
  imageTags: optional(list(imageTag)),
  imageSizeInBytes: optional(integer),
  imagePushedAt: optional(timestamp),
  imageManifestMediaType: optional(string),
  artifactMediaType: optional(string),
});

export const describeImagesResponse: StructureShape<DescribeImagesResponse> = structure({
  imageDetails: always(list(imageDetail)),
  nextToken: optional(string),
});

export const describeImageTagsRequest: StructureShape<DescribeImageTagsRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  nextToken: optional(string),
  maxResults: optional(maxResults),
});

export const referencedImageDetail: StructureShape<ReferencedImageDetail> = structure({
  imageDigest: optional(string),
  imageSizeInBytes: optional(integer),
  imagePushedAt: optional(timestamp),
  imageManifestMediaType: optional(string),
  artifactMediaType: optional(string),
});

export const imageTagDetail: StructureShape<ImageTagDetail> = structure({
  imageTag: optional(imageTag),
  createdAt: optional(timestamp),
  imageDetail: optional(referencedImageDetail),
});

export const describeImageTagsResponse: StructureShape<DescribeImageTagsResponse> = structure({
  imageTagDetails: always(list(imageTagDetail)),
  nextToken: optional(string),
});

/** The operations of this area, by their AWS names. */
export interface ImagesOperations {
  /** Store a manifest and set a tag. */
  readonly PutImage: OperationDescription<PutImageRequest, PutImageResponse>;
  /** Remove tags or delete images. */
  readonly BatchDeleteImage: OperationDescription<BatchDeleteImageRequest, BatchDeleteImageResponse>;
  /** Image metadata. */
  readonly DescribeImages: OperationDescription<DescribeImagesRequest, DescribeImagesResponse>;
  /** One entry per tag with image detail. */
  readonly DescribeImageTags: OperationDescription<DescribeImageTagsRequest, DescribeImageTagsResponse>;
}

export const imagesOperations: ImagesOperations = {
  PutImage: {
    name: "PutImage",
    service: ecrPublic,
    access: "write",
    input: putImageRequest,
    output: putImageResponse,
    errors: [
      "ImageAlreadyExistsException",
      "ImageDigestDoesNotMatchException",
      "ImageTagAlreadyExistsException",
      "InvalidParameterException",
      "LayersNotFoundException",
      "LimitExceededException",
      "ReferencedImagesNotFoundException",
      "RegistryNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
  BatchDeleteImage: {
    name: "BatchDeleteImage",
    service: ecrPublic,
    access: "write",
    input: batchDeleteImageRequest,
    output: batchDeleteImageResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
  DescribeImages: {
    name: "DescribeImages",
    service: ecrPublic,
    access: "read",
    input: describeImagesRequest,
    output: describeImagesResponse,
    errors: [
      "ImageNotFoundException",
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
    paging: { items: "imageDetails", defaultSize: 100 },
  },
  DescribeImageTags: {
    name: "DescribeImageTags",
    service: ecrPublic,
    access: "read",
    input: describeImageTagsRequest,
    output: describeImageTagsResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
    paging: { items: "imageTagDetails", defaultSize: 100 },
  },
};
