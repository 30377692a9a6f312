/** Repository creation templates: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import { list, optional, required, type StructureShape, string, structure, timestamp } from "../shape.js";
import type { EncryptionType, ImageTagMutability, RCTAppliedFor } from "./enums.js";
import { encryptionType, imageTagMutability, rCTAppliedFor } from "./enums.js";
import {
  type ImageTagMutabilityExclusionFilter,
  imageTagMutabilityExclusionFilter,
  type Tag,
  tag,
} from "./repositories.js";
import {
  customRoleArn,
  kmsKeyForRepositoryCreationTemplate,
  lifecyclePolicyTextForRepositoryCreationTemplate,
  maxResults,
  prefix,
  registryId,
  repositoryPolicyText,
  repositoryTemplateDescription,
} from "./scalars.js";

/** How repositories made from a template are encrypted; `kmsKey` is a full key ARN or empty. */
export interface EncryptionConfigurationForRepositoryCreationTemplate {
  readonly encryptionType: EncryptionType;
  readonly kmsKey?: string | undefined;
}

/** What `CreateRepositoryCreationTemplate` takes. */
export interface CreateRepositoryCreationTemplateRequest {
  readonly prefix: string;
  readonly description?: string | undefined;
  readonly encryptionConfiguration?: EncryptionConfigurationForRepositoryCreationTemplate | undefined;
  readonly resourceTags?: readonly Tag[] | undefined;
  readonly imageTagMutability?: ImageTagMutability | undefined;
  readonly imageTagMutabilityExclusionFilters?: readonly ImageTagMutabilityExclusionFilter[] | undefined;
  readonly repositoryPolicy?: string | undefined;
  readonly lifecyclePolicy?: string | undefined;
  readonly appliedFor: readonly RCTAppliedFor[];
  readonly customRoleArn?: string | undefined;
}

/** The settings that a repository gets when ECR creates it by itself below `prefix`. */
export interface RepositoryCreationTemplate {
  readonly prefix?: string | undefined;
  readonly description?: string | undefined;
  readonly encryptionConfiguration?: EncryptionConfigurationForRepositoryCreationTemplate | undefined;
  readonly resourceTags?: readonly Tag[] | undefined;
  readonly imageTagMutability?: ImageTagMutability | undefined;
  readonly imageTagMutabilityExclusionFilters?: readonly ImageTagMutabilityExclusionFilter[] | undefined;
  readonly repositoryPolicy?: string | undefined;
  readonly lifecyclePolicy?: string | undefined;
  readonly appliedFor?: readonly RCTAppliedFor[] | undefined;
  readonly customRoleArn?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly updatedAt?: Date | undefined;
}

/** What `CreateRepositoryCreationTemplate` answers. */
export interface CreateRepositoryCreationTemplateResponse {
  readonly registryId?: string | undefined;
  readonly repositoryCreationTemplate?: RepositoryCreationTemplate | undefined;
}

