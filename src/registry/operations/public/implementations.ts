import type { OperationName } from "../../../protocol/operations.js";
import { onAliasedRegistry, onPublicRegistry } from "../../public/on-public-registry.js";
import { completeLayerUpload } from "../complete-layer-upload.js";
import { deleteRepository } from "../delete-repository.js";
import { deleteRepositoryPolicy } from "../delete-repository-policy.js";
import { describeImages } from "../describe-images.js";
import { describeRepositories } from "../describe-repositories.js";
import { getRepositoryPolicy } from "../get-repository-policy.js";
import { initiateLayerUpload } from "../initiate-layer-upload.js";
import { listTagsForResource } from "../list-tags-for-resource.js";
import type { Operation } from "../operation.js";
import { putImage } from "../put-image.js";
import { setRepositoryPolicy } from "../set-repository-policy.js";
import { untagResource } from "../untag-resource.js";
import { uploadLayerPart } from "../upload-layer-part.js";
import { batchCheckLayerAvailability } from "./batch-check-layer-availability.js";
import { batchDeleteImage } from "./batch-delete-image.js";
import { createRepository } from "./create-repository.js";
import { describeImageTags } from "./describe-image-tags.js";
import { describeRegistries } from "./describe-registries.js";
import { getAuthorizationToken } from "./get-authorization-token.js";
import { getRegistryCatalogData } from "./get-registry-catalog-data.js";
import { getRepositoryCatalogData } from "./get-repository-catalog-data.js";
import { putRegistryCatalogData } from "./put-registry-catalog-data.js";
import { putRepositoryCatalogData } from "./put-repository-catalog-data.js";
import { tagResource } from "./tag-resource.js";

type PublicOperationName = Extract<OperationName, `ecr-public:${string}`>;

/** What the local ECR does for each operation of ECR Public. Those that ECR has as well do the same to a public registry. */
export const publicImplementations: { readonly [N in PublicOperationName]: Operation<N> } = {
  "ecr-public:BatchCheckLayerAvailability": batchCheckLayerAvailability,
  "ecr-public:BatchDeleteImage": batchDeleteImage,
  "ecr-public:CompleteLayerUpload": onAliasedRegistry("registry", completeLayerUpload),
  "ecr-public:CreateRepository": createRepository,
  "ecr-public:DeleteRepository": onPublicRegistry(deleteRepository),
  "ecr-public:DeleteRepositoryPolicy": onPublicRegistry(deleteRepositoryPolicy),
  "ecr-public:DescribeImages": onPublicRegistry(describeImages),
  "ecr-public:DescribeImageTags": describeImageTags,
  "ecr-public:DescribeRegistries": describeRegistries,
  "ecr-public:DescribeRepositories": onPublicRegistry(describeRepositories),
  "ecr-public:GetAuthorizationToken": getAuthorizationToken,
  "ecr-public:GetRegistryCatalogData": getRegistryCatalogData,
  "ecr-public:GetRepositoryCatalogData": getRepositoryCatalogData,
  "ecr-public:GetRepositoryPolicy": onPublicRegistry(getRepositoryPolicy),
  "ecr-public:InitiateLayerUpload": onAliasedRegistry("registry", initiateLayerUpload),
  "ecr-public:ListTagsForResource": onPublicRegistry(listTagsForResource),
  "ecr-public:PutImage": onAliasedRegistry("registry", putImage),
  "ecr-public:PutRegistryCatalogData": putRegistryCatalogData,
  "ecr-public:PutRepositoryCatalogData": putRepositoryCatalogData,
  "ecr-public:SetRepositoryPolicy": onPublicRegistry(setRepositoryPolicy),
  "ecr-public:TagResource": tagResource,
  "ecr-public:UntagResource": onPublicRegistry(untagResource),
  "ecr-public:UploadLayerPart": onAliasedRegistry("registry", uploadLayerPart),
};
