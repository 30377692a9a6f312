/** Repository policies and resource tags: the operations of this area as data. documented: service model of Amazon ECR Public. */

import { ecrPublic, type OperationDescription } from "../operation.js";
import { always, boolean, list, optional, required, type StructureShape, structure } from "../shape.js";
import { type Tag, tag } from "./repositories.js";
import { arn, registryId, repositoryName, repositoryPolicyText, tagKey } from "./scalars.js";

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

/** What `TagResource` takes. */
export interface TagResourceRequest {
  readonly resourceArn: string;
  readonly tags: readonly Tag[];
}

/** What `TagResource` answers. */
export type TagResourceResponse = Readonly<Record<never, never>>;

/** What `UntagResource` takes. */
export interface UntagResourceRequest {
  readonly resourceArn: string;
  readonly tagKeys: readonly string[];
}

/** What `UntagResource` answers. */
export type UntagResourceResponse = Readonly<Record<never, never>>;

/** What `ListTagsForResource` takes. */
export interface ListTagsForResourceRequest {
  readonly resourceArn: string;
}

/** What `ListTagsForResource` answers. */
export interface ListTagsForResourceResponse {
  readonly tags: readonly Tag[];
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

export const tagResourceRequest: StructureShape<TagResourceRequest> = structure({
  resourceArn: required(arn),
  tags: required(list(tag, { min: 0, max: 200 })),
});

export const tagResourceResponse: StructureShape<TagResourceResponse> = structure({});

export const untagResourceRequest: StructureShape<UntagResourceRequest> = structure({
  resourceArn: required(arn),
  tagKeys: required(list(tagKey, { min: 0, max: 200 })),
});

export const untagResourceResponse: StructureShape<UntagResourceResponse> = structure({});

export const listTagsForResourceRequest: StructureShape<ListTagsForResourceRequest> = structure({
  resourceArn: required(arn),
});

export const listTagsForResourceResponse: StructureShape<ListTagsForResourceResponse> = structure({
  tags: always(list(tag, { min: 0, max: 200 })),
});

/** The operations of this area, by their AWS names. */
export interface PolicyAndTagsOperations {
  /** Attach resource policy. */
  readonly SetRepositoryPolicy: OperationDescription<SetRepositoryPolicyRequest, SetRepositoryPolicyResponse>;
  /** Read policy. */
  readonly GetRepositoryPolicy: OperationDescription<GetRepositoryPolicyRequest, GetRepositoryPolicyResponse>;
  /** Remove policy, return text. */
  readonly DeleteRepositoryPolicy: OperationDescription<DeleteRepositoryPolicyRequest, DeleteRepositoryPolicyResponse>;
  /** Add resource tags. */
  readonly TagResource: OperationDescription<TagResourceRequest, TagResourceResponse>;
  /** Remove resource tags. */
  readonly UntagResource: OperationDescription<UntagResourceRequest, UntagResourceResponse>;
  /** Read resource tags. */
  readonly ListTagsForResource: OperationDescription<ListTagsForResourceRequest, ListTagsForResourceResponse>;
}

export const policyAndTagsOperations: PolicyAndTagsOperations = {
  SetRepositoryPolicy: {
    name: "SetRepositoryPolicy",
    service: ecrPublic,
    access: "write",
    input: setRepositoryPolicyRequest,
    output: setRepositoryPolicyResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
  GetRepositoryPolicy: {
    name: "GetRepositoryPolicy",
    service: ecrPublic,
    access: "read",
    input: getRepositoryPolicyRequest,
    output: getRepositoryPolicyResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "RepositoryPolicyNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
  DeleteRepositoryPolicy: {
    name: "DeleteRepositoryPolicy",
    service: ecrPublic,
    access: "write",
    input: deleteRepositoryPolicyRequest,
    output: deleteRepositoryPolicyResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "RepositoryPolicyNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
  TagResource: {
    name: "TagResource",
    service: ecrPublic,
    access: "write",
    input: tagResourceRequest,
    output: tagResourceResponse,
    errors: [
      "InvalidParameterException",
      "InvalidTagParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "TooManyTagsException",
      "UnsupportedCommandException",
    ],
  },
  UntagResource: {
    name: "UntagResource",
    service: ecrPublic,
    access: "write",
    input: untagResourceRequest,
    output: untagResourceResponse,
    errors: [
      "InvalidParameterException",
      "InvalidTagParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "TooManyTagsException",
      "UnsupportedCommandException",
    ],
  },
  ListTagsForResource: {
    name: "ListTagsForResource",
    service: ecrPublic,
    access: "read",
    input: listTagsForResourceRequest,
    output: listTagsForResourceResponse,
    errors: [
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedCommandException",
    ],
  },
};
