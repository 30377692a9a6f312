import type { DescribeImagesRequest, ImageDetail, ImageIdentifier } from "../../protocol/ecr/images.js";
import { tagsOf } from "../images.js";
import { listDigests } from "../listing.js";
import { refuseMixedPaging, takePage } from "../paging.js";
import type { ImageRecord } from "../records.js";
import type { Target } from "../registry.js";
import { requireImage } from "../require-image.js";
import { requireRepository, type State, targetOf } from "../state.js";
import { imageStatus } from "../storage-class.js";
import type { Operation } from "./operation.js";

/** documented: DescribeImages, maxResults. */
const DEFAULT_PAGE = 100;

/** The images that are named, or all of them, a page at a time, in the order of their digests (ECR's is not documented). */
export const describeImages: Operation<"DescribeImages"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  refuseMixedPaging("imageIds", input.imageIds, input);
  requireRepository(state, target);
  if (input.imageIds) return { imageDetails: named(state, target, input.imageIds) };
  return listed(state, target, caller.account, input);
};

/** Whole or not at all: one unknown identifier fails the call. Two identifiers of one image give one entry, an archived one is given too (both assumed). */
function named(state: State, target: Target, imageIds: readonly ImageIdentifier[]): readonly ImageDetail[] {
  const details = new Map<string, ImageDetail>();
  for (const imageId of imageIds) {
    const { digest, image } = requireImage(state, target, imageId);
    details.set(digest, detailOf(state, target, digest, image));
  }
  return [...details.values()];
}

function listed(state: State, target: Target, account: string, input: DescribeImagesRequest) {
  const { filter = {}, maxResults = DEFAULT_PAGE } = input;
  const of = [target.account, target.region, target.repositoryName, filter.tagStatus, filter.imageStatus];
  const listing = { operation: "DescribeImages", account, of };
  const after = state.pages.read(listing, input.nextToken);
  const { items, next } = takePage(
    listDigests(state.tables, target, filter, after),
    maxResults,
    ([digest = ""], image: ImageRecord) => detailOf(state, target, digest, image),
  );
  return { imageDetails: items, nextToken: state.pages.write(listing, next) };
}

/** documented: scan status and findings are not part of it under the current basic scanner. */
function detailOf({ tables }: State, target: Target, digest: string, image: ImageRecord): ImageDetail {
  return {
    registryId: target.account,
    repositoryName: target.repositoryName,
    imageDigest: digest,
    imageTags: image.tagCount > 0 ? tagsOf(tables, target, digest) : undefined,
    imageSizeInBytes: image.sizeBytes,
    imagePushedAt: new Date(image.pushedAtMs),
    imageManifestMediaType: image.mediaType,
    artifactMediaType: image.artifactMediaType,
    lastRecordedPullTime: dateOf(image.pulledAtMs),
    subjectManifestDigest: image.subject,
    imageStatus: imageStatus(image),
    lastArchivedAt: dateOf(image.archivedAtMs),
    lastActivatedAt: dateOf(image.activatedAtMs),
  };
}

const dateOf = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));
