/** Managed signing: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import { list, optional, required, type StructureShape, string, structure } from "../shape.js";
import type { SigningRepositoryFilterType, SigningStatus } from "./enums.js";
import { signingRepositoryFilterType, signingStatus } from "./enums.js";
import { type ImageIdentifier, imageIdentifier } from "./images.js";
import { registryId, repositoryName, signingProfileArn, signingRepositoryFilterValue } from "./scalars.js";

/** Which repositories a signing rule covers. */
export interface SigningRepositoryFilter {
  readonly filter: string;
  readonly filterType: SigningRepositoryFilterType;
}

/** A signing profile and the repositories whose images it signs. */
export interface SigningRule {
  readonly signingProfileArn: string;
  readonly repositoryFilters?: readonly SigningRepositoryFilter[] | undefined;
}

/** All signing rules of a registry. */
export interface SigningConfiguration {
  readonly rules: readonly SigningRule[];
}

/** What `PutSigningConfiguration` takes. */
export interface PutSigningConfigurationRequest {
  readonly signingConfiguration: SigningConfiguration;
}

/** What `PutSigningConfiguration` answers. */
export interface PutSigningConfigurationResponse {
  readonly signingConfiguration?: SigningConfiguration | undefined;
}

/** What `GetSigningConfiguration` takes. */
export type GetSigningConfigurationRequest = Readonly<Record<never, never>>;

/** What `GetSigningConfiguration` answers. */
export interface GetSigningConfigurationResponse {
  readonly registryId?: string | undefined;
  readonly signingConfiguration?: SigningConfiguration | undefined;
}

/** What `DeleteSigningConfiguration` takes. */
export type DeleteSigningConfigurationRequest = Readonly<Record<never, never>>;

/** What `DeleteSigningConfiguration` answers. */
export interface DeleteSigningConfigurationResponse {
  readonly registryId?: string | undefined;
  readonly signingConfiguration?: SigningConfiguration | undefined;
}

/** What `DescribeImageSigningStatus` takes. */
export interface DescribeImageSigningStatusRequest {
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
  readonly registryId?: string | undefined;
}

/** Where the signing of an image by one profile stands. */
export interface ImageSigningStatus {
  readonly signingProfileArn?: string | undefined;
  readonly failureCode?: string | undefined;
  readonly failureReason?: string | undefined;
  readonly status?: SigningStatus | undefined;
}

/** What `DescribeImageSigningStatus` answers. */
export interface DescribeImageSigningStatusResponse {
  readonly repositoryName?: string | undefined;
  readonly imageId?: ImageIdentifier | undefined;
  readonly registryId?: string | undefined;
  readonly signingStatuses?: readonly ImageSigningStatus[] | undefined;
}

export const signingRepositoryFilter: StructureShape<SigningRepositoryFilter> = structure({
  filter: required(signingRepositoryFilterValue),
  filterType: required(signingRepositoryFilterType),
});

export const signingRule: StructureShape<SigningRule> = structure({
  signingProfileArn: required(signingProfileArn),
  repositoryFilters: optional(list(signingRepositoryFilter, { min: 1, max: 100 })),
});

export const signingConfiguration: StructureShape<SigningConfiguration> = structure({
  rules: required(list(signingRule, { min: 0, max: 10 })),
});

export const putSigningConfigurationRequest: StructureShape<PutSigningConfigurationRequest> = structure({
  signingConfiguration: required(signingConfiguration),
});

export const putSigningConfigurationResponse: StructureShape<PutSigningConfigurationResponse> = structure({
  signingConfiguration: optional(signingConfiguration),
});

export const getSigningConfigurationRequest: StructureShape<GetSigningConfigurationRequest> = structure({});

export const getSigningConfigurationResponse: StructureShape<GetSigningConfigurationResponse> = structure({
  registryId: optional(registryId),
  signingConfiguration: optional(signingConfiguration),
});

export const deleteSigningConfigurationRequest: StructureShape<DeleteSigningConfigurationRequest> = structure({});

export const deleteSigningConfigurationResponse: StructureShape<DeleteSigningConfigurationResponse> = structure({
  registryId: optional(registryId),
  signingConfiguration: optional(signingConfiguration),
});

export const describeImageSigningStatusRequest: StructureShape<DescribeImageSigningStatusRequest> = structure({
  repositoryName: required(repositoryName),
  imageId: required(imageIdentifier),
  registryId: optional(registryId),
});

export const imageSigningStatus: StructureShape<ImageSigningStatus> = structure({
  signingProfileArn: optional(signingProfileArn),
  failureCode: optional(string),
  failureReason: optional(string),
  status: optional(signingStatus),
});

export const describeImageSigningStatusResponse: StructureShape<DescribeImageSigningStatusResponse> = structure({
  repositoryName: optional(repositoryName),
  imageId: optional(imageIdentifier),
  registryId: optional(registryId),
  signingStatuses: optional(list(imageSigningStatus)),
});

/** The operations of this area, by their AWS names. */
export interface SigningOperations {
  /** Replace signing rules. */
  readonly PutSigningConfiguration: OperationDescription<
    PutSigningConfigurationRequest,
    PutSigningConfigurationResponse
  >;
  /** Read signing rules. */
  readonly GetSigningConfiguration: OperationDescription<
    GetSigningConfigurationRequest,
    GetSigningConfigurationResponse
  >;
  /** Remove signing rules, return them. */
  readonly DeleteSigningConfiguration: OperationDescription<
    DeleteSigningConfigurationRequest,
    DeleteSigningConfigurationResponse
  >;
  /** Signing status per profile for one image. */
  readonly DescribeImageSigningStatus: OperationDescription<
    DescribeImageSigningStatusRequest,
    DescribeImageSigningStatusResponse
  >;
}

export const signingOperations: SigningOperations = {
  PutSigningConfiguration: {
    name: "PutSigningConfiguration",
    service: ecr,
    access: "write",
    input: putSigningConfigurationRequest,
    output: putSigningConfigurationResponse,
    errors: ["InvalidParameterException", "ServerException", "ValidationException"],
  },
  GetSigningConfiguration: {
    name: "GetSigningConfiguration",
    service: ecr,
    access: "read",
    input: getSigningConfigurationRequest,
    output: getSigningConfigurationResponse,
    errors: [
      "InvalidParameterException",
      "ServerException",
      "SigningConfigurationNotFoundException",
      "ValidationException",
    ],
  },
  DeleteSigningConfiguration: {
    name: "DeleteSigningConfiguration",
    service: ecr,
    access: "write",
    input: deleteSigningConfigurationRequest,
    output: deleteSigningConfigurationResponse,
    errors: ["ServerException", "SigningConfigurationNotFoundException", "ValidationException"],
  },
  DescribeImageSigningStatus: {
    name: "DescribeImageSigningStatus",
    service: ecr,
    access: "read",
    input: describeImageSigningStatusRequest,
    output: describeImageSigningStatusResponse,
    errors: [
      "ImageNotFoundException",
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "ValidationException",
    ],
  },
};
