/** Repository catalog data: the operations of this area as data. documented: service model of Amazon ECR Public. */

import { ecrPublic, type OperationDescription } from "../operation.js";
import { optional, required, type StructureShape, structure } from "../shape.js";
import {
  type RepositoryCatalogData,
  type RepositoryCatalogDataInput,
  repositoryCatalogData,
  repositoryCatalogDataInput,
} from "./repositories.js";
import { registryId, repositoryName } from "./scalars.js";

/** What `GetRepositoryCatalogData` takes. */
export interface GetRepositoryCatalogDataRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
}

/** What `GetRepositoryCatalogData` answers. */
export interface GetRepositoryCatalogDataResponse {
  readonly catalogData?: RepositoryCatalogData | undefined;
}

/** What `PutRepositoryCatalogData` takes. */
export interface PutRepositoryCatalogDataRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly catalogData: RepositoryCatalogDataInput;
}

/** What `PutRepositoryCatalogData` answers. */
export interface PutRepositoryCatalogDataResponse {
  readonly catalogData?: RepositoryCatalogData | undefined;
}

export const getRepositoryCatalogDataRequest: StructureShape<GetRepositoryCatalogDataRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
});

export const getRepositoryCatalogDataResponse: StructureShape<GetRepositoryCatalogDataResponse> = structure({
  catalogData: optional(repositoryCatalogData),
});

export const putRepositoryCatalogDataRequest: StructureShape<PutRepositoryCatalogDataRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  catalogData: required(repositoryCatalogDataInput),
});

export const putRepositoryCatalogDataResponse: StructureShape<PutRepositoryCatalogDataResponse> = structure({
  catalogData: optional(repositoryCatalogData),
});

/** The operations of this area, by their AWS names. */
export interface CatalogDataOperations {
  /** Read gallery data. */
  readonly GetRepositoryCatalogData: OperationDescription<
    GetRepositoryCatalogDataRequest,
    GetRepositoryCatalogDataResponse
  >;
  /** Replace gallery data. */
  readonly PutRepositoryCatalogData: OperationDescription<
    PutRepositoryCatalogDataRequest,
    PutRepositoryCatalogDataResponse
  >;
}

export const catalogDataOperations: CatalogDataOperations = {
  GetRepositoryCatalogData: {
    name: "GetRepositoryCatalogData",
    service: ecrPublic,
    access: "read",
    input: getRepositoryCatalogDataRequest,
    output: getRepositoryCatalogDataResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryCatalogDataNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
  PutRepositoryCatalogData: {
    name: "PutRepositoryCatalogData",
    service: ecrPublic,
    access: "write",
    input: putRepositoryCatalogDataRequest,
    output: putRepositoryCatalogDataResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
};
