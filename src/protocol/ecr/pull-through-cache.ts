/** Pull-through cache rules: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import { boolean, list, optional, required, type StructureShape, string, structure, timestamp } from "../shape.js";
import type { UpstreamRegistry } from "./enums.js";
import { upstreamRegistry } from "./enums.js";
import {
  credentialArn,
  customRoleArn,
  maxResults,
  pullThroughCacheRuleRepositoryPrefix,
  registryId,
} from "./scalars.js";

/** What `CreatePullThroughCacheRule` takes. */
export interface CreatePullThroughCacheRuleRequest {
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistryUrl: string;
  readonly registryId?: string | undefined;
  readonly upstreamRegistry?: UpstreamRegistry | undefined;
  readonly credentialArn?: string | undefined;
  readonly customRoleArn?: string | undefined;
  readonly upstreamRepositoryPrefix?: string | undefined;
}

/** What `CreatePullThroughCacheRule` answers. */
export interface CreatePullThroughCacheRuleResponse {
  readonly ecrRepositoryPrefix?: string | undefined;
  readonly upstreamRegistryUrl?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly registryId?: string | undefined;
  readonly upstreamRegistry?: UpstreamRegistry | undefined;
  readonly credentialArn?: string | undefined;
  readonly customRoleArn?: string | undefined;
  readonly upstreamRepositoryPrefix?: string | undefined;
}

