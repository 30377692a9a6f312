/** Repository policies: the operations of this area as data. documented: service model of Amazon ECR. */
import { ecr, type OperationDescription } from "../operation.js";
import { boolean, optional, required, type StructureShape, structure } from "../shape.js";
import { registryId, repositoryName, repositoryPolicyText } from "./scalars.js";

/** What `SetRepositoryPolicy` takes. */
export interface SetRepositoryPolicyRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly policyText: string;
  readonly force?: boolean | undefined;
}

/** What `SetRepositoryPolicy` answers. */
export interface SetRepositoryPolicyResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly policyText?: string | undefined;
}

/** What `GetRepositoryPolicy` takes. */
export interface GetRepositoryPolicyRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
}

/** What `GetRepositoryPolicy` answers. */
export interface GetRepositoryPolicyResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly policyText?: string | undefined;
}

/** What `DeleteRepositoryPolicy` takes. */
export interface DeleteRepositoryPolicyRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
}

/** What `DeleteRepositoryPolicy` answers. */
export interface DeleteRepositoryPolicyResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly policyText?: string | undefined;
}

export const setRepositoryPolicyRequest: StructureShape<SetRepositoryPolicyRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  policyText: required(repositoryPolicyText),
  force: optional(boolean),
});

export const setRepositoryPolicyResponse: StructureShape<SetRepositoryPolicyResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  policyText: optional(repositoryPolicyText),
});

export const getRepositoryPolicyRequest: StructureShape<GetRepositoryPolicyRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
});

export const getRepositoryPolicyResponse: StructureShape<GetRepositoryPolicyResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  policyText: optional(repositoryPolicyText),
});

export const deleteRepositoryPolicyRequest: StructureShape<DeleteRepositoryPolicyRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
});

export const deleteRepositoryPolicyResponse: StructureShape<DeleteRepositoryPolicyResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  policyText: optional(repositoryPolicyText),
});

/** The operations of this area, by their AWS names. */
export interface RepositoryPolicyOperations {
  /** Attach resource policy to repository. */
  readonly SetRepositoryPolicy: OperationDescription<SetRepositoryPolicyRequest, SetRepositoryPolicyResponse>;
  /** Read the repository policy. */
  readonly GetRepositoryPolicy: OperationDescription<GetRepositoryPolicyRequest, GetRepositoryPolicyResponse>;
  /** Remove the policy, return its text. */
  readonly DeleteRepositoryPolicy: OperationDescription<DeleteRepositoryPolicyRequest, DeleteRepositoryPolicyResponse>;
}

export const repositoryPolicyOperations: RepositoryPolicyOperations = {
  SetRepositoryPolicy: {
    name: "SetRepositoryPolicy",
    service: ecr,
    access: "write",
    input: setRepositoryPolicyRequest,
    output: setRepositoryPolicyResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException"],
  },
  GetRepositoryPolicy: {
    name: "GetRepositoryPolicy",
    service: ecr,
    access: "read",
    input: getRepositoryPolicyRequest,
    output: getRepositoryPolicyResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "RepositoryPolicyNotFoundException",
      "ServerException",
    ],
  },
  DeleteRepositoryPolicy: {
    name: "DeleteRepositoryPolicy",
    service: ecr,
    access: "write",
    input: deleteRepositoryPolicyRequest,
    output: deleteRepositoryPolicyResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "RepositoryPolicyNotFoundException",
      "ServerException",
    ],
  },
};
