import type { ImageIdentifier } from "../../protocol/ecr/images.js";
import { listImageIds } from "../listing.js";
import { takePage } from "../paging.js";
import { requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** documented: ListImages, maxResults. */
const DEFAULT_PAGE = 100;

/** A page of image identifiers: one for each tag, and one for each image without any, in the order of digests and tags (ECR's is not documented). */
export const listImages: Operation<"ListImages"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  const { filter = {}, maxResults = DEFAULT_PAGE } = input;
  requireRepository(state, target);
  const of = [target.account, target.region, target.repositoryName, filter.tagStatus, filter.imageStatus];
  const listing = { operation: "ListImages", account: caller.account, of };
  const after = state.pages.read(listing, input.nextToken);
  const { items, next } = takePage(
    listImageIds(state.tables, target, filter, after),
    maxResults,
    ([imageDigest, imageTag]): ImageIdentifier => ({ imageDigest, imageTag }),
  );
  return { imageIds: items, nextToken: state.pages.write(listing, next) };
};