/** What `DescribePullThroughCacheRules` takes. */
export interface DescribePullThroughCacheRulesRequest {
  readonly registryId?: string | undefined;
  readonly ecrRepositoryPrefixes?: readonly string[] | undefined;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/** A prefix of this registry whose repositories are filled from another registry on first pull. */
export interface PullThroughCacheRule {
  readonly ecrRepositoryPrefix?: string | undefined;
  readonly upstreamRegistryUrl?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly registryId?: string | undefined;
  readonly credentialArn?: string | undefined;
  readonly customRoleArn?: string | undefined;
  readonly upstreamRepositoryPrefix?: string | undefined;
  readonly upstreamRegistry?: UpstreamRegistry | undefined;
  readonly updatedAt?: Date | undefined;
}

/** What `DescribePullThroughCacheRules` answers. */
export interface DescribePullThroughCacheRulesResponse {
  readonly pullThroughCacheRules?: readonly PullThroughCacheRule[] | undefined;
  readonly nextToken?: string | undefined;
}

/** What `UpdatePullThroughCacheRule` takes. */
export interface UpdatePullThroughCacheRuleRequest {
  readonly registryId?: string | undefined;
  readonly ecrRepositoryPrefix: string;
  readonly credentialArn?: string | undefined;
  readonly customRoleArn?: string | undefined;
}

/** What `UpdatePullThroughCacheRule` answers. */
export interface UpdatePullThroughCacheRuleResponse {
  readonly ecrRepositoryPrefix?: string | undefined;
  readonly registryId?: string | undefined;
  readonly updatedAt?: Date | undefined;
  readonly credentialArn?: string | undefined;
  readonly customRoleArn?: string | undefined;
  readonly upstreamRepositoryPrefix?: string | undefined;
}

/** What `DeletePullThroughCacheRule` takes. */
export interface DeletePullThroughCacheRuleRequest {
  readonly ecrRepositoryPrefix: string;
  readonly registryId?: string | undefined;
}

/** What `DeletePullThroughCacheRule` answers. */
export interface DeletePullThroughCacheRuleResponse {
  readonly ecrRepositoryPrefix?: string | undefined;
  readonly upstreamRegistryUrl?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly registryId?: string | undefined;
  readonly credentialArn?: string | undefined;
  readonly customRoleArn?: string | undefined;
  readonly upstreamRepositoryPrefix?: string | undefined;
}

/** What `ValidatePullThroughCacheRule` takes. */
export interface ValidatePullThroughCacheRuleRequest {
  readonly ecrRepositoryPrefix: string;
  readonly registryId?: string | undefined;
}

/** What `ValidatePullThroughCacheRule` answers. */
export interface ValidatePullThroughCacheRuleResponse {
  readonly ecrRepositoryPrefix?: string | undefined;
  readonly registryId?: string | undefined;
  readonly upstreamRegistryUrl?: string | undefined;
  readonly credentialArn?: string | undefined;
  readonly customRoleArn?: string | undefined;
  readonly upstreamRepositoryPrefix?: string | undefined;
  readonly isValid?: boolean | undefined;
  readonly failure?: string | undefined;
}

export const createPullThroughCacheRuleRequest: StructureShape<CreatePullThroughCacheRuleRequest> = structure({
  ecrRepositoryPrefix: required(pullThroughCacheRuleRepositoryPrefix),
  upstreamRegistryUrl: required(string),
  registryId: optional(registryId),
  upstreamRegistry: optional(upstreamRegistry),
  credentialArn: optional(credentialArn),
  customRoleArn: optional(customRoleArn),
  upstreamRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
});

export const createPullThroughCacheRuleResponse: StructureShape<CreatePullThroughCacheRuleResponse> = structure({
  ecrRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
  upstreamRegistryUrl: optional(string),
  createdAt: optional(timestamp),
  registryId: optional(registryId),
  upstreamRegistry: optional(upstreamRegistry),
  credentialArn: optional(credentialArn),
  customRoleArn: optional(customRoleArn),
  upstreamRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
});

export const describePullThroughCacheRulesRequest: StructureShape<DescribePullThroughCacheRulesRequest> = structure({
  registryId: optional(registryId),
  ecrRepositoryPrefixes: optional(list(pullThroughCacheRuleRepositoryPrefix, { min: 1, max: 100 })),
  nextToken: optional(string),
  maxResults: optional(maxResults),
});

export const pullThroughCacheRule: StructureShape<PullThroughCacheRule> = structure({
  ecrRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
  upstreamRegistryUrl: optional(string),
  createdAt: optional(timestamp),
  registryId: optional(registryId),
  credentialArn: optional(credentialArn),
  customRoleArn: optional(customRoleArn),
  upstreamRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
  upstreamRegistry: optional(upstreamRegistry),
  updatedAt: optional(timestamp),
});

export const describePullThroughCacheRulesResponse: StructureShape<DescribePullThroughCacheRulesResponse> = structure({
  pullThroughCacheRules: optional(list(pullThroughCacheRule)),
  nextToken: optional(string),
});

export const updatePullThroughCacheRuleRequest: StructureShape<UpdatePullThroughCacheRuleRequest> = structure({
  registryId: optional(registryId),
  ecrRepositoryPrefix: required(pullThroughCacheRuleRepositoryPrefix),
  credentialArn: optional(credentialArn),
  customRoleArn: optional(customRoleArn),
});

export const updatePullThroughCacheRuleResponse: StructureShape<UpdatePullThroughCacheRuleResponse> = structure({
  ecrRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
  registryId: optional(registryId),
  updatedAt: optional(timestamp),
  credentialArn: optional(credentialArn),
  customRoleArn: optional(customRoleArn),
  upstreamRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
});

export const deletePullThroughCacheRuleRequest: StructureShape<DeletePullThroughCacheRuleRequest> = structure({
  ecrRepositoryPrefix: required(pullThroughCacheRuleRepositoryPrefix),
  registryId: optional(registryId),
});

export const deletePullThroughCacheRuleResponse: StructureShape<DeletePullThroughCacheRuleResponse> = structure({
  ecrRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
  upstreamRegistryUrl: optional(string),
  createdAt: optional(timestamp),
  registryId: optional(registryId),
  credentialArn: optional(credentialArn),
  customRoleArn: optional(customRoleArn),
  upstreamRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
});

export const validatePullThroughCacheRuleRequest: StructureShape<ValidatePullThroughCacheRuleRequest> = structure({
  ecrRepositoryPrefix: required(pullThroughCacheRuleRepositoryPrefix),
  registryId: optional(registryId),
});

export const validatePullThroughCacheRuleResponse: StructureShape<ValidatePullThroughCacheRuleResponse> = structure({
  ecrRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
  registryId: optional(registryId),
  upstreamRegistryUrl: optional(string),
  credentialArn: optional(credentialArn),
  customRoleArn: optional(customRoleArn),
  upstreamRepositoryPrefix: optional(pullThroughCacheRuleRepositoryPrefix),
  isValid: optional(boolean),
  failure: optional(string),
});

/** The operations of this area, by their AWS names. */
export interface PullThroughCacheOperations {
  /** Map a local prefix to an upstream registry. */
  readonly CreatePullThroughCacheRule: OperationDescription<
    CreatePullThroughCacheRuleRequest,
    CreatePullThroughCacheRuleResponse
  >;
  /** List or look up rules. */
  readonly DescribePullThroughCacheRules: OperationDescription<
    DescribePullThroughCacheRulesRequest,
    DescribePullThroughCacheRulesResponse
  >;
  /** Change credential or role only. */
  readonly UpdatePullThroughCacheRule: OperationDescription<
    UpdatePullThroughCacheRuleRequest,
    UpdatePullThroughCacheRuleResponse
  >;
  /** Delete rule; cached repositories remain. */
  readonly DeletePullThroughCacheRule: OperationDescription<
    DeletePullThroughCacheRuleRequest,
    DeletePullThroughCacheRuleResponse
  >;
  /** Test the upstream login. */
  readonly ValidatePullThroughCacheRule: OperationDescription<
    ValidatePullThroughCacheRuleRequest,
    ValidatePullThroughCacheRuleResponse
  >;
}

export const pullThroughCacheOperations: PullThroughCacheOperations = {
  CreatePullThroughCacheRule: {
    name: "CreatePullThroughCacheRule",
    service: ecr,
    access: "write",
    input: createPullThroughCacheRuleRequest,
    output: createPullThroughCacheRuleResponse,
    errors: [
      "InvalidParameterException",
      "LimitExceededException",
      "PullThroughCacheRuleAlreadyExistsException",
      "SecretNotFoundException",
      "ServerException",
      "UnableToAccessSecretException",
      "UnableToDecryptSecretValueException",
      "UnsupportedUpstreamRegistryException",
      "ValidationException",
    ],
  },
  DescribePullThroughCacheRules: {
    name: "DescribePullThroughCacheRules",
    service: ecr,
    access: "read",
    input: describePullThroughCacheRulesRequest,
    output: describePullThroughCacheRulesResponse,
    errors: [
      "InvalidParameterException",
      "PullThroughCacheRuleNotFoundException",
      "ServerException",
      "ValidationException",
    ],
    paging: { items: "pullThroughCacheRules", defaultSize: 100 },
  },
  UpdatePullThroughCacheRule: {
    name: "UpdatePullThroughCacheRule",
    service: ecr,
    access: "write",
    input: updatePullThroughCacheRuleRequest,
    output: updatePullThroughCacheRuleResponse,
    errors: [
      "InvalidParameterException",
      "PullThroughCacheRuleNotFoundException",
      "SecretNotFoundException",
      "ServerException",
      "UnableToAccessSecretException",
      "UnableToDecryptSecretValueException",
      "ValidationException",
    ],
  },
  DeletePullThroughCacheRule: {
    name: "DeletePullThroughCacheRule",
    service: ecr,
    access: "write",
    input: deletePullThroughCacheRuleRequest,
    output: deletePullThroughCacheRuleResponse,
    errors: [
      "InvalidParameterException",
      "PullThroughCacheRuleNotFoundException",
      "ServerException",
      "ValidationException",
    ],
  },
  ValidatePullThroughCacheRule: {
    name: "ValidatePullThroughCacheRule",
    service: ecr,
    access: "read",
    input: validatePullThroughCacheRuleRequest,
    output: validatePullThroughCacheRuleResponse,
    errors: [
      "InvalidParameterException",
      "PullThroughCacheRuleNotFoundException",
      "ServerException",
      "ValidationException",
    ],
  },
};
