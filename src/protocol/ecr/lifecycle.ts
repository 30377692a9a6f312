/** Lifecycle policies and their previews: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import { list, optional, required, type StructureShape, string, structure, timestamp } from "../shape.js";
import type {
  ImageActionType,
  LifecyclePolicyPreviewStatus,
  LifecyclePolicyStorageClass,
  LifecyclePolicyTargetStorageClass,
  TagStatus,
} from "./enums.js";
import {
  imageActionType,
  lifecyclePolicyPreviewStatus,
  lifecyclePolicyStorageClass,
  lifecyclePolicyTargetStorageClass,
  tagStatus,
} from "./enums.js";
import { type ImageIdentifier, imageIdentifier } from "./images.js";
import {
  imageCount,
  imageTag,
  lifecyclePolicyRulePriority,
  lifecyclePolicyText,
  lifecyclePreviewMaxResults,
  registryId,
  repositoryName,
} from "./scalars.js";

/** What `PutLifecyclePolicy` takes. */
export interface PutLifecyclePolicyRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly lifecyclePolicyText: string;
}

/** What `PutLifecyclePolicy` answers. */
export interface PutLifecyclePolicyResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly lifecyclePolicyText?: string | undefined;
}

/** What `GetLifecyclePolicy` takes. */
export interface GetLifecyclePolicyRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
}

/** What `GetLifecyclePolicy` answers. */
export interface GetLifecyclePolicyResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly lifecyclePolicyText?: string | undefined;
  readonly lastEvaluatedAt?: Date | undefined;
}

/** What `DeleteLifecyclePolicy` takes. */
export interface DeleteLifecyclePolicyRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
}

/** What `DeleteLifecyclePolicy` answers. */
export interface DeleteLifecyclePolicyResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly lifecyclePolicyText?: string | undefined;
  readonly lastEvaluatedAt?: Date | undefined;
}

/** What `StartLifecyclePolicyPreview` takes. */
export interface StartLifecyclePolicyPreviewRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly lifecyclePolicyText?: string | undefined;
}

/** What `StartLifecyclePolicyPreview` answers. */
export interface StartLifecyclePolicyPreviewResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly lifecyclePolicyText?: string | undefined;
  readonly status?: LifecyclePolicyPreviewStatus | undefined;
}

/** Which results of a preview are given. */
export interface LifecyclePolicyPreviewFilter {
  readonly tagStatus?: TagStatus | undefined;
}

/** What `GetLifecyclePolicyPreview` takes. */
export interface GetLifecyclePolicyPreviewRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageIds?: readonly ImageIdentifier[] | undefined;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly filter?: LifecyclePolicyPreviewFilter | undefined;
}

/** What a lifecycle rule would do to an image. */
export interface LifecyclePolicyRuleAction {
  readonly type?: ImageActionType | undefined;
  readonly targetStorageClass?: LifecyclePolicyTargetStorageClass | undefined;
}

/** An image that a lifecycle policy would act on, and by which rule. */
export interface LifecyclePolicyPreviewResult {
  readonly imageTags?: readonly string[] | undefined;
  readonly imageDigest?: string | undefined;
  readonly imagePushedAt?: Date | undefined;
  readonly action?: LifecyclePolicyRuleAction | undefined;
  readonly appliedRulePriority?: number | undefined;
  readonly storageClass?: LifecyclePolicyStorageClass | undefined;
}

/** How many images a lifecycle policy would move to a storage class. */
export interface TransitioningImageTotalCount {
  readonly targetStorageClass?: LifecyclePolicyTargetStorageClass | undefined;
  readonly imageTotalCount?: number | undefined;
}

/** How many images a lifecycle policy would act on in all. */
export interface LifecyclePolicyPreviewSummary {
  readonly expiringImageTotalCount?: number | undefined;
  readonly transitioningImageTotalCounts?: readonly TransitioningImageTotalCount[] | undefined;
}

/** What `GetLifecyclePolicyPreview` answers. */
export interface GetLifecyclePolicyPreviewResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly lifecyclePolicyText?: string | undefined;
  readonly status?: LifecyclePolicyPreviewStatus | undefined;
  readonly nextToken?: string | undefined;
  readonly previewResults?: readonly LifecyclePolicyPreviewResult[] | undefined;
  readonly summary?: LifecyclePolicyPreviewSummary | undefined;
}

export const putLifecyclePolicyRequest: StructureShape<PutLifecyclePolicyRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  lifecyclePolicyText: required(lifecyclePolicyText),
});

export const putLifecyclePolicyResponse: StructureShape<PutLifecyclePolicyResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  lifecyclePolicyText: optional(lifecyclePolicyText),
});

export const getLifecyclePolicyRequest: StructureShape<GetLifecyclePolicyRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
});

export const getLifecyclePolicyResponse: StructureShape<GetLifecyclePolicyResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  lifecyclePolicyText: optional(lifecyclePolicyText),
  lastEvaluatedAt: optional(timestamp),
});

export const deleteLifecyclePolicyRequest: StructureShape<DeleteLifecyclePolicyRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
});

export const deleteLifecyclePolicyResponse: StructureShape<DeleteLifecyclePolicyResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  lifecyclePolicyText: optional(lifecyclePolicyText),
  lastEvaluatedAt: optional(timestamp),
});

export const startLifecyclePolicyPreviewRequest: StructureShape<StartLifecyclePolicyPreviewRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  lifecyclePolicyText: optional(lifecyclePolicyText),
});

