/** Layer upload and download: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import { always, integer, list, optional, required, type StructureShape, string, structure } from "../shape.js";
import type { LayerAvailability, LayerFailureCode } from "./enums.js";
import { layerAvailability, layerFailureCode } from "./enums.js";
import {
  batchedOperationLayerDigest,
  layerDigest,
  layerPartBlob,
  partSize,
  registryId,
  repositoryName,
  uploadId,
} from "./scalars.js";

/** What `BatchCheckLayerAvailability` takes. */
export interface BatchCheckLayerAvailabilityRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly layerDigests: readonly string[];
}

/** Whether a repository has a layer. `layerSize` is in bytes. */
export interface Layer {
  readonly layerDigest: string;
  readonly layerAvailability: LayerAvailability;
  readonly layerSize?: number | undefined;
  readonly mediaType?: string | undefined;
}

/** A layer digest of a batch that could not be looked up, and why. */
export interface LayerFailure {
  readonly layerDigest: string;
  readonly failureCode: LayerFailureCode;
  readonly failureReason: string;
}

/** What `BatchCheckLayerAvailability` answers. */
export interface BatchCheckLayerAvailabilityResponse {
  readonly layers: readonly Layer[];
  readonly failures: readonly LayerFailure[];
}

/** What `InitiateLayerUpload` takes. */
export interface InitiateLayerUploadRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
}

/** What `InitiateLayerUpload` answers. */
export interface InitiateLayerUploadResponse {
  readonly uploadId: string;
  readonly partSize: number;
}

/** What `UploadLayerPart` takes. */
export interface UploadLayerPartRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly uploadId: string;
  readonly partFirstByte: number;
  readonly partLastByte: number;
  readonly layerPartBlob: Uint8Array;
}

/** What `UploadLayerPart` answers. */
export interface UploadLayerPartResponse {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly uploadId: string;
  readonly lastByteReceived: number;
}

/** What `CompleteLayerUpload` takes. */
export interface CompleteLayerUploadRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly uploadId: string;
  readonly layerDigests: readonly string[];
}

/** What `CompleteLayerUpload` answers. */
export interface CompleteLayerUploadResponse {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly uploadId: string;
  readonly layerDigest: string;
}

/** What `GetDownloadUrlForLayer` takes. */
export interface GetDownloadUrlForLayerRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly layerDigest: string;
}

/** What `GetDownloadUrlForLayer` answers. */
export interface GetDownloadUrlForLayerResponse {
  readonly downloadUrl: string;
  readonly layerDigest: string;
}

export const batchCheckLayerAvailabilityRequest: StructureShape<BatchCheckLayerAvailabilityRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  layerDigests: required(list(batchedOperationLayerDigest, { min: 1, max: 100 })),
});

export const layer: StructureShape<Layer> = structure({
  layerDigest: always(layerDigest),
  layerAvailability: always(layerAvailability),
  layerSize: optional(integer),
  mediaType: optional(string),
});

export const layerFailure: StructureShape<LayerFailure> = structure({
  layerDigest: always(batchedOperationLayerDigest),
  failureCode: always(layerFailureCode),
  failureReason: always(string),
});

export const batchCheckLayerAvailabilityResponse: StructureShape<BatchCheckLayerAvailabilityResponse> = structure({
  layers: always(list(layer)),
  failures: always(list(layerFailure)),
});

export const initiateLayerUploadRequest: StructureShape<InitiateLayerUploadRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
});

export const initiateLayerUploadResponse: StructureShape<InitiateLayerUploadResponse> = structure({
  uploadId: always(uploadId),
  partSize: always(partSize),
});

export const uploadLayerPartRequest: StructureShape<UploadLayerPartRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  uploadId: required(uploadId),
  partFirstByte: required(partSize),
  partLastByte: required(partSize),
  layerPartBlob: required(layerPartBlob),
});

