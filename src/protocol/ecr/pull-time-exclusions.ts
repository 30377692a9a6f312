/** Pull-time update exclusions: the operations of this area as data. documented: service model of Amazon ECR. */
import { ecr, type OperationDescription } from "../operation.js";
import { list, optional, required, type StructureShape, string, structure, timestamp } from "../shape.js";
import { maxResults, principalArn } from "./scalars.js";

/** What `RegisterPullTimeUpdateExclusion` takes. */
export interface RegisterPullTimeUpdateExclusionRequest {
  readonly principalArn: string;
}

/** What `RegisterPullTimeUpdateExclusion` answers. */
export interface RegisterPullTimeUpdateExclusionResponse {
  readonly principalArn?: string | undefined;
  readonly createdAt?: Date | undefined;
}

/** What `DeregisterPullTimeUpdateExclusion` takes. */
export interface DeregisterPullTimeUpdateExclusionRequest {
  readonly principalArn: string;
}

/** What `DeregisterPullTimeUpdateExclusion` answers. */
export interface DeregisterPullTimeUpdateExclusionResponse {
  readonly principalArn?: string | undefined;
}

/** What `ListPullTimeUpdateExclusions` takes. */
export interface ListPullTimeUpdateExclusionsRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** What `ListPullTimeUpdateExclusions` answers. */
export interface ListPullTimeUpdateExclusionsResponse {
  readonly pullTimeUpdateExclusions?: readonly string[] | undefined;
  readonly nextToken?: string | undefined;
}

export const registerPullTimeUpdateExclusionRequest: StructureShape<RegisterPullTimeUpdateExclusionRequest> = structure(
  {
    principalArn: required(principalArn),
  },
);

export const registerPullTimeUpdateExclusionResponse: StructureShape<RegisterPullTimeUpdateExclusionResponse> =
  structure({
    principalArn: optional(principalArn),
    createdAt: optional(timestamp),
  });

export const deregisterPullTimeUpdateExclusionRequest: StructureShape<DeregisterPullTimeUpdateExclusionRequest> =
  structure({
    principalArn: required(principalArn),
  });

export const deregisterPullTimeUpdateExclusionResponse: StructureShape<DeregisterPullTimeUpdateExclusionResponse> =
  structure({
    principalArn: optional(principalArn),
  });

export const listPullTimeUpdateExclusionsRequest: StructureShape<ListPullTimeUpdateExclusionsRequest> = structure({
  maxResults: optional(maxResults),
  nextToken: optional(string),
});

export const listPullTimeUpdateExclusionsResponse: StructureShape<ListPullTimeUpdateExclusionsResponse> = structure({
  pullTimeUpdateExclusions: optional(list(principalArn, { min: 0, max: 100 })),
  nextToken: optional(string),
});

/** The operations of this area, by their AWS names. */
export interface PullTimeExclusionsOperations {
  /** Ignore pulls by this IAM principal. */
  readonly RegisterPullTimeUpdateExclusion: OperationDescription<
    RegisterPullTimeUpdateExclusionRequest,
    RegisterPullTimeUpdateExclusionResponse
  >;
  /** Stop ignoring this principal. */
  readonly DeregisterPullTimeUpdateExclusion: OperationDescription<
    DeregisterPullTimeUpdateExclusionRequest,
    DeregisterPullTimeUpdateExclusionResponse
  >;
  /** List ignored principals. */
  readonly ListPullTimeUpdateExclusions: OperationDescription<
    ListPullTimeUpdateExclusionsRequest,
    ListPullTimeUpdateExclusionsResponse
  >;
}

export const pullTimeExclusionsOperations: PullTimeExclusionsOperations = {
  RegisterPullTimeUpdateExclusion: {
    name: "RegisterPullTimeUpdateExclusion",
    service: ecr,
    access: "write",
    input: registerPullTimeUpdateExclusionRequest,
    output: registerPullTimeUpdateExclusionResponse,
    errors: [
      "ExclusionAlreadyExistsException",
      "InvalidParameterException",
      "LimitExceededException",
      "ServerException",
      "ValidationException",
    ],
  },
  DeregisterPullTimeUpdateExclusion: {
    name: "DeregisterPullTimeUpdateExclusion",
    service: ecr,
    access: "write",
    input: deregisterPullTimeUpdateExclusionRequest,
    output: deregisterPullTimeUpdateExclusionResponse,
    errors: [
      "ExclusionNotFoundException",
      "InvalidParameterException",
      "LimitExceededException",
      "ServerException",
      "ValidationException",
    ],
  },
  ListPullTimeUpdateExclusions: {
    name: "ListPullTimeUpdateExclusions",
    service: ecr,
    access: "read",
    input: listPullTimeUpdateExclusionsRequest,
    output: listPullTimeUpdateExclusionsResponse,
    errors: ["InvalidParameterException", "LimitExceededException", "ServerException", "ValidationException"],
    paging: { items: "pullTimeUpdateExclusions", defaultSize: 100 },
  },
};
