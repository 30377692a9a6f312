/** Layer upload: the operations of this area as data. documented: service model of Amazon ECR Public. */

import { ecrPublic, type OperationDescription } from "../operation.js";
import { always, integer, list, optional, required, type StructureShape, string, structure } from "../shape.js";
import type { LayerAvailability, LayerFailureCode } from "./enums.js";
import { layerAvailability, layerFailureCode } from "./enums.js";
import {
  batchedOperationLayerDigest,
  layerDigest,
  layerPartBlob,
  partSize,
  registryId,
  registryIdOrAlias,
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
  readonly layerDigest?: string | undefined;
  readonly layerAvailability?: LayerAvailability | undefined;
  readonly layerSize?: number | undefined;
  readonly mediaType?: string | undefined;
}

/** A layer digest of a batch that could not be looked up, and why. */
export interface LayerFailure {
  readonly layerDigest?: string | undefined;
  readonly failureCode?: LayerFailureCode | undefined;
  readonly failureReason?: string | undefined;
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

export const batchCheckLayerAvailabilityRequest: StructureShape<BatchCheckLayerAvailabilityRequest> = structure({
  registryId: optional(registryIdOrAlias),
  repositoryName: required(repositoryName),
  layerDigests: required(list(batchedOperationLayerDigest, { min: 1, max: 100 })),
});

export const layer: StructureShape<Layer> = structure({
  layerDigest: optional(layerDigest),
  layerAvailability: optional(layerAvailability),
  layerSize: optional(integer),
  mediaType: optional(string),
});

export const layerFailure: StructureShape<LayerFailure> = structure({
  layerDigest: optional(batchedOperationLayerDigest),
  failureCode: optional(layerFailureCode),
  failureReason: optional(string),
});

export const batchCheckLayerAvailabilityResponse: StructureShape<BatchCheckLayerAvailabilityResponse> = structure({
  layers: always(list(layer)),
  failures: always(list(layerFailure)),
});

export const initiateLayerUploadRequest: StructureShape<InitiateLayerUploadRequest> = structure({
  registryId: optional(registryIdOrAlias),
  repositoryName: required(repositoryName),
});

export const initiateLayerUploadResponse: StructureShape<InitiateLayerUploadResponse> = structure({
  uploadId: always(uploadId),
  partSize: always(partSize),
});

export const uploadLayerPartRequest: StructureShape<UploadLayerPartRequest> = structure({
  registryId: optional(registryIdOrAlias),
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
  registryId: optional(registryIdOrAlias),
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

/** The operations of this area, by their AWS names. */
export interface LayersOperations {
  /** Which layer digests already exist. */
  readonly BatchCheckLayerAvailability: OperationDescription<
    BatchCheckLayerAvailabilityRequest,
    BatchCheckLayerAvailabilityResponse
  >;
  /** Open an upload. */
  readonly InitiateLayerUpload: OperationDescription<InitiateLayerUploadRequest, InitiateLayerUploadResponse>;
  /** Send one contiguous byte range. */
  readonly UploadLayerPart: OperationDescription<UploadLayerPartRequest, UploadLayerPartResponse>;
  /** Seal the upload, verify digest. */
  readonly CompleteLayerUpload: OperationDescription<CompleteLayerUploadRequest, CompleteLayerUploadResponse>;
}

export const layersOperations: LayersOperations = {
  BatchCheckLayerAvailability: {
    name: "BatchCheckLayerAvailability",
    service: ecrPublic,
    access: "read",
    input: batchCheckLayerAvailabilityRequest,
    output: batchCheckLayerAvailabilityResponse,
    errors: [
      "InvalidParameterException",
      "RegistryNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
  InitiateLayerUpload: {
    name: "InitiateLayerUpload",
    service: ecrPublic,
    access: "write",
    input: initiateLayerUploadRequest,
    output: initiateLayerUploadResponse,
    errors: [
      "InvalidParameterException",
      "RegistryNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
  UploadLayerPart: {
    name: "UploadLayerPart",
    service: ecrPublic,
    access: "write",
    input: uploadLayerPartRequest,
    output: uploadLayerPartResponse,
    errors: [
      "InvalidLayerPartException",
      "InvalidParameterException",
      "LimitExceededException",
      "RegistryNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
      "UploadNotFoundException",
    ],
  },
  CompleteLayerUpload: {
    name: "CompleteLayerUpload",
    service: ecrPublic,
    access: "write",
    input: completeLayerUploadRequest,
    output: completeLayerUploadResponse,
    errors: [
      "EmptyUploadException",
      "InvalidLayerException",
      "InvalidParameterException",
      "LayerAlreadyExistsException",
      "LayerPartTooSmallException",
      "RegistryNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
      "UploadNotFoundException",
    ],
  },
};
