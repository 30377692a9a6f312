/** Image scanning: the operations of this area as data. documented: service model of Amazon ECR. */

import { ecr, type OperationDescription } from "../operation.js";
import {
  boolean,
  double,
  integer,
  list,
  map,
  optional,
  required,
  type StructureShape,
  string,
  structure,
  timestamp,
} from "../shape.js";
import type {
  FindingSeverity,
  ScanFrequency,
  ScanningConfigurationFailureCode,
  ScanningRepositoryFilterType,
  ScanType,
} from "./enums.js";
import {
  findingSeverity,
  scanFrequency,
  scanningConfigurationFailureCode,
  scanningRepositoryFilterType,
  scanType,
} from "./enums.js";
import { type ImageIdentifier, type ImageScanStatus, imageIdentifier, imageScanStatus } from "./images.js";
import { type ImageScanningConfiguration, imageScanningConfiguration } from "./repositories.js";
import {
  attributeKey,
  attributeValue,
  imageTag,
  inUseCount,
  maxResults,
  registryId,
  repositoryName,
  scanningRepositoryFilterValue,
  severityCount,
} from "./scalars.js";

/** What `StartImageScan` takes. */
export interface StartImageScanRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
}

/** What `StartImageScan` answers. */
export interface StartImageScanResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly imageId?: ImageIdentifier | undefined;
  readonly imageScanStatus?: ImageScanStatus | undefined;
}

/** What `DescribeImageScanFindings` takes. */
export interface DescribeImageScanFindingsRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/** A key and a value that a basic scan adds to a finding, such as `package_name`. */
export interface Attribute {
  readonly key: string;
  readonly value?: string | undefined;
}

/** A finding of a basic scan. */
export interface ImageScanFinding {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly uri?: string | undefined;
  readonly severity?: FindingSeverity | undefined;
  readonly attributes?: readonly Attribute[] | undefined;
}

/** A CVSS score of a vulnerability. */
export interface CvssScore {
  readonly baseScore?: number | undefined;
  readonly scoringVector?: string | undefined;
  readonly source?: string | undefined;
  readonly version?: string | undefined;
}

/** A package of an image that a finding is about. */
export interface VulnerablePackage {
  readonly arch?: string | undefined;
  readonly epoch?: number | undefined;
  readonly filePath?: string | undefined;
  readonly name?: string | undefined;
  readonly packageManager?: string | undefined;
  readonly release?: string | undefined;
  readonly sourceLayerHash?: string | undefined;
  readonly version?: string | undefined;
  readonly fixedInVersion?: string | undefined;
}

/** The vulnerability behind a finding and the packages that carry it. */
export interface PackageVulnerabilityDetails {
  readonly cvss?: readonly CvssScore[] | undefined;
  readonly referenceUrls?: readonly string[] | undefined;
  readonly relatedVulnerabilities?: readonly string[] | undefined;
  readonly source?: string | undefined;
  readonly sourceUrl?: string | undefined;
  readonly vendorCreatedAt?: Date | undefined;
  readonly vendorSeverity?: string | undefined;
  readonly vendorUpdatedAt?: Date | undefined;
  readonly vulnerabilityId?: string | undefined;
  readonly vulnerablePackages?: readonly VulnerablePackage[] | undefined;
}

/** What to do about a finding. */
export interface Recommendation {
  readonly url?: string | undefined;
  readonly text?: string | undefined;
}

/** What to do about a finding. */
export interface Remediation {
  readonly recommendation?: Recommendation | undefined;
}

/** The image that an enhanced finding is about. */
export interface AwsEcrContainerImageDetails {
  readonly architecture?: string | undefined;
  readonly author?: string | undefined;
  readonly imageHash?: string | undefined;
  readonly imageTags?: readonly string[] | undefined;
  readonly platform?: string | undefined;
  readonly pushedAt?: Date | undefined;
  readonly lastInUseAt?: Date | undefined;
  readonly inUseCount?: number | undefined;
  readonly registry?: string | undefined;
  readonly repositoryName?: string | undefined;
}

/** Details of the resource that an enhanced finding is about. */
export interface ResourceDetails {
  readonly awsEcrContainerImage?: AwsEcrContainerImageDetails | undefined;
}

