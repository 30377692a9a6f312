import type { OperationName } from "../protocol/operations.js";

/** The kinds of answers that are kept, each for a time of its own. */
export type ReadKind = "repositories" | "imageList" | "images" | "lifecyclePolicies" | "findings" | "manifests";

/** How long each kind is kept unless told otherwise, in milliseconds. `Infinity`: what a digest names never changes. */
export const DEFAULT_TTL_MS: Readonly<Record<ReadKind, number>> = {
  repositories: 300_000,
  imageList: 60_000,
  images: 600_000,
  lifecyclePolicies: 900_000,
  findings: 300_000,
  manifests: Number.POSITIVE_INFINITY,
};

/** The reads whose answers are kept. All others are always sent. */
export const KIND_OF_READ: { readonly [N in OperationName]?: ReadKind } = {
  DescribeRepositories: "repositories",
  GetRepositoryPolicy: "repositories",
  ListTagsForResource: "repositories",
  ListImages: "imageList",
  DescribeImages: "images",
  GetLifecyclePolicy: "lifecyclePolicies",
  DescribeImageScanFindings: "findings",
  BatchGetImage: "manifests",
  "ecr-public:DescribeRepositories": "repositories",
  "ecr-public:GetRepositoryPolicy": "repositories",
  "ecr-public:ListTagsForResource": "repositories",
  "ecr-public:DescribeImages": "images",
  "ecr-public:DescribeImageTags": "imageList",
};

/** Writes that change an image and nothing that is told of its repository. */
const IMAGE_WRITES: ReadonlySet<string> = new Set([
  "PutImage",
  "BatchDeleteImage",
  "InitiateLayerUpload",
  "UploadLayerPart",
  "CompleteLayerUpload",
  "StartImageScan",
  "StartLifecyclePolicyPreview",
  "UpdateImageStorageClass",
]);

/** Writes that change nothing that any read tells. */
const UPLOADS: ReadonlySet<string> = new Set(["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload"]);

type Json = Readonly<Record<string, unknown>>;

/**
 * The part of an account's registry that an answer depends on, and a write changes: one repository, or all that is told of
 * repositories. It names no registry of another account apart: to forget too much costs a request, to forget too little is wrong.
 */
export type Area = `repository ${string}` | "repositories";

/** The areas that a read's answer depends on. */
export function areasOfRead(kind: ReadKind, input: unknown): readonly Area[] {
  const repository = repositoryIn(input);
  return kind === "repositories" || repository === undefined ? ["repositories"] : [`repository ${repository}`];
}

/** The areas that a write changes. */
export function areasOfWrite(operation: OperationName, input: unknown): readonly Area[] {
  const name = operation.replace(/^ecr-public:/, "");
  if (UPLOADS.has(name)) return [];
  const repository = repositoryIn(input);
  const own: readonly Area[] = repository === undefined ? [] : [`repository ${repository}`];
  return IMAGE_WRITES.has(name) ? own : [...own, "repositories"];
}

function repositoryIn(input: unknown): string | undefined {
  const { repositoryName, resourceArn } = input as Json;
  if (typeof repositoryName === "string") return repositoryName;
  return typeof resourceArn === "string" ? /:repository\/(.+)$/.exec(resourceArn)?.[1] : undefined;
}
