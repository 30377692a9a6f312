import { EcrError } from "../../errors.js";
import type { ImageIndex } from "../../image/manifest.js";
import { formatPlatform, matchPlatform, type Platform } from "../../image/platform.js";
import type { ArtifactStatusFilter } from "../../protocol/ecr/enums.js";
import type { ImageIdentifier, ImageReferrer } from "../../protocol/ecr/images.js";
import { type CallOptions, type CallScope, startScope } from "../call-scope.js";
import { requireThat } from "../config-check.js";
import type { OpenWire } from "../distribution/wire.js";
import { requireImageId, requireRepository } from "../identifiers.js";
import { listed } from "../listed.js";
import { type Listing, type ListOptions, listing } from "../listing.js";
import type { ServiceContext } from "../service-context.js";
import type { StoredConfig } from "./manifest-config.js";
import { layersOf, type ManifestLayers } from "./manifest-layers.js";
import {
  imageForPlatform,
  isIndex,
  type PlatformArgument,
  platformNotFound,
  platformOf,
  platformsOf,
  type SingleImage,
} from "./manifest-platforms.js";
import { getImage } from "./put-tag.js";
import { nameOfKind, type StoredManifest, storedManifest, subjectOf } from "./stored-manifest.js";

/** Which configuration is read. */
export interface ConfigOptions extends CallOptions {
  /** Which image of an index, such as `linux/arm64`. */
  readonly platform?: PlatformArgument | undefined;
  /** The largest configuration that is fetched, in bytes. @default 8 MiB */
  readonly maxBytes?: number | undefined;
}

/** Which referrers are listed. */
export interface ReferrerOptions extends ListOptions {
  /** Only those of this type, or of one of these, five at most. */
  readonly artifactType?: string | readonly string[] | undefined;
  /** @default "ACTIVE" */
  readonly artifactStatus?: ArtifactStatusFilter | undefined;
}

/** What images are made of. ECR counts each manifest that is read as a pull. */
export interface Manifests {
  /**
   * A manifest of any kind: read, with its exact bytes, held to its digest.
   * @throws {EcrError} kind `ImageNotFound` when there is none, `ImageDigestMismatch` when it is not the one the digest names
   */
  get(repository: string, id: ImageIdentifier, options?: CallOptions): Promise<StoredManifest>;
  /** An index, with the descriptors of what it lists. @throws {EcrError} kind `InvalidParameter` when the id names a single image */
  getList(repository: string, id: ImageIdentifier, options?: CallOptions): Promise<StoredManifest<ImageIndex>>;
  /**
   * The image that suits a platform best, out of an index or by itself; of a single image its configuration is asked.
   * @throws {EcrError} kind `PlatformNotFound`, naming the platforms that there are
   */
  getForPlatform(
    repository: string,
    id: ImageIdentifier,
    platform: PlatformArgument,
    options?: CallOptions,
  ): Promise<SingleImage>;
  /**
   * The configuration of an image, held to its digest: what it runs on and how it is started, or what an artifact keeps there.
   * @throws {EcrError} kind `InvalidParameter` for an index without `platform`, `LimitExceeded` when it is larger than `maxBytes`,
   * `ImageDigestMismatch` when it is not what its digest names
   */
  getConfig(repository: string, id: ImageIdentifier, options?: ConfigOptions): Promise<StoredConfig>;
  /**
   * Config and layers of an image with their sizes, or of every image of an index. Of Docker's old schema 1 there are none, for it does not
   * tell their sizes.
   */
  getLayers(repository: string, id: ImageIdentifier, options?: CallOptions): Promise<ManifestLayers>;
  /**
   * What refers to an image: signatures, SBOMs and the like, none of which is counted as pulled. A tag is looked up first.
   * @throws {EcrError} of the kinds of `call`, while it is read
   */
  referrers(repository: string, id: ImageIdentifier, options?: ReferrerOptions): Listing<ImageReferrer>;
}

/** Larger than any image's configuration, in bytes; what is larger is asked for on purpose. */
const MAX_CONFIG_BYTES = 8 * 1024 * 1024;

/** Most results in one page. documented: API reference, ListImageReferrers. */
const MAX_REFERRERS = 50;

