/** The registry policy: the operations of this area as data. documented: service model of Amazon ECR. */
import { ecr, type OperationDescription } from "../operation.js";
import { optional, required, type StructureShape, structure } from "../shape.js";
import { registryId, registryPolicyText } from "./scalars.js";

/** What `PutRegistryPolicy` takes. */
export interface PutRegistryPolicyRequest {
  readonly policyText: string;
}

/** What `PutRegistryPolicy` answers. */
export interface PutRegistryPolicyResponse {
  readonly registryId?: string | undefined;
  readonly policyText?: string | undefined;
}

/** What `GetRegistryPolicy` takes. */
export type GetRegistryPolicyRequest = Readonly<Record<never, never>>;

/** What `GetRegistryPolicy` answers. */
export interface GetRegistryPolicyResponse {
  readonly registryId?: string | undefined;
  readonly policyText?: string | undefined;
}

/** What `DeleteRegistryPolicy` takes. */
export type DeleteRegistryPolicyRequest = Readonly<Record<never, never>>;

/** What `DeleteRegistryPolicy` answers. */
export interface DeleteRegistryPolicyResponse {
  readonly registryId?: string | undefined;
  readonly policyText?: string | undefined;
}

export const putRegistryPolicyRequest: StructureShape<PutRegistryPolicyRequest> = structure({
  policyText: required(registryPolicyText),
});

export const putRegistryPolicyResponse: StructureShape<PutRegistryPolicyResponse> = structure({
  registryId: optional(registryId),
  policyText: optional(registryPolicyText),
});

export const getRegistryPolicyRequest: StructureShape<GetRegistryPolicyRequest> = structure({});

export const getRegistryPolicyResponse: StructureShape<GetRegistryPolicyResponse> = structure({
  registryId: optional(registryId),
  policyText: optional(registryPolicyText),
});

export const deleteRegistryPolicyRequest: StructureShape<DeleteRegistryPolicyRequest> = structure({});

export const deleteRegistryPolicyResponse: StructureShape<DeleteRegistryPolicyResponse> = structure({
  registryId: optional(registryId),
  policyText: optional(registryPolicyText),
});

/** The operations of this area, by their AWS names. */
export interface RegistryPolicyOperations {
  /** Set registry permissions policy. */
  readonly PutRegistryPolicy: OperationDescription<PutRegistryPolicyRequest, PutRegistryPolicyResponse>;
  /** Read registry policy. */
  readonly GetRegistryPolicy: OperationDescription<GetRegistryPolicyRequest, GetRegistryPolicyResponse>;
  /** Remove registry policy, return text. */
  readonly DeleteRegistryPolicy: OperationDescription<DeleteRegistryPolicyRequest, DeleteRegistryPolicyResponse>;
}

export const registryPolicyOperations: RegistryPolicyOperations = {
  PutRegistryPolicy: {
    name: "PutRegistryPolicy",
    service: ecr,
    access: "write",
    input: putRegistryPolicyRequest,
    output: putRegistryPolicyResponse,
    errors: ["InvalidParameterException", "ServerException", "ValidationException"],
  },
  GetRegistryPolicy: {
    name: "GetRegistryPolicy",
    service: ecr,
    access: "read",
    input: getRegistryPolicyRequest,
    output: getRegistryPolicyResponse,
    errors: ["InvalidParameterException", "RegistryPolicyNotFoundException", "ServerException", "ValidationException"],
  },
  DeleteRegistryPolicy: {
    name: "DeleteRegistryPolicy",
    service: ecr,
    access: "write",
    input: deleteRegistryPolicyRequest,
    output: deleteRegistryPolicyResponse,
    errors: ["InvalidParameterException", "RegistryPolicyNotFoundException", "ServerException", "ValidationException"],
  },
};