/** The resource that an enhanced finding is about. */
export interface Resource {
  readonly details?: ResourceDetails | undefined;
  readonly id?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly type?: string | undefined;
}

/** A change that Inspector made to a CVSS score. */
export interface CvssScoreAdjustment {
  readonly metric?: string | undefined;
  readonly reason?: string | undefined;
}

/** The CVSS score that Inspector uses and how it came about. */
export interface CvssScoreDetails {
  readonly adjustments?: readonly CvssScoreAdjustment[] | undefined;
  readonly score?: number | undefined;
  readonly scoreSource?: string | undefined;
  readonly scoringVector?: string | undefined;
  readonly version?: string | undefined;
}

/** How the score of a finding came about. */
export interface ScoreDetails {
  readonly cvss?: CvssScoreDetails | undefined;
}

/** A finding of an enhanced scan, by Amazon Inspector. */
export interface EnhancedImageScanFinding {
  readonly awsAccountId?: string | undefined;
  readonly description?: string | undefined;
  readonly findingArn?: string | undefined;
  readonly firstObservedAt?: Date | undefined;
  readonly lastObservedAt?: Date | undefined;
  readonly packageVulnerabilityDetails?: PackageVulnerabilityDetails | undefined;
  readonly remediation?: Remediation | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly score?: number | undefined;
  readonly scoreDetails?: ScoreDetails | undefined;
  readonly severity?: string | undefined;
  readonly status?: string | undefined;
  readonly title?: string | undefined;
  readonly type?: string | undefined;
  readonly updatedAt?: Date | undefined;
  readonly fixAvailable?: string | undefined;
  readonly exploitAvailable?: string | undefined;
}

/** The findings of a scan: basic or enhanced, and their counts by severity. */
export interface ImageScanFindings {
  readonly imageScanCompletedAt?: Date | undefined;
  readonly vulnerabilitySourceUpdatedAt?: Date | undefined;
  readonly findingSeverityCounts?: Readonly<Record<string, number>> | undefined;
  readonly findings?: readonly ImageScanFinding[] | undefined;
  readonly enhancedFindings?: readonly EnhancedImageScanFinding[] | undefined;
}

/** What `DescribeImageScanFindings` answers. */
export interface DescribeImageScanFindingsResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly imageId?: ImageIdentifier | undefined;
  readonly imageScanStatus?: ImageScanStatus | undefined;
  readonly imageScanFindings?: ImageScanFindings | undefined;
  readonly nextToken?: string | undefined;
}

/** What `PutImageScanningConfiguration` takes. */
export interface PutImageScanningConfigurationRequest {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly imageScanningConfiguration: ImageScanningConfiguration;
}

/** What `PutImageScanningConfiguration` answers. */
export interface PutImageScanningConfigurationResponse {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly imageScanningConfiguration?: ImageScanningConfiguration | undefined;
}

/** What `BatchGetRepositoryScanningConfiguration` takes. */
export interface BatchGetRepositoryScanningConfigurationRequest {
  readonly repositoryNames: readonly string[];
}

/** Which repositories a scanning rule covers. */
export interface ScanningRepositoryFilter {
  readonly filter: string;
  readonly filterType: ScanningRepositoryFilterType;
}

/** How the images of one repository are scanned, and which filters decided it. */
export interface RepositoryScanningConfiguration {
  readonly repositoryArn?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly scanOnPush?: boolean | undefined;
  readonly scanFrequency?: ScanFrequency | undefined;
  readonly appliedScanFilters?: readonly ScanningRepositoryFilter[] | undefined;
}

/** A repository of a batch whose scanning configuration could not be read. */
export interface RepositoryScanningConfigurationFailure {
  readonly repositoryName?: string | undefined;
  readonly failureCode?: ScanningConfigurationFailureCode | undefined;
  readonly failureReason?: string | undefined;
}

/** What `BatchGetRepositoryScanningConfiguration` answers. */
export interface BatchGetRepositoryScanningConfigurationResponse {
  readonly scanningConfigurations?: readonly RepositoryScanningConfiguration[] | undefined;
  readonly failures?: readonly RepositoryScanningConfigurationFailure[] | undefined;
}

/** How often the images of some repositories are scanned. */
export interface RegistryScanningRule {
  readonly scanFrequency: ScanFrequency;
  readonly repositoryFilters: readonly ScanningRepositoryFilter[];
}