export const uploadLayerPartResponse: StructureShape<UploadLayerPartResponse> = structure({
  registryId: always(registryId),
  repositoryName: always(repositoryName),
  uploadId: always(uploadId),
  lastByteReceived: always(partSize),
});

export const completeLayerUploadRequest: StructureShape<CompleteLayerUploadRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  uploadId: required(uploadId),
  layerDigests: required(list(layerDigest, { min: 1, max: 100 })),
});

export const completeLayerUploadResponse: StructureShape<CompleteLayerUploadResponse> = structure({
  registryId: always(registryId),
  repositoryName: always(repositoryName),
  uploadId: always(uploadId),
  layerDigest: always(layerDigest),
});

export const getDownloadUrlForLayerRequest: StructureShape<GetDownloadUrlForLayerRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  layerDigest: required(layerDigest),
});

export const getDownloadUrlForLayerResponse: StructureShape<GetDownloadUrlForLayerResponse> = structure({
  downloadUrl: always(string),
  layerDigest: always(layerDigest),
});

/** The operations of this area, by their AWS names. */
export interface LayersOperations {
  /** Which layer digests already exist. */
  readonly BatchCheckLayerAvailability: OperationDescription<
    BatchCheckLayerAvailabilityRequest,
    BatchCheckLayerAvailabilityResponse
  >;
  /** Open an upload; returns id and part size. */
  readonly InitiateLayerUpload: OperationDescription<InitiateLayerUploadRequest, InitiateLayerUploadResponse>;
  /** Send one contiguous byte range. */
  readonly UploadLayerPart: OperationDescription<UploadLayerPartRequest, UploadLayerPartResponse>;
  /** Seal the upload, verify digest. */
  readonly CompleteLayerUpload: OperationDescription<CompleteLayerUploadRequest, CompleteLayerUploadResponse>;
  /** Presigned S3 URL for an attached layer. */
  readonly GetDownloadUrlForLayer: OperationDescription<GetDownloadUrlForLayerRequest, GetDownloadUrlForLayerResponse>;
}

export const layersOperations: LayersOperations = {
  BatchCheckLayerAvailability: {
    name: "BatchCheckLayerAvailability",
    service: ecr,
    access: "read",
    input: batchCheckLayerAvailabilityRequest,
    output: batchCheckLayerAvailabilityResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException"],
  },
  InitiateLayerUpload: {
    name: "InitiateLayerUpload",
    service: ecr,
    access: "write",
    input: initiateLayerUploadRequest,
    output: initiateLayerUploadResponse,
    errors: ["InvalidParameterException", "KmsException", "RepositoryNotFoundException", "ServerException"],
  },
  UploadLayerPart: {
    name: "UploadLayerPart",
    service: ecr,
    access: "write",
    input: uploadLayerPartRequest,
    output: uploadLayerPartResponse,
    errors: [
      "InvalidLayerPartException",
      "InvalidParameterException",
      "KmsException",
      "LimitExceededException",
      "RepositoryNotFoundException",
      "ServerException",
      "UploadNotFoundException",
    ],
  },
  CompleteLayerUpload: {
    name: "CompleteLayerUpload",
    service: ecr,
    access: "write",
    input: completeLayerUploadRequest,
    output: completeLayerUploadResponse,
    errors: [
      "EmptyUploadException",
      "InvalidLayerException",
      "InvalidParameterException",
      "KmsException",
      "LayerAlreadyExistsException",
      "LayerPartTooSmallException",
      "RepositoryNotFoundException",
      "ServerException",
      "UploadNotFoundException",
    ],
  },
  GetDownloadUrlForLayer: {
    name: "GetDownloadUrlForLayer",
    service: ecr,
    access: "read",
    input: getDownloadUrlForLayerRequest,
    output: getDownloadUrlForLayerResponse,
    errors: [
      "InvalidParameterException",
      "LayerInaccessibleException",
      "LayersNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnableToGetUpstreamLayerException",
    ],
  },
};
