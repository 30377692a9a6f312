/** Public repositories: the operations of this area as data. documented: service model of Amazon ECR Public. */
import { ecrPublic, type OperationDescription } from "../operation.js";
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
import {
  aboutText,
  architecture,
  arn,
  logoImageBlob,
  maxResults,
  operatingSystem,
  registryId,
  repositoryDescription,
  repositoryName,
  resourceUrl,
  tagKey,
  tagValue,
  usageText,
} from "./scalars.js";

/** What the gallery is to show of a public repository. */
export interface RepositoryCatalogDataInput {
  readonly description?: string | undefined;
  readonly architectures?: readonly string[] | undefined;
  readonly operatingSystems?: readonly string[] | undefined;
  readonly logoImageBlob?: Uint8Array | undefined;
  readonly aboutText?: string | undefined;
  readonly usageText?: string | undefined;
}

/** A resource tag: a key and a value on a repository, not an image tag. */
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** What `CreateRepository` takes. */
export interface CreateRepositoryRequest {
  readonly repositoryName: string;
  readonly catalogData?: RepositoryCatalogDataInput | undefined;
  readonly tags?: readonly Tag[] | undefined;
}

/** A repository and its settings. `repositoryUri` is what clients push to and pull from. */
export interface Repository {
  readonly repositoryArn: string;
  readonly registryId: string;
  readonly repositoryName: string;
  readonly repositoryUri: string;
  readonly createdAt: Date;
}

/** What the gallery shows of a public repository. */
export interface RepositoryCatalogData {
  readonly description?: string | undefined;
  readonly architectures?: readonly string[] | undefined;
  readonly operatingSystems?: readonly string[] | undefined;
  readonly logoUrl?: string | undefined;
  readonly aboutText?: string | undefined;
  readonly usageText?: string | undefined;
  readonly marketplaceCertified?: boolean | undefined;
}

/** What `CreateRepository` answers. */
export interface CreateRepositoryResponse {
  readonly repository: Repository;
  readonly catalogData?: RepositoryCatalogData | undefined;
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

export const repositoryCatalogDataInput: StructureShape<RepositoryCatalogDataInput> = structure({
  description: optional(repositoryDescription),
  architectures: optional(list(architecture, { max: 50 })),
  operatingSystems: optional(list(operatingSystem, { max: 50 })),
  logoImageBlob: optional(logoImageBlob),
  aboutText: optional(aboutText),
  usageText: optional(usageText),
});

export const tag: StructureShape<Tag> = structure({
  Key: optional(tagKey),
  Value: optional(tagValue),
});

export const createRepositoryRequest: StructureShape<CreateRepositoryRequest> = structure({
  repositoryName: required(repositoryName),
  catalogData: optional(repositoryCatalogDataInput),
  tags: optional(list(tag, { min: 0, max: 200 })),
});

export const repository: StructureShape<Repository> = structure({
  repositoryArn: always(arn),
  registryId: always(registryId),
  repositoryName: always(repositoryName),
  repositoryUri: always(string),
  createdAt: always(timestamp),
});

export const repositoryCatalogData: StructureShape<RepositoryCatalogData> = structure({
  description: optional(repositoryDescription),
  architectures: optional(list(architecture, { max: 50 })),
  operatingSystems: optional(list(operatingSystem, { max: 50 })),
  logoUrl: optional(resourceUrl),
  aboutText: optional(aboutText),
  usageText: optional(usageText),
  marketplaceCertified: optional(boolean),
});

export const createRepositoryResponse: StructureShape<CreateRepositoryResponse> = structure({
  repository: always(repository),
  catalogData: optional(repositoryCatalogData),
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

/** The operations of this area, by their AWS names. */
export interface RepositoriesOperations {
  /** Create a public repository with gallery data. */
  readonly CreateRepository: OperationDescription<CreateRepositoryRequest, CreateRepositoryResponse>;
  /** List or look up repositories. */
  readonly DescribeRepositories: OperationDescription<DescribeRepositoriesRequest, DescribeRepositoriesResponse>;
  /** Delete repository; `force` also deletes images. */
  readonly DeleteRepository: OperationDescription<DeleteRepositoryRequest, DeleteRepositoryResponse>;
}

export const repositoriesOperations: RepositoriesOperations = {
  CreateRepository: {
    name: "CreateRepository",
    service: ecrPublic,
    access: "write",
    input: createRepositoryRequest,
    output: createRepositoryResponse,
    errors: [
      "InvalidParameterException",
      "InvalidTagParameterException",
      "LimitExceededException",
      "RepositoryAlreadyExistsException",
      "ServerException",
      "TooManyTagsException",
      "UnsupportedCommandException",
    ],
  },
  DescribeRepositories: {
    name: "DescribeRepositories",
    service: ecrPublic,
    access: "read",
    input: describeRepositoriesRequest,
    output: describeRepositoriesResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
    paging: { items: "repositories", defaultSize: 100 },
  },
  DeleteRepository: {
    name: "DeleteRepository",
    service: ecrPublic,
    access: "write",
    input: deleteRepositoryRequest,
    output: deleteRepositoryResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotEmptyException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
};
