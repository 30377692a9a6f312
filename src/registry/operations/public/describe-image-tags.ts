import type { ImageTagDetail } from "../../../protocol/ecr-public/images.js";
import { takePage } from "../../paging.js";
import { publicCaller } from "../../public/on-public-registry.js";
import type { Target } from "../../registry.js";
import { keyOf, requireRepository, type State, targetOf } from "../../state.js";
import type { Key } from "../../table.js";
import type { Operation } from "../operation.js";

/** documented: DescribeImageTags, maxResults. */
const DEFAULT_PAGE = 100;

/** A page of the tags of a public repository, each with the image it points to, in the order of their names (ECR's is not documented). */
export const describeImageTags: Operation<"ecr-public:DescribeImageTags"> = (state, caller, input) => {
  const target = targetOf(publicCaller(caller), input);
  requireRepository(state, target);
  const { account, repositoryName } = target;
  const listing = { operation: "DescribeImageTags", account: caller.account, of: [account, repositoryName] };
  const after = state.pages.read(listing, input.nextToken);
  const { items, next } = takePage(
    state.tables.tag.list(keyOf(target), after),
    input.maxResults ?? DEFAULT_PAGE,
    ([imageTag = ""]: Key, digest: string) => detailOf(state, target, imageTag, digest),
  );
  return { imageTagDetails: items, nextToken: state.pages.write(listing, next) };
};

function detailOf({ tables }: State, target: Target, imageTag: string, imageDigest: string): ImageTagDetail {
  const key = [...keyOf(target), imageDigest];
  const taggedAtMs = tables.imageTag.get(...key, imageTag);
  const image = tables.image.get(...key);
  if (!image || taggedAtMs === undefined) throw new Error(`a tag of an image that is not there: ${imageDigest}`);
  return {
    imageTag,
    createdAt: new Date(taggedAtMs),
    imageDetail: {
      imageDigest,
      imageSizeInBytes: image.sizeBytes,
      imagePushedAt: new Date(image.pushedAtMs),
      imageManifestMediaType: image.mediaType,
      artifactMediaType: image.artifactMediaType,
    },
  };
}
