/** The registry and its replication: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import { integer, list, optional, required, type StructureShape, string, structure, timestamp } from "../shape.js";
import type {
  ReplicationBackfillResultStatus,
  ReplicationBackfillStatus,
  ReplicationStatus,
  RepositoryFilterType,
} from "./enums.js";
import {
  replicationBackfillResultStatus,
  replicationBackfillStatus,
  replicationStatus,
  repositoryFilterType,
} from "./enums.js";
import { type ImageIdentifier, imageIdentifier } from "./images.js";
import {
  backfillMaxResults,
  maxResults,
  region,
  registryId,
  repositoryFilterValue,
  repositoryName,
} from "./scalars.js";

/** What `DescribeRegistry` takes. */
export type DescribeRegistryRequest = Readonly<Record<never, never>>;

/** A region and registry that images are copied to. */
export interface ReplicationDestination {
  readonly region: string;
  readonly registryId: string;
}

/** Which repositories a replication rule covers. */
export interface RepositoryFilter {
  readonly filter: string;
  readonly filterType: RepositoryFilterType;
}

/** Where the images of some repositories are copied to. */
export interface ReplicationRule {
  readonly destinations: readonly ReplicationDestination[];
  readonly repositoryFilters?: readonly RepositoryFilter[] | undefined;
}

/** All replication rules of a registry. */
export interface ReplicationConfiguration {
  readonly rules: readonly ReplicationRule[];
}

/** What `DescribeRegistry` answers. */
export interface DescribeRegistryResponse {
  readonly registryId?: string | undefined;
  readonly replicationConfiguration?: ReplicationConfiguration | undefined;
}

/** What `PutReplicationConfiguration` takes. */
export interface PutReplicationConfigurationRequest {
  readonly replicationConfiguration: ReplicationConfiguration;
}

/** What `PutReplicationConfiguration` answers. */
export interface PutReplicationConfigurationResponse {
  readonly replicationConfiguration?: ReplicationConfiguration | undefined;
}

/** What `DescribeImageReplicationStatus` takes. */
export interface DescribeImageReplicationStatusRequest {
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
  readonly registryId?: string | undefined;
}

/** Where the copy of an image to one destination stands. */
export interface ImageReplicationStatus {
  readonly region?: string | undefined;
  readonly registryId?: string | undefined;
  readonly status?: ReplicationStatus | undefined;
  readonly failureCode?: string | undefined;
}

/** What `DescribeImageReplicationStatus` answers. */
export interface DescribeImageReplicationStatusResponse {
  readonly repositoryName?: string | undefined;
  readonly imageId?: ImageIdentifier | undefined;
  readonly replicationStatuses?: readonly ImageReplicationStatus[] | undefined;
}

/** The region and registry that a backfill copies to. */
export interface ReplicationBackfillDestination {
  readonly region: string;
  readonly registryId: string;
}

/** What `StartReplicationBackfill` takes. */
export interface StartReplicationBackfillRequest {
  readonly registryId?: string | undefined;
  readonly destination: ReplicationBackfillDestination;
}

/** What `StartReplicationBackfill` answers. */
export interface StartReplicationBackfillResponse {
  readonly registryId?: string | undefined;
  readonly replicationBackfillId?: string | undefined;
  readonly destination?: ReplicationBackfillDestination | undefined;
  readonly status?: ReplicationBackfillStatus | undefined;
  readonly startedAt?: Date | undefined;
}

/** What `StopReplicationBackfill` takes. */
export interface StopReplicationBackfillRequest {
  readonly registryId?: string | undefined;
  readonly replicationBackfillId: string;
}

/** What `StopReplicationBackfill` answers. */
export interface StopReplicationBackfillResponse {
  readonly registryId?: string | undefined;
  readonly replicationBackfillId?: string | undefined;
  readonly destination?: ReplicationBackfillDestination | undefined;
  readonly status?: ReplicationBackfillStatus | undefined;
  readonly startedAt?: Date | undefined;
}

