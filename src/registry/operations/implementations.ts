import type { OperationName } from "../../protocol/operations.js";
import { batchCheckLayerAvailability } from "./batch-check-layer-availability.js";
import { batchDeleteImage } from "./batch-delete-image.js";
import { batchGetImage } from "./batch-get-image.js";
import { completeLayerUpload } from "./complete-layer-upload.js";
import { createRepository } from "./create-repository.js";
import { deleteRepository } from "./delete-repository.js";
import { describeImages } from "./describe-images.js";
import { describeRepositories } from "./describe-repositories.js";
import { getAuthorizationToken } from "./get-authorization-token.js";
import { getDownloadUrlForLayer } from "./get-download-url-for-layer.js";
import { initiateLayerUpload } from "./initiate-layer-upload.js";
import { listImages } from "./list-images.js";
import type { Operation } from "./operation.js";
import { putImage } from "./put-image.js";
import { putImageTagMutability } from "./put-image-tag-mutability.js";
import { uploadLayerPart } from "./upload-layer-part.js";

/** What the local ECR does for each operation that is built. One that is not listed is answered as AWS answers an unknown one. */
export const implementations: { readonly [N in OperationName]?: Operation<N> } = {
  BatchCheckLayerAvailability: batchCheckLayerAvailability,
  BatchDeleteImage: batchDeleteImage,
  BatchGetImage: batchGetImage,
  CompleteLayerUpload: completeLayerUpload,
  CreateRepository: createRepository,
  DeleteRepository: deleteRepository,
  DescribeImages: describeImages,
  DescribeRepositories: describeRepositories,
  GetAuthorizationToken: getAuthorizationToken,
  GetDownloadUrlForLayer: getDownloadUrlForLayer,
  InitiateLayerUpload: initiateLayerUpload,
  ListImages: listImages,
  PutImage: putImage,
  PutImageTagMutability: putImageTagMutability,
  UploadLayerPart: uploadLayerPart,
};
