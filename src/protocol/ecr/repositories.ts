/** Repositories: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import {
  always,
  boolean,
  list,
  optional,
  required,
  type StructureShape,
  string,
  structure,
  timestamp,
} from "../shape.js";
import type { EncryptionType, ImageTagMutability, ImageTagMutabilityExclusionFilterType } from "./enums.js";
import { encryptionType, imageTagMutability, imageTagMutabilityExclusionFilterType } from "./enums.js";
import { imageTagMutabilityExclusionFilterValue, kmsKey, maxResults, registryId, repositoryName } from "./scalars.js";

/** A resource tag: a key and a value on a repository, not an image tag. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** The tags that are treated the other way: a wildcard over the whole tag, `*` for any run of characters. */
export interface ImageTagMutabilityExclusionFilter {
  readonly filterType: ImageTagMutabilityExclusionFilterType;
  readonly filter: string;
}

/** Whether images are scanned when they are pushed. Deprecated by AWS in favour of the registry's scanning configuration. */
export interface ImageScanningConfiguration {
  readonly scanOnPush?: boolean | undefined;
}

/** How the layers of a repository are encrypted; `kmsKey` is answered as a key ARN. */
export interface EncryptionConfiguration {
  readonly encryptionType: EncryptionType;
  readonly kmsKey?: string | undefined;
}

/** What `CreateRepository` takes. */
export interface CreateRepositoryRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly tags?: readonly Tag[] | undefined;
  readonly imageTagMutability?: ImageTagMutability | undefined;
  readonly imageTagMutabilityExclusionFilters?: readonly ImageTagMutabilityExclusionFilter[] | undefined;
  readonly imageScanningConfiguration?: ImageScanningConfiguration | undefined;
  readonly encryptionConfiguration?: EncryptionConfiguration | undefined;
}

/** A repository and its settings. `repositoryUri` is what clients push to and pull from. */
export interface Repository {
  readonly repositoryArn: string;
  readonly registryId: string;
  readonly repositoryName: string;
  readonly repositoryUri: string;
  readonly createdAt: Date;
  readonly imageTagMutability: ImageTagMutability;
  readonly imageTagMutabilityExclusionFilters?: readonly ImageTagMutabilityExclusionFilter[] | undefined;
  readonly imageScanningConfiguration: ImageScanningConfiguration;
  readonly encryptionConfiguration: EncryptionConfiguration;
}

/** What `CreateRepository` answers. */
export interface CreateRepositoryResponse {
  readonly repository: Repository;
}

/** What `DescribeRepositories` takes. */
export interface DescribeRepositoriesRequest {
  readonly registryId?: string | undefined;
  readonly repositoryNames?: readonly string[] | undefined;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/** What `DescribeRepositories` answers. */
export interface DescribeRepositoriesResponse {
  readonly repositories: readonly Repository[];
  readonly nextToken?: string | undefined;
}

/** What `DeleteRepository` takes. */
export interface DeleteRepositoryRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly force?: boolean | undefined;
}

/** What `DeleteRepository` answers. */
export interface DeleteRepositoryResponse {
  readonly repository: Repository;
}

/** What `PutImageTagMutability` takes. */
export interface PutImageTagMutabilityRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageTagMutability: ImageTagMutability;
  readonly imageTagMutabilityExclusionFilters?: readonly ImageTagMutabilityExclusionFilter[] | undefined;
}

/** What `PutImageTagMutability` answers. */
export interface PutImageTagMutabilityResponse {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageTagMutability: ImageTagMutability;
  readonly imageTagMutabilityExclusionFilters?: readonly ImageTagMutabilityExclusionFilter[] | undefined;
}

export const tag: StructureShape<Tag> = structure({
  Key: required(string),
  Value: required(string),
});

export const imageTagMutabilityExclusionFilter: StructureShape<ImageTagMutabilityExclusionFilter> = structure({
  filterType: required(imageTagMutabilityExclusionFilterType),
  filter: required(imageTagMutabilityExclusionFilterValue),
});

export const imageScanningConfiguration: StructureShape<ImageScanningConfiguration> = structure({
  scanOnPush: optional(boolean),
});

export const encryptionConfiguration: StructureShape<EncryptionConfiguration> = structure({
  encryptionType: required(encryptionType),
  kmsKey: optional(kmsKey),
});

