import type { OperationName } from "../../../src/protocol/operations.js";
import { bareManifest } from "../../fixtures/local-registry.js";
import { ACCOUNT, ARN, type JsonInput, NO_DIGEST, NO_UUID, PUBLIC_ARN } from "./world.js";

const repositoryName = "none";
const imageId = { imageDigest: NO_DIGEST };
const policyText = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }],
});
const part = { partFirstByte: 0, partLastByte: 0, layerPartBlob: "AA==" };
const tags = [{ Key: "team", Value: "shop" }];
const signingProfileArn = `arn:aws:signer:us-east-1:${ACCOUNT}:/signing-profiles/release`;
const imageManifest = bareManifest(1);
const lifecyclePolicyText = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 100 },
      action: { type: "expire" },
    },
  ],
});
const rule = { ecrRepositoryPrefix: "hub" };
const principalArn = `arn:aws:iam::${ACCOUNT}:role/builder`;
const resourceArn = ARN.replace("/app", "/none");
const publicArn = PUBLIC_ARN.replace("/app", "/none");

/** For each operation an input that breaks no constraint of the model, about a repository that does not exist where it takes one. */
export const validInputs: { readonly [N in OperationName]: JsonInput<N> } = {
  BatchCheckLayerAvailability: { repositoryName, layerDigests: [NO_DIGEST] },
  BatchDeleteImage: { repositoryName, imageIds: [imageId] },
  BatchGetImage: { repositoryName, imageIds: [imageId] },
  BatchGetRepositoryScanningConfiguration: { repositoryNames: [repositoryName] },
  CompleteLayerUpload: { repositoryName, uploadId: NO_UUID, layerDigests: [NO_DIGEST] },
  CreatePullThroughCacheRule: { ...rule, upstreamRegistryUrl: "public.ecr.aws" },
  CreateRepository: { repositoryName },
  CreateRepositoryCreationTemplate: { prefix: "hub", appliedFor: ["REPLICATION"] },
  DeleteLifecyclePolicy: { repositoryName },
  DeletePullThroughCacheRule: rule,
  DeleteRegistryPolicy: {},
  DeleteRepository: { repositoryName },
  DeleteRepositoryCreationTemplate: { prefix: "hub" },
  DeleteRepositoryPolicy: { repositoryName },
  DeleteSigningConfiguration: {},
  DeregisterPullTimeUpdateExclusion: { principalArn },
  DescribeImageReplicationStatus: { repositoryName, imageId },
  DescribeImageScanFindings: { repositoryName, imageId },
  DescribeImageSigningStatus: { repositoryName, imageId },
  DescribeImages: { repositoryName },
  DescribePullThroughCacheRules: {},
  DescribeRegistry: {},
  DescribeReplicationBackfillResults: { replicationBackfillId: NO_UUID },
  DescribeRepositories: { repositoryNames: [repositoryName] },
  DescribeRepositoryCreationTemplates: {},
  GetAccountSetting: { name: "BLOB_MOUNTING" },
  GetAuthorizationToken: {},
  GetDownloadUrlForLayer: { repositoryName, layerDigest: NO_DIGEST },
  GetLifecyclePolicy: { repositoryName },
  GetLifecyclePolicyPreview: { repositoryName },
  GetRegistryPolicy: {},
  GetRegistryScanningConfiguration: {},
  GetRepositoryPolicy: { repositoryName },
  GetSigningConfiguration: {},
  InitiateLayerUpload: { repositoryName },
  ListImageReferrers: { repositoryName, subjectId: imageId },
  ListImages: { repositoryName },
  ListPullTimeUpdateExclusions: {},
  ListReplicationBackfills: {},
  ListTagsForResource: { resourceArn },
  PutAccountSetting: { name: "BLOB_MOUNTING", value: "ENABLED" },
  PutImage: { repositoryName, imageManifest },
  PutImageScanningConfiguration: { repositoryName, imageScanningConfiguration: { scanOnPush: true } },
  PutImageTagMutability: { repositoryName, imageTagMutability: "IMMUTABLE" },
  PutLifecyclePolicy: { repositoryName, lifecyclePolicyText },
  PutRegistryPolicy: {
    policyText: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "a",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:root" },
          Action: "ecr:ReplicateImage",
          Resource: "*",
        },
      ],
    }),
  },
  PutRegistryScanningConfiguration: { scanType: "BASIC" },
  PutReplicationConfiguration: { replicationConfiguration: { rules: [] } },
  PutSigningConfiguration: { signingConfiguration: { rules: [{ signingProfileArn }] } },
  RegisterPullTimeUpdateExclusion: { principalArn },
  SetRepositoryPolicy: { repositoryName, policyText },
  StartImageScan: { repositoryName, imageId },
  StartLifecyclePolicyPreview: { repositoryName },
  StartReplicationBackfill: { destination: { region: "eu-west-1", registryId: ACCOUNT } },
  StopReplicationBackfill: { replicationBackfillId: NO_UUID },
  TagResource: { resourceArn, tags },
  UntagResource: { resourceArn, tagKeys: ["team"] },
  UpdateImageStorageClass: { repositoryName, imageId, targetStorageClass: "ARCHIVE" },
  UpdatePullThroughCacheRule: rule,
  UpdateRepositoryCreationTemplate: { prefix: "hub" },
  UploadLayerPart: { repositoryName, uploadId: NO_UUID, ...part },
  ValidatePullThroughCacheRule: rule,
  "ecr-public:BatchCheckLayerAvailability": { repositoryName, layerDigests: [NO_DIGEST] },
  "ecr-public:BatchDeleteImage": { repositoryName, imageIds: [imageId] },
  "ecr-public:CompleteLayerUpload": { repositoryName, uploadId: NO_UUID, layerDigests: [NO_DIGEST] },
  "ecr-public:CreateRepository": { repositoryName },
  "ecr-public:DeleteRepository": { repositoryName },
  "ecr-public:DeleteRepositoryPolicy": { repositoryName },
  "ecr-public:DescribeImageTags": { repositoryName },
  "ecr-public:DescribeImages": { repositoryName },
  "ecr-public:DescribeRegistries": {},
  "ecr-public:DescribeRepositories": { repositoryNames: [repositoryName] },
  "ecr-public:GetAuthorizationToken": {},
  "ecr-public:GetRegistryCatalogData": {},
  "ecr-public:GetRepositoryCatalogData": { repositoryName },
  "ecr-public:GetRepositoryPolicy": { repositoryName },
  "ecr-public:InitiateLayerUpload": { repositoryName },
  "ecr-public:ListTagsForResource": { resourceArn: publicArn },
  "ecr-public:PutImage": { repositoryName, imageManifest },
  "ecr-public:PutRegistryCatalogData": { displayName: "Shop" },
  "ecr-public:PutRepositoryCatalogData": { repositoryName, catalogData: {} },
  "ecr-public:SetRepositoryPolicy": {
    repositoryName,
    policyText: policyText.replace("ecr:BatchGetImage", "ecr-public:PutImage"),
  },
  "ecr-public:TagResource": { resourceArn: publicArn, tags },
  "ecr-public:UntagResource": { resourceArn: publicArn, tagKeys: ["team"] },
  "ecr-public:UploadLayerPart": { repositoryName, uploadId: NO_UUID, ...part },
};