/** What `PutRegistryScanningConfiguration` takes. */
export interface PutRegistryScanningConfigurationRequest {
  readonly scanType?: ScanType | undefined;
  readonly rules?: readonly RegistryScanningRule[] | undefined;
}

/** Which scanner a registry uses, and its rules. */
export interface RegistryScanningConfiguration {
  readonly scanType?: ScanType | undefined;
  readonly rules?: readonly RegistryScanningRule[] | undefined;
}

/** What `PutRegistryScanningConfiguration` answers. */
export interface PutRegistryScanningConfigurationResponse {
  readonly registryScanningConfiguration?: RegistryScanningConfiguration | undefined;
}

/** What `GetRegistryScanningConfiguration` takes. */
export type GetRegistryScanningConfigurationRequest = Readonly<Record<never, never>>;

/** What `GetRegistryScanningConfiguration` answers. */
export interface GetRegistryScanningConfigurationResponse {
  readonly registryId?: string | undefined;
  readonly scanningConfiguration?: RegistryScanningConfiguration | undefined;
}

export const startImageScanRequest: StructureShape<StartImageScanRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageId: required(imageIdentifier),
});

export const startImageScanResponse: StructureShape<StartImageScanResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  imageId: optional(imageIdentifier),
  imageScanStatus: optional(imageScanStatus),
});

export const describeImageScanFindingsRequest: StructureShape<DescribeImageScanFindingsRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageId: required(imageIdentifier),
  nextToken: optional(string),
  maxResults: optional(maxResults),
});

export const attribute: StructureShape<Attribute> = structure({
  key: required(attributeKey),
  value: optional(attributeValue),
});

export const imageScanFinding: StructureShape<ImageScanFinding> = structure({
  name: optional(string),
  description: optional(string),
  uri: optional(string),
  severity: optional(findingSeverity),
  attributes: optional(list(attribute, { min: 0, max: 50 })),
});

export const cvssScore: StructureShape<CvssScore> = structure({
  baseScore: optional(double),
  scoringVector: optional(string),
  source: optional(string),
  version: optional(string),
});

export const vulnerablePackage: StructureShape<VulnerablePackage> = structure({
  arch: optional(string),
  epoch: optional(integer),
  filePath: optional(string),
  name: optional(string),
  packageManager: optional(string),
  release: optional(string),
  sourceLayerHash: optional(string),
  version: optional(string),
  fixedInVersion: optional(string),
});

export const packageVulnerabilityDetails: StructureShape<PackageVulnerabilityDetails> = structure({
  cvss: optional(list(cvssScore)),
  referenceUrls: optional(list(string)),
  relatedVulnerabilities: optional(list(string)),
  source: optional(string),
  sourceUrl: optional(string),
  vendorCreatedAt: optional(timestamp),
  vendorSeverity: optional(string),
  vendorUpdatedAt: optional(timestamp),
  vulnerabilityId: optional(string),
  vulnerablePackages: optional(list(vulnerablePackage)),
});

export const recommendation: StructureShape<Recommendation> = structure({
  url: optional(string),
  text: optional(string),
});

export const remediation: StructureShape<Remediation> = structure({
  recommendation: optional(recommendation),
});

export const awsEcrContainerImageDetails: StructureShape<AwsEcrContainerImageDetails> = structure({
  architecture: optional(string),
  author: optional(string),
  imageHash: optional(string),
  imageTags: optional(list(imageTag)),
  platform: optional(string),
  pushedAt: optional(timestamp),
  lastInUseAt: optional(timestamp),
  inUseCount: optional(inUseCount),
  registry: optional(registryId),
  repositoryName: optional(repositoryName),
});

export const resourceDetails: StructureShape<ResourceDetails> = structure({
  awsEcrContainerImage: optional(awsEcrContainerImageDetails),
});

export const resource: StructureShape<Resource> = structure({
  details: optional(resourceDetails),
  id: optional(string),
  tags: optional(map(string, string)),
  type: optional(string),
});

export const cvssScoreAdjustment: StructureShape<CvssScoreAdjustment> = structure({
  metric: optional(string),
  reason: optional(string),
});

