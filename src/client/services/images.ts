import { EcrError } from "../../errors.js";
import type {
  DescribeImagesFilter,
  Image,
  ImageDetail,
  ImageIdentifier,
  ListImagesFilter,
} from "../../protocol/ecr/images.js";
import type { BatchResult } from "../batch.js";
import { type CallOptions, requireCallOptions, startScope } from "../call-scope.js";
import { requireImageId, requireImageIds, requireRepository, requireTag } from "../identifiers.js";
import { listed } from "../listed.js";
import { type Listing, type ListOptions, listing, listingOf } from "../listing.js";
import type { ServiceContext } from "../service-context.js";
import { type DeleteResult, deleteImages } from "./delete-images.js";
import { describeImages } from "./describe-images.js";
import { getImages } from "./get-images.js";
import { getImage, type ManifestSource, putTag } from "./put-tag.js";

/** How images are described. */
export interface DescribeOptions extends ListOptions {
  /** Leaves out images that it does not fit. @default the active images */
  readonly filter?: DescribeImagesFilter | undefined;
}

/** Awaited, it gives what was found and for each of the other ids why not; iterated, only what was found. */
export type Described = Listing<ImageDetail> & PromiseLike<BatchResult<ImageDetail>>;

/** The images of the registry's repositories. Ids may be any number: they are sent in batches, and what fails fails alone. */
export interface Images {
  /** The id of every image: one for each tag with its digest, and one for each untagged image. */
  list(repository: string, filter?: ListImagesFilter, options?: ListOptions): Listing<ImageIdentifier>;
  /**
   * Size, times, tags and media types: of all images, or of those with the given ids, each image once, in the order of the ids. Nothing
   * is counted as a pull. An empty list of ids gives nothing.
   */
  describe(repository: string, ids?: readonly ImageIdentifier[], options?: DescribeOptions): Described;
  /**
   * One image with its manifest, byte for byte and held to its digest. ECR counts it as a pull.
   * @throws {EcrError} kind `ImageNotFound` when there is none, `ImageDigestMismatch` when the manifest is not the one the digest names
   */
  get(repository: string, id: ImageIdentifier, options?: CallOptions): Promise<Image>;
  /** Images with their manifests, in the order of their ids. ECR counts each as a pull. @throws {EcrError} kind `ImageDigestMismatch` */
  batchGet(repository: string, ids: readonly ImageIdentifier[], options?: CallOptions): Promise<BatchResult<Image>>;
  /**
   * Makes `tag` name the source, byte for byte, and gives the image as it is tagged now. It is a success, and changes nothing, when the
   * tag names it already, whether tags are mutable or not.
   * @throws {EcrError} kind `ImageTagAlreadyExists` when an immutable tag names another image, `ImageNotFound` when there is no source
   */
  putTag(
    repository: string,
    source: ImageIdentifier | ManifestSource,
    tag: string,
    options?: CallOptions,
  ): Promise<Image>;
  /**
   * Deletes images, or tags where only a tag is given; indexes go before the images they list. Says what stayed, and why. When a request
   * fails, or the call is ended, nothing more is sent: what that leaves is among the `failures`, with the error.
   * @throws {EcrError} of the kinds of `call`, when not one request was answered
   */
  batchDelete(repository: string, ids: readonly ImageIdentifier[], options?: CallOptions): Promise<DeleteResult>;
}

/** The service over a client's pipeline. */
export function createImages(context: ServiceContext): Images {
  const { send, time, registry } = context;
  return {
    list(repositoryName, filter, options = {}) {
      requireRepository(repositoryName);
      return listing(time, options, async (page, scope) => {
        const input = { ...registry, repositoryName, ...(filter && { filter }), ...page };
        const { imageIds, nextToken } = await send("ListImages", input, scope);
        return { items: listed("ListImages", imageIds), nextToken };
      });
    },
    describe(repository, ids, options = {}) {
      requireRepository(repository);
      requireCallOptions(options, ["filter", "pageSize"]);
      if (ids === undefined) return awaitable(describeAll(context, repository, options));
      requireImageIds("ids", ids);
      if (options.pageSize !== undefined) throw contradiction();
      return describeSome(context, repository, [...ids], options);
    },
    async get(repository, id, options) {
      requireRepository(repository);
      requireImageId("id", id);
      return getImage(context, repository, id, startScope(time, options));
    },
    async batchGet(repository, ids, options) {
      requireRepository(repository);
      requireImageIds("ids", ids);
      return getImages(context, repository, ids, startScope(time, options));
    },
    async putTag(repository, source, tag, options) {
      requireRepository(repository);
      requireTag("tag", tag);
      requireSource(source);
      return putTag(context, repository, source, tag, startScope(time, options));
    },
    async batchDelete(repository, ids, options) {
      requireRepository(repository);
      requireImageIds("ids", ids);
      return deleteImages(context, repository, ids, startScope(time, options));
    },
  };
}

function requireSource(source: ImageIdentifier | ManifestSource): void {
  if (typeof source === "object" && source !== null && "imageManifest" in source) return;
  requireImageId("source", source);
}

const contradiction = (): EcrError =>
  new EcrError("pageSize does not go with ids: what is asked for by id does not come in pages", {
    kind: "InvalidParameter",
  });

function describeAll(
  { send, time, registry }: ServiceContext,
  repositoryName: string,
  { filter, ...options }: DescribeOptions,
): Listing<ImageDetail> {
  return listing(time, options, async (page, scope) => {
    const input = { ...registry, repositoryName, ...(filter && { filter }), ...page };
    const { imageDetails, nextToken } = await send("DescribeImages", input, scope);
    return { items: listed("DescribeImages", imageDetails), nextToken };
  });
}

function describeSome(
  context: ServiceContext,
  repository: string,
  ids: readonly ImageIdentifier[],
  { filter, signal, timeoutMs, caller }: DescribeOptions,
): Described {
  const describe = (): Promise<BatchResult<ImageDetail>> =>
    describeImages(context, repository, ids, filter, startScope(context.time, { signal, timeoutMs, caller }));
  const pages = async function* (): AsyncGenerator<readonly ImageDetail[]> {
    yield (await describe()).images;
  };
  return awaitable(listingOf(pages), describe);
}

/** A listing that may also be awaited; nothing is asked for until it is either read or awaited. */
function awaitable(
  list: Listing<ImageDetail>,
  result: () => Promise<BatchResult<ImageDetail>> = async () => ({ images: await list.all(), failures: [] }),
): Described {
  return {
    ...list,
    // biome-ignore lint/suspicious/noThenProperty: being awaited is what a batch is for
    then: (onFulfilled, onRejected) => result().then(onFulfilled, onRejected),
  };
}