export const createRepositoryRequest: StructureShape<CreateRepositoryRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  tags: optional(list(tag)),
  imageTagMutability: optional(imageTagMutability),
  imageTagMutabilityExclusionFilters: optional(list(imageTagMutabilityExclusionFilter, { min: 1, max: 5 })),
  imageScanningConfiguration: optional(imageScanningConfiguration),
  encryptionConfiguration: optional(encryptionConfiguration),
});

export const repository: StructureShape<Repository> = structure({
  repositoryArn: always(string),
  registryId: always(registryId),
  repositoryName: always(repositoryName),
  repositoryUri: always(string),
  createdAt: always(timestamp),
  imageTagMutability: always(imageTagMutability),
  imageTagMutabilityExclusionFilters: optional(list(imageTagMutabilityExclusionFilter, { min: 1, max: 5 })),
  imageScanningConfiguration: always(imageScanningConfiguration),
  encryptionConfiguration: always(encryptionConfiguration),
});

export const createRepositoryResponse: StructureShape<CreateRepositoryResponse> = structure({
  repository: always(repository),
});

export const describeRepositoriesRequest: StructureShape<DescribeRepositoriesRequest> = structure({
  registryId: optional(registryId),
  repositoryNames: optional(list(repositoryName, { min: 1, max: 100 })),
  nextToken: optional(string),
  maxResults: optional(maxResults),
});

export const describeRepositoriesResponse: StructureShape<DescribeRepositoriesResponse> = structure({
  repositories: always(list(repository)),
  nextToken: optional(string),
});

export const deleteRepositoryRequest: StructureShape<DeleteRepositoryRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  force: optional(boolean),
});

export const deleteRepositoryResponse: StructureShape<DeleteRepositoryResponse> = structure({
  repository: always(repository),
});

export const putImageTagMutabilityRequest: StructureShape<PutImageTagMutabilityRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageTagMutability: required(imageTagMutability),
  imageTagMutabilityExclusionFilters: optional(list(imageTagMutabilityExclusionFilter, { min: 1, max: 5 })),
});

export const putImageTagMutabilityResponse: StructureShape<PutImageTagMutabilityResponse> = structure({
  registryId: always(registryId),
  repositoryName: always(repositoryName),
  imageTagMutability: always(imageTagMutability),
  imageTagMutabilityExclusionFilters: optional(list(imageTagMutabilityExclusionFilter, { min: 1, max: 5 })),
});

/** The operations of this area, by their AWS names. */
export interface RepositoriesOperations {
  /** Create a private repository. */
  readonly CreateRepository: OperationDescription<CreateRepositoryRequest, CreateRepositoryResponse>;
  /** List or look up repositories. */
  readonly DescribeRepositories: OperationDescription<DescribeRepositoriesRequest, DescribeRepositoriesResponse>;
  /** Delete repository; `force` also deletes images. */
  readonly DeleteRepository: OperationDescription<DeleteRepositoryRequest, DeleteRepositoryResponse>;
  /** Change tag mutability and exclusion filters. */
  readonly PutImageTagMutability: OperationDescription<PutImageTagMutabilityRequest, PutImageTagMutabilityResponse>;
}

export const repositoriesOperations: RepositoriesOperations = {
  CreateRepository: {
    name: "CreateRepository",
    service: ecr,
    access: "write",
    input: createRepositoryRequest,
    output: createRepositoryResponse,
    errors: [
      "InvalidParameterException",
      "InvalidTagParameterException",
      "KmsException",
      "LimitExceededException",
      "RepositoryAlreadyExistsException",
      "ServerException",
      "TooManyTagsException",
    ],
  },
  DescribeRepositories: {
    name: "DescribeRepositories",
    service: ecr,
    access: "read",
    input: describeRepositoriesRequest,
    output: describeRepositoriesResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException"],
    paging: { items: "repositories", defaultSize: 100 },
  },
  DeleteRepository: {
    name: "DeleteRepository",
    service: ecr,
    access: "write",
    input: deleteRepositoryRequest,
    output: deleteRepositoryResponse,
    errors: [
      "InvalidParameterException",
      "KmsException",
      "RepositoryNotEmptyException",
      "RepositoryNotFoundException",
      "ServerException",
    ],
  },
  PutImageTagMutability: {
    name: "PutImageTagMutability",
    service: ecr,
    access: "write",
    input: putImageTagMutabilityRequest,
    output: putImageTagMutabilityResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException"],
  },
};
