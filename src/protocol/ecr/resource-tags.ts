/** Resource tags: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import { always, list, required, type StructureShape, string, structure } from "../shape.js";
import { type Tag, tag } from "./repositories.js";

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

export const tagResourceRequest: StructureShape<TagResourceRequest> = structure({
  resourceArn: required(string),
  tags: required(list(tag)),
});

export const tagResourceResponse: StructureShape<TagResourceResponse> = structure({});

export const untagResourceRequest: StructureShape<UntagResourceRequest> = structure({
  resourceArn: required(string),
  tagKeys: required(list(string)),
});

export const untagResourceResponse: StructureShape<UntagResourceResponse> = structure({});

export const listTagsForResourceRequest: StructureShape<ListTagsForResourceRequest> = structure({
  resourceArn: required(string),
});

export const listTagsForResourceResponse: StructureShape<ListTagsForResourceResponse> = structure({
  tags: always(list(tag)),
});

/** The operations of this area, by their AWS names. */
export interface ResourceTagsOperations {
  /** Add or overwrite resource tags on a repository. */
  readonly TagResource: OperationDescription<TagResourceRequest, TagResourceResponse>;
  /** Remove resource tags. */
  readonly UntagResource: OperationDescription<UntagResourceRequest, UntagResourceResponse>;
  /** Read resource tags. */
  readonly ListTagsForResource: OperationDescription<ListTagsForResourceRequest, ListTagsForResourceResponse>;
}

export const resourceTagsOperations: ResourceTagsOperations = {
  TagResource: {
    name: "TagResource",
    service: ecr,
    access: "write",
    input: tagResourceRequest,
    output: tagResourceResponse,
    errors: [
      "InvalidParameterException",
      "InvalidTagParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "TooManyTagsException",
    ],
  },
  UntagResource: {
    name: "UntagResource",
    service: ecr,
    access: "write",
    input: untagResourceRequest,
    output: untagResourceResponse,
    errors: [
      "InvalidParameterException",
      "InvalidTagParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "TooManyTagsException",
    ],
  },
  ListTagsForResource: {
    name: "ListTagsForResource",
    service: ecr,
    access: "read",
    input: listTagsForResourceRequest,
    output: listTagsForResourceResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException"],
  },
};