export const startLifecyclePolicyPreviewResponse: StructureShape<StartLifecyclePolicyPreviewResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  lifecyclePolicyText: optional(lifecyclePolicyText),
  status: optional(lifecyclePolicyPreviewStatus),
});

export const lifecyclePolicyPreviewFilter: StructureShape<LifecyclePolicyPreviewFilter> = structure({
  tagStatus: optional(tagStatus),
});

export const getLifecyclePolicyPreviewRequest: StructureShape<GetLifecyclePolicyPreviewRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageIds: optional(list(imageIdentifier, { min: 1, max: 100 })),
  nextToken: optional(string),
  maxResults: optional(lifecyclePreviewMaxResults),
  filter: optional(lifecyclePolicyPreviewFilter),
});

export const lifecyclePolicyRuleAction: StructureShape<LifecyclePolicyRuleAction> = structure({
  type: optional(imageActionType),
  targetStorageClass: optional(lifecyclePolicyTargetStorageClass),
});

export const lifecyclePolicyPreviewResult: StructureShape<LifecyclePolicyPreviewResult> = structure({
  imageTags: optional(list(imageTag)),
  imageDigest: optional(string),
  imagePushedAt: optional(timestamp),
  action: optional(lifecyclePolicyRuleAction),
  appliedRulePriority: optional(lifecyclePolicyRulePriority),
  storageClass: optional(lifecyclePolicyStorageClass),
});

export const transitioningImageTotalCount: StructureShape<TransitioningImageTotalCount> = structure({
  targetStorageClass: optional(lifecyclePolicyTargetStorageClass),
  imageTotalCount: optional(imageCount),
});

export const lifecyclePolicyPreviewSummary: StructureShape<LifecyclePolicyPreviewSummary> = structure({
  expiringImageTotalCount: optional(imageCount),
  transitioningImageTotalCounts: optional(list(transitioningImageTotalCount)),
});

export const getLifecyclePolicyPreviewResponse: StructureShape<GetLifecyclePolicyPreviewResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  lifecyclePolicyText: optional(lifecyclePolicyText),
  status: optional(lifecyclePolicyPreviewStatus),
  nextToken: optional(string),
  previewResults: optional(list(lifecyclePolicyPreviewResult)),
  summary: optional(lifecyclePolicyPreviewSummary),
});

/** The operations of this area, by their AWS names. */
export interface LifecycleOperations {
  /** Validate and store a lifecycle policy. */
  readonly PutLifecyclePolicy: OperationDescription<PutLifecyclePolicyRequest, PutLifecyclePolicyResponse>;
  /** Read policy and last evaluation time. */
  readonly GetLifecyclePolicy: OperationDescription<GetLifecyclePolicyRequest, GetLifecyclePolicyResponse>;
  /** Remove policy, return its text. */
  readonly DeleteLifecyclePolicy: OperationDescription<DeleteLifecyclePolicyRequest, DeleteLifecyclePolicyResponse>;
  /** Start a dry run. */
  readonly StartLifecyclePolicyPreview: OperationDescription<
    StartLifecyclePolicyPreviewRequest,
    StartLifecyclePolicyPreviewResponse
  >;
  /** Poll and read dry-run results. */
  readonly GetLifecyclePolicyPreview: OperationDescription<
    GetLifecyclePolicyPreviewRequest,
    GetLifecyclePolicyPreviewResponse
  >;
}

export const lifecycleOperations: LifecycleOperations = {
  PutLifecyclePolicy: {
    name: "PutLifecyclePolicy",
    service: ecr,
    access: "write",
    input: putLifecyclePolicyRequest,
    output: putLifecyclePolicyResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException", "ValidationException"],
  },
  GetLifecyclePolicy: {
    name: "GetLifecyclePolicy",
    service: ecr,
    access: "read",
    input: getLifecyclePolicyRequest,
    output: getLifecyclePolicyResponse,
    errors: [
      "InvalidParameterException",
      "LifecyclePolicyNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "ValidationException",
    ],
  },
  DeleteLifecyclePolicy: {
    name: "DeleteLifecyclePolicy",
    service: ecr,
    access: "write",
    input: deleteLifecyclePolicyRequest,
    output: deleteLifecyclePolicyResponse,
    errors: [
      "InvalidParameterException",
      "LifecyclePolicyNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "ValidationException",
    ],
  },
  StartLifecyclePolicyPreview: {
    name: "StartLifecyclePolicyPreview",
    service: ecr,
    access: "write",
    input: startLifecyclePolicyPreviewRequest,
    output: startLifecyclePolicyPreviewResponse,
    errors: [
      "InvalidParameterException",
      "LifecyclePolicyNotFoundException",
      "LifecyclePolicyPreviewInProgressException",
      "RepositoryNotFoundException",
      "ServerException",
      "ValidationException",
    ],
  },
  GetLifecyclePolicyPreview: {
    name: "GetLifecyclePolicyPreview",
    service: ecr,
    access: "read",
    input: getLifecyclePolicyPreviewRequest,
    output: getLifecyclePolicyPreviewResponse,
    errors: [
      "InvalidParameterException",
      "LifecyclePolicyPreviewNotFoundException",
      "RepositoryNotFoundException",
      "ServerException",
      "ValidationException",
    ],
    paging: { items: "previewResults", defaultSize: 100 },
  },
};