/** The service over a client's pipeline. `openWire` gives what the URLs of layers are read by. */
export function createManifests(context: ServiceContext, openWire: OpenWire): Manifests {
  const begin: Begin = (repository, id, options, others) => {
    requireImage(repository, id);
    return startScope(context.time, options, others);
  };
  const read = async (repository: string, id: ImageIdentifier, scope: CallScope): Promise<StoredManifest> =>
    storedManifest(await getImage(context, repository, id, scope));
  const configOf = async (found: StoredManifest, maxBytes: number, scope: CallScope): Promise<StoredConfig> => {
    // Loaded here, for most clients never read one.
    const { readConfig } = await import("./manifest-config.js");
    return readConfig(context, openWire, found, maxBytes, scope);
  };
  return {
    async get(repository, id, options) {
      return read(repository, id, begin(repository, id, options));
    },
    async getList(repository, id, options) {
      const found = await read(repository, id, begin(repository, id, options));
      if (isIndex(found)) return found;
      throw refused(`${subjectOf(found)} is no index but ${nameOfKind(found.manifest)}: manifests.get reads it`);
    },
    async getForPlatform(repository, id, platform, options) {
      const scope = begin(repository, id, options);
      const wanted = platformOf(platform);
      const found = await read(repository, id, scope);
      if (isIndex(found)) return imageForPlatform(context, found, wanted, scope);
      requirePlatform(wanted, found, await configOf(found, MAX_CONFIG_BYTES, scope));
      return found as SingleImage;
    },
    async getConfig(repository, id, options = {}) {
      const scope = begin(repository, id, options, ["platform", "maxBytes"]);
      const { platform, maxBytes = MAX_CONFIG_BYTES } = options;
      requireThat("maxBytes", maxBytes, "a number of bytes from 1 up", isCount);
      const wanted = platform === undefined ? undefined : platformOf(platform);
      const found = await read(repository, id, scope);
      if (wanted === undefined && isIndex(found)) throw needsPlatform(found);
      if (wanted === undefined) return configOf(found, maxBytes, scope);
      if (isIndex(found)) return configOf(await imageForPlatform(context, found, wanted, scope), maxBytes, scope);
      const config = await configOf(found, maxBytes, scope);
      requirePlatform(wanted, found, config);
      return config;
    },
    async getLayers(repository, id, options) {
      const scope = begin(repository, id, options);
      return layersOf(context, await read(repository, id, scope), scope);
    },
    referrers(repository, id, options = {}) {
      requireImage(repository, id);
      return listReferrers(context, repository, id, options);
    },
  };
}

/** Looks at what a call was given, and starts its clock. */
type Begin = (
  repository: string,
  id: ImageIdentifier,
  options: CallOptions | undefined,
  others?: readonly string[],
) => CallScope;

function requireImage(repository: string, id: ImageIdentifier): void {
  requireRepository(repository);
  requireImageId("id", id);
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1;

const refused = (message: string): EcrError => new EcrError(message, { kind: "InvalidParameter" });

function needsPlatform(found: StoredManifest<ImageIndex>): EcrError {
  const platforms = platformsOf(found.manifest).map(({ platform }) => formatPlatform(platform));
  return refused(
    `${subjectOf(found)} is an index, of which each image has a configuration of its own: pass platform, one of ${platforms.join(", ") || "those that it does not name"}`,
  );
}

/** A single image must be for the platform that is wanted. */
function requirePlatform(wanted: Platform, found: StoredManifest, config: StoredConfig): void {
  const offered = config.kind === "image" ? [config.config.platform] : [];
  if (matchPlatform(wanted, offered) === undefined) throw platformNotFound(wanted, offered, subjectOf(found));
}

function listReferrers(
  { send, time, registry }: ServiceContext,
  repositoryName: string,
  id: ImageIdentifier,
  { artifactType, artifactStatus, ...options }: ReferrerOptions,
): Listing<ImageReferrer> {
  const artifactTypes = artifactType === undefined ? undefined : [artifactType].flat();
  const filter = { ...(artifactTypes && { artifactTypes }), ...(artifactStatus && { artifactStatus }) };
  const digestOf = async (scope: CallScope): Promise<string> => {
    if (id.imageDigest !== undefined) return id.imageDigest;
    const { imageDetails } = await send("DescribeImages", { ...registry, repositoryName, imageIds: [id] }, scope);
    const [image] = listed("DescribeImages", imageDetails);
    if (image !== undefined) return image.imageDigest;
    throw new EcrError("DescribeImages was answered without the image", { kind: "InvalidResponse" });
  };
  // A tag may move while pages are read: those of one reading are about one image.
  const subjects = new Map<string, string>();
  return listing(
    time,
    options,
    async ({ nextToken, maxResults }, scope) => {
      const imageDigest = subjects.get(nextToken ?? "") ?? (await digestOf(scope));
      const subjectId = { imageDigest };
      const input = { ...registry, repositoryName, subjectId, filter, nextToken, maxResults };
      const page = await send("ListImageReferrers", input, scope);
      if (page.nextToken !== undefined) subjects.set(page.nextToken, imageDigest);
      return { items: listed("ListImageReferrers", page.referrers), nextToken: page.nextToken };
    },
    MAX_REFERRERS,
  );
}