/** What `ListReplicationBackfills` takes. */
export interface ListReplicationBackfillsRequest {
  readonly registryId?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** A copy of existing images to a destination of the replication configuration. `progress` comes once the set of images is known. */
export interface ReplicationBackfillSummary {
  readonly replicationBackfillId: string;
  readonly destination: ReplicationBackfillDestination;
  readonly status: ReplicationBackfillStatus;
  readonly startedAt: Date;
  readonly failureCode?: string | undefined;
  readonly progress?: ReplicationBackfillProgress | undefined;
  readonly endedAt?: Date | undefined;
}

/** What `ListReplicationBackfills` answers. */
export interface ListReplicationBackfillsResponse {
  readonly registryId?: string | undefined;
  readonly backfills?: readonly ReplicationBackfillSummary[] | undefined;
  readonly nextToken?: string | undefined;
}

/** What `DescribeReplicationBackfillResults` takes. */
export interface DescribeReplicationBackfillResultsRequest {
  readonly registryId?: string | undefined;
  readonly replicationBackfillId: string;
  readonly resultStatusFilter?: ReplicationBackfillResultStatus | undefined;
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** How many copies of a backfill are done and how many failed. */
export interface ReplicationBackfillProgress {
  readonly totalReplicationCount: number;
  readonly completedReplicationCount: number;
  readonly failedReplicationCount: number;
  readonly failureCodes: readonly string[];
}

/** How one image of a backfill ended. */
export interface ReplicationBackfillResult {
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
  readonly status: ReplicationBackfillResultStatus;
  readonly failureCode?: string | undefined;
  readonly subImageFailureCodes?: readonly string[] | undefined;
}

/** What `DescribeReplicationBackfillResults` answers. */
export interface DescribeReplicationBackfillResultsResponse {
  readonly registryId?: string | undefined;
  readonly replicationBackfillId?: string | undefined;
  readonly destination?: ReplicationBackfillDestination | undefined;
  readonly status?: ReplicationBackfillStatus | undefined;
  readonly failureCode?: string | undefined;
  readonly progress?: ReplicationBackfillProgress | undefined;
  readonly results?: readonly ReplicationBackfillResult[] | undefined;
  readonly startedAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
  readonly nextToken?: string | undefined;
}

export const describeRegistryRequest: StructureShape<DescribeRegistryRequest> = structure({});

export const replicationDestination: StructureShape<ReplicationDestination> = structure({
  region: required(region),
  registryId: required(registryId),
});

export const repositoryFilter: StructureShape<RepositoryFilter> = structure({
  filter: required(repositoryFilterValue),
  filterType: required(repositoryFilterType),
});

export const replicationRule: StructureShape<ReplicationRule> = structure({
  destinations: required(list(replicationDestination, { min: 0, max: 100 })),
  repositoryFilters: optional(list(repositoryFilter, { min: 1, max: 100 })),
});

export const replicationConfiguration: StructureShape<ReplicationConfiguration> = structure({
  rules: required(list(replicationRule, { min: 0, max: 10 })),
});

export const describeRegistryResponse: StructureShape<DescribeRegistryResponse> = structure({
  registryId: optional(registryId),
  replicationConfiguration: optional(replicationConfiguration),
});

export const putReplicationConfigurationRequest: StructureShape<PutReplicationConfigurationRequest> = structure({
  replicationConfiguration: required(replicationConfiguration),
});

export const putReplicationConfigurationResponse: StructureShape<PutReplicationConfigurationResponse> = structure({
  replicationConfiguration: optional(replicationConfiguration),
});

export const describeImageReplicationStatusRequest: StructureShape<DescribeImageReplicationStatusRequest> = structure({
  repositoryName: required(repositoryName),
  imageId: required(imageIdentifier),
  registryId: optional(registryId),
});

export const imageReplicationStatus: StructureShape<ImageReplicationStatus> = structure({
  region: optional(region),
  registryId: optional(registryId),
  status: optional(replicationStatus),
  failureCode: optional(string),
});

export const describeImageReplicationStatusResponse: StructureShape<DescribeImageReplicationStatusResponse> = structure(
  {
    repositoryName: optional(repositoryName),
    imageId: optional(imageIdentifier),
    replicationStatuses: optional(list(imageReplicationStatus)),
  },
);

export const replicationBackfillDestination: StructureShape<ReplicationBackfillDestination> = structure({
  region: required(region),
  registryId: required(registryId),
});

export const startReplicationBackfillRequest: StructureShape<StartReplicationBackfillRequest> = structure({
  registryId: optional(registryId),
  destination: required(replicationBackfillDestination),
});

export const startReplicationBackfillResponse: StructureShape<StartReplicationBackfillResponse> = structure({
  replicationBackfillId: optional(string),
  registryId: optional(registryId),
  destination: optional(replicationBackfillDestination),
  status: optional(replicationBackfillStatus),
  startedAt: optional(timestamp),
});

export const stopReplicationBackfillRequest: StructureShape<StopReplicationBackfillRequest> = structure({
  registryId: optional(registryId),
  replicationBackfillId: required(string),
});

export const stopReplicationBackfillResponse: StructureShape<StopReplicationBackfillResponse> = structure({
  registryId: optional(registryId),
  replicationBackfillId: optional(string),
  destination: optional(replicationBackfillDestination),
  status: optional(replicationBackfillStatus),
  startedAt: optional(timestamp),
});

export const listReplicationBackfillsRequest: StructureShape<ListReplicationBackfillsRequest> = structure({
  registryId: optional(registryId),
  maxResults: optional(backfillMaxResults),
  nextToken: optional(string),
});

export const replicationBackfillProgress: StructureShape<ReplicationBackfillProgress> = structure({
  totalReplicationCount: required(integer),
  completedReplicationCount: required(integer),
  failedReplicationCount: required(integer),
  failureCodes: required(list(string)),
});

export const replicationBackfillSummary: StructureShape<ReplicationBackfillSummary> = structure({
  replicationBackfillId: required(string),
  destination: required(replicationBackfillDestination),
  status: required(replicationBackfillStatus),
  startedAt: required(timestamp),
  failureCode: optional(string),
  progress: optional(replicationBackfillProgress),
  endedAt: optional(timestamp),
});

export const listReplicationBackfillsResponse: StructureShape<ListReplicationBackfillsResponse> = structure({
  registryId: optional(registryId),
  backfills: optional(list(replicationBackfillSummary)),
  nextToken: optional(string),
});

export const describeReplicationBackfillResultsRequest: StructureShape<DescribeReplicationBackfillResultsRequest> =
  structure({
    registryId: optional(registryId),
    replicationBackfillId: required(string),
    resultStatusFilter: optional(replicationBackfillResultStatus),
    maxResults: optional(maxResults),
    nextToken: optional(string),
  });

export const replicationBackfillResult: StructureShape<ReplicationBackfillResult> = structure({
  repositoryName: required(repositoryName),
  imageId: required(imageIdentifier),
  status: required(replicationBackfillResultStatus),
  failureCode: optional(string),
  subImageFailureCodes: optional(list(string)),
});

export const describeReplicationBackfillResultsResponse: StructureShape<DescribeReplicationBackfillResultsResponse> =
  structure({
    registryId: optional(registryId),
    replicationBackfillId: optional(string),
    destination: optional(replicationBackfillDestination),
    status: optional(replicationBackfillStatus),
    failureCode: optional(string),
    progress: optional(replicationBackfillProgress),
    results: optional(list(replicationBackfillResult)),
    startedAt: optional(timestamp),
    endedAt: optional(timestamp),
    nextToken: optional(string),
  });

/** The operations of this area, by their AWS names. */
export interface ReplicationOperations {
  /** Registry id and replication configuration. */
  readonly DescribeRegistry: OperationDescription<DescribeRegistryRequest, DescribeRegistryResponse>;
  /** Replace replication rules. */
  readonly PutReplicationConfiguration: OperationDescription<
    PutReplicationConfigurationRequest,
    PutReplicationConfigurationResponse
  >;
  /** Per-destination status for one image. */
  readonly DescribeImageReplicationStatus: OperationDescription<
    DescribeImageReplicationStatusRequest,
    DescribeImageReplicationStatusResponse
  >;
  /** Copy existing images to a configured destination. */
  readonly StartReplicationBackfill: OperationDescription<
    StartReplicationBackfillRequest,
    StartReplicationBackfillResponse
  >;
  /** Cancel a running backfill. */
  readonly StopReplicationBackfill: OperationDescription<
    StopReplicationBackfillRequest,
    StopReplicationBackfillResponse
  >;
  /** List backfills (terminal ones kept 90 days). */
  readonly ListReplicationBackfills: OperationDescription<
    ListReplicationBackfillsRequest,
    ListReplicationBackfillsResponse
  >;
  /** Backfill progress and per-image results. */
  readonly DescribeReplicationBackfillResults: OperationDescription<
    DescribeReplicationBackfillResultsRequest,
    DescribeReplicationBackfillResultsResponse
  >;
}

export const replicationOperations: ReplicationOperations = {
  DescribeRegistry: {
    name: "DescribeRegistry",
    service: ecr,
    access: "read",
    input: describeRegistryRequest,
    output: describeRegistryResponse,
    errors: ["InvalidParameterException", "ServerException", "ValidationException"],
  },
  PutReplicationConfiguration: {
    name: "PutReplicationConfiguration",
    service: ecr,
    access: "write",
    input: putReplicationConfigurationRequest,
    output: putReplicationConfigurationResponse,
    errors: ["InvalidParameterException", "ServerException", "ValidationException"],
  },
  DescribeImageReplicationStatus: {
    name: "DescribeImageReplicationStatus",
    service: ecr,
    access: "read",
    input: describeImageReplicationStatusRequest,
    output: describeImageReplicationStatusResponse,
    errors: [
      "ImageNotFoundException",
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ServerException",
      "ValidationException",
    ],
  },
  StartReplicationBackfill: {
    name: "StartReplicationBackfill",
    service: ecr,
    access: "write",
    input: startReplicationBackfillRequest,
    output: startReplicationBackfillResponse,
    errors: [
      "InvalidParameterException",
      "LimitExceededException",
      "ReplicationBackfillInProgressException",
      "ServerException",
      "ValidationException",
    ],
  },
  StopReplicationBackfill: {
    name: "StopReplicationBackfill",
    service: ecr,
    access: "write",
    input: stopReplicationBackfillRequest,
    output: stopReplicationBackfillResponse,
    errors: [
      "InvalidParameterException",
      "ReplicationBackfillInvalidStatusException",
      "ReplicationBackfillNotFoundException",
      "ServerException",
      "ValidationException",
    ],
  },
  ListReplicationBackfills: {
    name: "ListReplicationBackfills",
    service: ecr,
    access: "read",
    input: listReplicationBackfillsRequest,
    output: listReplicationBackfillsResponse,
    errors: ["InvalidParameterException", "ServerException", "ValidationException"],
    paging: { items: "backfills", defaultSize: 25 },
  },
  DescribeReplicationBackfillResults: {
    name: "DescribeReplicationBackfillResults",
    service: ecr,
    access: "read",
    input: describeReplicationBackfillResultsRequest,
    output: describeReplicationBackfillResultsResponse,
    errors: [
      "InvalidParameterException",
      "ReplicationBackfillNotFoundException",
      "ServerException",
      "ValidationException",
    ],
    paging: { items: "results", defaultSize: 100 },
  },
};