export const cvssScoreDetails: StructureShape<CvssScoreDetails> = structure({
  adjustments: optional(list(cvssScoreAdjustment)),
  score: optional(double),
  scoreSource: optional(string),
  scoringVector: optional(string),
  version: optional(string),
});

export const scoreDetails: StructureShape<ScoreDetails> = structure({
  cvss: optional(cvssScoreDetails),
});

export const enhancedImageScanFinding: StructureShape<EnhancedImageScanFinding> = structure({
  awsAccountId: optional(registryId),
  description: optional(string),
  findingArn: optional(string),
  firstObservedAt: optional(timestamp),
  lastObservedAt: optional(timestamp),
  packageVulnerabilityDetails: optional(packageVulnerabilityDetails),
  remediation: optional(remediation),
  resources: optional(list(resource)),
  score: optional(double),
  scoreDetails: optional(scoreDetails),
  severity: optional(string),
  status: optional(string),
  title: optional(string),
  type: optional(string),
  updatedAt: optional(timestamp),
  fixAvailable: optional(string),
  exploitAvailable: optional(string),
});

export const imageScanFindings: StructureShape<ImageScanFindings> = structure({
  imageScanCompletedAt: optional(timestamp),
  vulnerabilitySourceUpdatedAt: optional(timestamp),
  findingSeverityCounts: optional(map(findingSeverity, severityCount)),
  findings: optional(list(imageScanFinding)),
  enhancedFindings: optional(list(enhancedImageScanFinding)),
});

export const describeImageScanFindingsResponse: StructureShape<DescribeImageScanFindingsResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  imageId: optional(imageIdentifier),
  imageScanStatus: optional(imageScanStatus),
  imageScanFindings: optional(imageScanFindings),
  nextToken: optional(string),
});

export const putImageScanningConfigurationRequest: StructureShape<PutImageScanningConfigurationRequest> = structure({
  registryId: optional(registryId),
  repositoryName: required(repositoryName),
  imageScanningConfiguration: required(imageScanningConfiguration),
});

export const putImageScanningConfigurationResponse: StructureShape<PutImageScanningConfigurationResponse> = structure({
  registryId: optional(registryId),
  repositoryName: optional(repositoryName),
  imageScanningConfiguration: optional(imageScanningConfiguration),
});

export const batchGetRepositoryScanningConfigurationRequest: StructureShape<BatchGetRepositoryScanningConfigurationRequest> =
  structure({
    repositoryNames: required(list(repositoryName, { min: 1, max: 25 })),
  });

export const scanningRepositoryFilter: StructureShape<ScanningRepositoryFilter> = structure({
  filter: required(scanningRepositoryFilterValue),
  filterType: required(scanningRepositoryFilterType),
});

export const repositoryScanningConfiguration: StructureShape<RepositoryScanningConfiguration> = structure({
  repositoryArn: optional(string),
  repositoryName: optional(repositoryName),
  scanOnPush: optional(boolean),
  scanFrequency: optional(scanFrequency),
  appliedScanFilters: optional(list(scanningRepositoryFilter, { min: 0, max: 100 })),
});

export const repositoryScanningConfigurationFailure: StructureShape<RepositoryScanningConfigurationFailure> = structure(
  {
    repositoryName: optional(repositoryName),
    failureCode: optional(scanningConfigurationFailureCode),
    failureReason: optional(string),
  },
);

export const batchGetRepositoryScanningConfigurationResponse: StructureShape<BatchGetRepositoryScanningConfigurationResponse> =
  structure({
    scanningConfigurations: optional(list(repositoryScanningConfiguration)),
    failures: optional(list(repositoryScanningConfigurationFailure)),
  });

export const registryScanningRule: StructureShape<RegistryScanningRule> = structure({
  scanFrequency: required(scanFrequency),
  repositoryFilters: required(list(scanningRepositoryFilter, { min: 0, max: 100 })),
});

export const putRegistryScanningConfigurationRequest: StructureShape<PutRegistryScanningConfigurationRequest> =
  structure({
    scanType: optional(scanType),
    rules: optional(list(registryScanningRule, { min: 0, max: 2 })),
  });

export const registryScanningConfiguration: StructureShape<RegistryScanningConfiguration> = structure({
  scanType: optional(scanType),
  rules: optional(list(registryScanningRule, { min: 0, max: 2 })),
});

