/** Authentication and the public registry: the operations of this area as data. documented: service model of Amazon ECR Public. */

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
import type { RegistryAliasStatus } from "./enums.js";
import { registryAliasStatus } from "./enums.js";
import { arn, base64, maxResults, registryAliasName, registryDisplayName, registryId } from "./scalars.js";

/** What `GetAuthorizationToken` takes. */
export type GetAuthorizationTokenRequest = Readonly<Record<never, never>>;

/**
 * A login to a registry: `authorizationToken` is base64 of `AWS:` and the password, good until `expiresAt` (12 hours). documented: API
 * reference.
 */
export interface AuthorizationData {
  readonly authorizationToken: string;
  readonly expiresAt: Date;
}

/** What `GetAuthorizationToken` answers. */
export interface GetAuthorizationTokenResponse {
  readonly authorizationData: AuthorizationData;
}

/** What `DescribeRegistries` takes. */
export interface DescribeRegistriesRequest {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/** A name of a public registry in image URIs. */
export interface RegistryAlias {
  readonly name: string;
  readonly status: RegistryAliasStatus;
  readonly primaryRegistryAlias: boolean;
  readonly defaultRegistryAlias: boolean;
}

/** An account's public registry and its aliases. */
export interface Registry {
  readonly registryId: string;
  readonly registryArn: string;
  readonly registryUri: string;
  readonly verified: boolean;
  readonly aliases: readonly RegistryAlias[];
}

/** What `DescribeRegistries` answers. */
export interface DescribeRegistriesResponse {
  readonly registries: readonly Registry[];
  readonly nextToken?: string | undefined;
}

/** What `GetRegistryCatalogData` takes. */
export type GetRegistryCatalogDataRequest = Readonly<Record<never, never>>;

/** What the gallery shows of a public registry. */
export interface RegistryCatalogData {
  readonly displayName?: string | undefined;
}

/** What `GetRegistryCatalogData` answers. */
export interface GetRegistryCatalogDataResponse {
  readonly registryCatalogData: RegistryCatalogData;
}

/** What `PutRegistryCatalogData` takes. */
export interface PutRegistryCatalogDataRequest {
  readonly displayName?: string | undefined;
}

/** What `PutRegistryCatalogData` answers. */
export interface PutRegistryCatalogDataResponse {
  readonly registryCatalogData: RegistryCatalogData;
}

export const getAuthorizationTokenRequest: StructureShape<GetAuthorizationTokenRequest> = structure({});

export const authorizationData: StructureShape<AuthorizationData> = structure({
  authorizationToken: always(base64),
  expiresAt: always(timestamp),
});

export const getAuthorizationTokenResponse: StructureShape<GetAuthorizationTokenResponse> = structure({
  authorizationData: always(authorizationData),
});

export const describeRegistriesRequest: StructureShape<DescribeRegistriesRequest> = structure({
  nextToken: optional(string),
  maxResults: optional(maxResults),
});

export const registryAlias: StructureShape<RegistryAlias> = structure({
  name: required(registryAliasName),
  status: required(registryAliasStatus),
  primaryRegistryAlias: required(boolean),
  defaultRegistryAlias: required(boolean),
});

export const registry: StructureShape<Registry> = structure({
  registryId: required(registryId),
  registryArn: required(arn),
  registryUri: required(string),
  verified: required(boolean),
  aliases: required(list(registryAlias)),
});

export const describeRegistriesResponse: StructureShape<DescribeRegistriesResponse> = structure({
  registries: required(list(registry)),
  nextToken: optional(string),
});

export const getRegistryCatalogDataRequest: StructureShape<GetRegistryCatalogDataRequest> = structure({});

export const registryCatalogData: StructureShape<RegistryCatalogData> = structure({
  displayName: optional(registryDisplayName),
});

export const getRegistryCatalogDataResponse: StructureShape<GetRegistryCatalogDataResponse> = structure({
  registryCatalogData: required(registryCatalogData),
});

export const putRegistryCatalogDataRequest: StructureShape<PutRegistryCatalogDataRequest> = structure({
  displayName: optional(registryDisplayName),
});

export const putRegistryCatalogDataResponse: StructureShape<PutRegistryCatalogDataResponse> = structure({
  registryCatalogData: required(registryCatalogData),
});

/** The operations of this area, by their AWS names. */
export interface RegistriesOperations {
  /** Credentials for public.ecr.aws, 12 h. */
  readonly GetAuthorizationToken: OperationDescription<GetAuthorizationTokenRequest, GetAuthorizationTokenResponse>;
  /** The account's public registry and its aliases. */
  readonly DescribeRegistries: OperationDescription<DescribeRegistriesRequest, DescribeRegistriesResponse>;
  /** Read registry display name. */
  readonly GetRegistryCatalogData: OperationDescription<GetRegistryCatalogDataRequest, GetRegistryCatalogDataResponse>;
  /** Set registry display name. */
  readonly PutRegistryCatalogData: OperationDescription<PutRegistryCatalogDataRequest, PutRegistryCatalogDataResponse>;
}

export const registriesOperations: RegistriesOperations = {
  GetAuthorizationToken: {
    name: "GetAuthorizationToken",
    service: ecrPublic,
    access: "read",
    input: getAuthorizationTokenRequest,
    output: getAuthorizationTokenResponse,
    errors: ["InvalidParameterException", "ServerException", "UnsupportedCommandException"],
  },
  DescribeRegistries: {
    name: "DescribeRegistries",
    service: ecrPublic,
    access: "read",
    input: describeRegistriesRequest,
    output: describeRegistriesResponse,
    errors: ["InvalidParameterException", "ServerException", "UnsupportedCommandException"],
    paging: { items: "registries", defaultSize: 100 },
  },
  GetRegistryCatalogData: {
    name: "GetRegistryCatalogData",
    service: ecrPublic,
    access: "read",
    input: getRegistryCatalogDataRequest,
    output: getRegistryCatalogDataResponse,
    errors: ["ServerException", "UnsupportedCommandException"],
  },
  PutRegistryCatalogData: {
    name: "PutRegistryCatalogData",
    service: ecrPublic,
    access: "write",
    input: putRegistryCatalogDataRequest,
    output: putRegistryCatalogDataResponse,
    errors: ["InvalidParameterException", "ServerException", "UnsupportedCommandException"],
  },
};