/** What `DescribeRepositoryCreationTemplates` takes. */
export interface DescribeRepositoryCreationTemplatesRequest {
  readonly prefixes?: readonly string[] | undefined;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/** What `DescribeRepositoryCreationTemplates` answers. */
export interface DescribeRepositoryCreationTemplatesResponse {
  readonly registryId?: string | undefined;
  readonly repositoryCreationTemplates?: readonly RepositoryCreationTemplate[] | undefined;
  readonly nextToken?: string | undefined;
}

/** What `UpdateRepositoryCreationTemplate` takes. */
export interface UpdateRepositoryCreationTemplateRequest {
  readonly prefix: string;
  readonly description?: string | undefined;
  readonly encryptionConfiguration?: EncryptionConfigurationForRepositoryCreationTemplate | undefined;
  readonly resourceTags?: readonly Tag[] | undefined;
  readonly imageTagMutability?: ImageTagMutability | undefined;
  readonly imageTagMutabilityExclusionFilters?: readonly ImageTagMutabilityExclusionFilter[] | undefined;
  readonly repositoryPolicy?: string | undefined;
  readonly lifecyclePolicy?: string | undefined;
  readonly appliedFor?: readonly RCTAppliedFor[] | undefined;
  readonly customRoleArn?: string | undefined;
}

/** What `UpdateRepositoryCreationTemplate` answers. */
export interface UpdateRepositoryCreationTemplateResponse {
  readonly registryId?: string | undefined;
  readonly repositoryCreationTemplate?: RepositoryCreationTemplate | undefined;
}

/** What `DeleteRepositoryCreationTemplate` takes. */
export interface DeleteRepositoryCreationTemplateRequest {
  readonly prefix: string;
}

/** What `DeleteRepositoryCreationTemplate` answers. */
export interface DeleteRepositoryCreationTemplateResponse {
  readonly registryId?: string | undefined;
  readonly repositoryCreationTemplate?: RepositoryCreationTemplate | undefined;
}

export const encryptionConfigurationForRepositoryCreationTemplate: StructureShape<EncryptionConfigurationForRepositoryCreationTemplate> =
  structure({
    encryptionType: required(encryptionType),
    kmsKey: optional(kmsKeyForRepositoryCreationTemplate),
  });

export const createRepositoryCreationTemplateRequest: StructureShape<CreateRepositoryCreationTemplateRequest> =
  structure({
    prefix: required(prefix),
    description: optional(repositoryTemplateDescription),
    encryptionConfiguration: optional(encryptionConfigurationForRepositoryCreationTemplate),
    resourceTags: optional(list(tag)),
    imageTagMutability: optional(imageTagMutability),
    imageTagMutabilityExclusionFilters: optional(list(imageTagMutabilityExclusionFilter, { min: 1, max: 5 })),
    repositoryPolicy: optional(repositoryPolicyText),
    lifecyclePolicy: optional(lifecyclePolicyTextForRepositoryCreationTemplate),
    appliedFor: required(list(rCTAppliedFor)),
    customRoleArn: optional(customRoleArn),
  });

export const repositoryCreationTemplate: StructureShape<RepositoryCreationTemplate> = structure({
  prefix: optional(prefix),
  description: optional(repositoryTemplateDescription),
  encryptionConfiguration: optional(encryptionConfigurationForRepositoryCreationTemplate),
  resourceTags: optional(list(tag)),
  imageTagMutability: optional(imageTagMutability),
  imageTagMutabilityExclusionFilters: optional(list(imageTagMutabilityExclusionFilter, { min: 1, max: 5 })),
  repositoryPolicy: optional(repositoryPolicyText),
  lifecyclePolicy: optional(lifecyclePolicyTextForRepositoryCreationTemplate),
  appliedFor: optional(list(rCTAppliedFor)),
  customRoleArn: optional(customRoleArn),
  createdAt: optional(timestamp),
  updatedAt: optional(timestamp),
});

export const createRepositoryCreationTemplateResponse: StructureShape<CreateRepositoryCreationTemplateResponse> =
  structure({
    registryId: optional(registryId),
    repositoryCreationTemplate: optional(repositoryCreationTemplate),
  });

export const describeRepositoryCreationTemplatesRequest: StructureShape<DescribeRepositoryCreationTemplatesRequest> =
  structure({
    prefixes: optional(list(prefix)),
    nextToken: optional(string),
    maxResults: optional(maxResults),
  });

export const describeRepositoryCreationTemplatesResponse: StructureShape<DescribeRepositoryCreationTemplatesResponse> =
  structure({
    registryId: optional(registryId),
    repositoryCreationTemplates: optional(list(repositoryCreationTemplate)),
    nextToken: optional(string),
  });

export const updateRepositoryCreationTemplateRequest: StructureShape<UpdateRepositoryCreationTemplateRequest> =
  structure({
    prefix: required(prefix),
    description: optional(repositoryTemplateDescription),
    encryptionConfiguration: optional(encryptionConfigurationForRepositoryCreationTemplate),
    resourceTags: optional(list(tag)),
    imageTagMutability: optional(imageTagMutability),
    imageTagMutabilityExclusionFilters: optional(list(imageTagMutabilityExclusionFilter, { min: 1, max: 5 })),
    repositoryPolicy: optional(repositoryPolicyText),
    lifecyclePolicy: optional(lifecyclePolicyTextForRepositoryCreationTemplate),
    appliedFor: optional(list(rCTAppliedFor)),
    customRoleArn: optional(customRoleArn),
  });

export const updateRepositoryCreationTemplateResponse: StructureShape<UpdateRepositoryCreationTemplateResponse> =
  structure({
    registryId: optional(registryId),
    repositoryCreationTemplate: optional(repositoryCreationTemplate),
  });

export const deleteRepositoryCreationTemplateRequest: StructureShape<DeleteRepositoryCreationTemplateRequest> =
  structure({
    prefix: required(prefix),
  });

export const deleteRepositoryCreationTemplateResponse: StructureShape<DeleteRepositoryCreationTemplateResponse> =
  structure({
    registryId: optional(registryId),
    repositoryCreationTemplate: optional(repositoryCreationTemplate),
  });

/** The operations of this area, by their AWS names. */
export interface CreationTemplatesOperations {
  /** Defaults for auto-created repositories. */
  readonly CreateRepositoryCreationTemplate: OperationDescription<
    CreateRepositoryCreationTemplateRequest,
    CreateRepositoryCreationTemplateResponse
  >;
  /** List or look up templates. */
  readonly DescribeRepositoryCreationTemplates: OperationDescription<
    DescribeRepositoryCreationTemplatesRequest,
    DescribeRepositoryCreationTemplatesResponse
  >;
  /** Change a template. */
  readonly UpdateRepositoryCreationTemplate: OperationDescription<
    UpdateRepositoryCreationTemplateRequest,
    UpdateRepositoryCreationTemplateResponse
  >;
  /** Delete a template. */
  readonly DeleteRepositoryCreationTemplate: OperationDescription<
    DeleteRepositoryCreationTemplateRequest,
    DeleteRepositoryCreationTemplateResponse
  >;
}

export const creationTemplatesOperations: CreationTemplatesOperations = {
  CreateRepositoryCreationTemplate: {
    name: "CreateRepositoryCreationTemplate",
    service: ecr,
    access: "write",
    input: createRepositoryCreationTemplateRequest,
    output: createRepositoryCreationTemplateResponse,
    errors: [
      "InvalidParameterException",
      "LimitExceededException",
      "ServerException",
      "TemplateAlreadyExistsException",
      "ValidationException",
    ],
  },
  DescribeRepositoryCreationTemplates: {
    name: "DescribeRepositoryCreationTemplates",
    service: ecr,
    access: "read",
    input: describeRepositoryCreationTemplatesRequest,
    output: describeRepositoryCreationTemplatesResponse,
    errors: ["InvalidParameterException", "ServerException", "ValidationException"],
    paging: { items: "repositoryCreationTemplates", defaultSize: 100 },
  },
  UpdateRepositoryCreationTemplate: {
    name: "UpdateRepositoryCreationTemplate",
    service: ecr,
    access: "write",
    input: updateRepositoryCreationTemplateRequest,
    output: updateRepositoryCreationTemplateResponse,
    errors: ["InvalidParameterException", "ServerException", "TemplateNotFoundException", "ValidationException"],
  },
  DeleteRepositoryCreationTemplate: {
    name: "DeleteRepositoryCreationTemplate",
    service: ecr,
    access: "write",
    input: deleteRepositoryCreationTemplateRequest,
    output: deleteRepositoryCreationTemplateResponse,
    errors: ["InvalidParameterException", "ServerException", "TemplateNotFoundException", "ValidationException"],
  },
};