export const putRegistryScanningConfigurationResponse: StructureShape<PutRegistryScanningConfigurationResponse> =
  structure({
    registryScanningConfiguration: optional(registryScanningConfiguration),
  });

export const getRegistryScanningConfigurationRequest: StructureShape<GetRegistryScanningConfigurationRequest> =
  structure({});

export const getRegistryScanningConfigurationResponse: StructureShape<GetRegistryScanningConfigurationResponse> =
  structure({
    registryId: optional(registryId),
    scanningConfiguration: optional(registryScanningConfiguration),
  });

/** The operations of this area, by their AWS names. */
export interface ScanningOperations {
  /** Start a manual basic scan. */
  readonly StartImageScan: OperationDescription<StartImageScanRequest, StartImageScanResponse>;
  /** Scan status and findings. */
  readonly DescribeImageScanFindings: OperationDescription<
    DescribeImageScanFindingsRequest,
    DescribeImageScanFindingsResponse
  >;
  /** Repository scanOnPush flag (deprecated). */
  readonly PutImageScanningConfiguration: OperationDescription<
    PutImageScanningConfigurationRequest,
    PutImageScanningConfigurationResponse
  >;
  /** Effective scan frequency per repository. */
  readonly BatchGetRepositoryScanningConfiguration: OperationDescription<
    BatchGetRepositoryScanningConfigurationRequest,
    BatchGetRepositoryScanningConfigurationResponse
  >;
  /** Set scan type and rules. */
  readonly PutRegistryScanningConfiguration: OperationDescription<
    PutRegistryScanningConfigurationRequest,
    PutRegistryScanningConfigurationResponse
  >;
  /** Read scan type and rules. */
  readonly GetRegistryScanningConfiguration: OperationDescription<
    GetRegistryScanningConfigurationRequest,
    GetRegistryScanningConfigurationResponse
  >;
}

export const scanningOperations: ScanningOperations = {
  StartImageScan: {
    name: "StartImageScan",
    service: ecr,
    access: "write",
    input: startImageScanRequest,
    output: startImageScanResponse,
    errors: [
      "ImageArchivedException",
      "ImageNotFoundException",
      "InvalidParameterException",
      "LimitExceededException",
      "RepositoryNotFoundException",
      "ServerException",
      "UnsupportedImageTypeException",
      "ValidationException",
    ],
  },
  DescribeImageScanFindings: {
    name: "DescribeImageScanFindings",
    service: ecr,
    access: "read",
    input: describeImageScanFindingsRequest,
    output: describeImageScanFindingsResponse,
    errors: [
      "ImageNotFoundException",
      "InvalidParameterException",
      "RepositoryNotFoundException",
      "ScanNotFoundException",
      "ServerException",
      "ValidationException",
    ],
    paging: { items: "imageScanFindings", defaultSize: 100 },
  },
  PutImageScanningConfiguration: {
    name: "PutImageScanningConfiguration",
    service: ecr,
    access: "write",
    input: putImageScanningConfigurationRequest,
    output: putImageScanningConfigurationResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException", "ValidationException"],
  },
  BatchGetRepositoryScanningConfiguration: {
    name: "BatchGetRepositoryScanningConfiguration",
    service: ecr,
    access: "read",
    input: batchGetRepositoryScanningConfigurationRequest,
    output: batchGetRepositoryScanningConfigurationResponse,
    errors: ["InvalidParameterException", "RepositoryNotFoundException", "ServerException", "ValidationException"],
  },
  PutRegistryScanningConfiguration: {
    name: "PutRegistryScanningConfiguration",
    service: ecr,
    access: "write",
    input: putRegistryScanningConfigurationRequest,
    output: putRegistryScanningConfigurationResponse,
    errors: [
      "BlockedByOrganizationPolicyException",
      "InvalidParameterException",
      "ServerException",
      "ValidationException",
    ],
  },
  GetRegistryScanningConfiguration: {
    name: "GetRegistryScanningConfiguration",
    service: ecr,
    access: "read",
    input: getRegistryScanningConfigurationRequest,
    output: getRegistryScanningConfigurationResponse,
    errors: ["InvalidParameterException", "ServerException", "ValidationException"],
  },
};
