import type { ImageTagMutability } from "../protocol/ecr/enums.js";
import type { EncryptionConfiguration, ImageTagMutabilityExclusionFilter, Tag } from "../protocol/ecr/repositories.js";
import type { Referrer } from "./registry.js";
import type { Store } from "./store.js";
import { type Table, table } from "./table.js";

/** A repository as it is kept; its registry and its name are its key. */
export interface RepositoryRecord {
  readonly createdAtMs: number;
  readonly tagMutability: ImageTagMutability;
  readonly tagMutabilityFilters?: readonly ImageTagMutabilityExclusionFilter[] | undefined;
  readonly scanOnPush: boolean;
  readonly encryption: EncryptionConfiguration;
  readonly resourceTags: readonly Tag[];
}

/** An image as it is kept, its manifest apart so that a listing does not read it. */
export interface ImageRecord {
  readonly mediaType: string;
  readonly artifactMediaType?: string | undefined;
  /** Of config and layers, or of the largest child. */
  readonly sizeBytes: number;
  readonly manifestBytes: number;
  readonly pushedAtMs: number;
  readonly pulledAtMs?: number | undefined;
  readonly tagCount: number;
  /** The digest that it refers to. */
  readonly subject?: string | undefined;
  /** Digests of the manifests that it lists. */
  readonly children: readonly string[];
  /** Digests of its config and layers, those that the repository has. */
  readonly layers: readonly string[];
}

/** A layer that a repository has; the media type is known once an image uses it. */
interface LayerRecord {
  readonly sizeBytes: number;
  readonly mediaType?: string | undefined;
  /** Images of the repository that use it. */
  readonly imageCount: number;
}

/** The value of an entry whose key says everything. */
type Mark = 1;

/**
 * All that a registry keeps. Every key starts with account and region; what follows is listed here. The tables beside `repository`,
 * `image`, `manifest`, `tag` and `layer` are indexes: they let every operation read what it answers and nothing else.
 */
export interface Tables {
  /** repository */
  readonly repository: Table<RepositoryRecord>;
  /** repository, digest */
  readonly image: Table<ImageRecord>;
  /** repository, digest: the manifest's text, whose UTF-8 bytes are the ones that were pushed. */
  readonly manifest: Table<string>;
  /** repository, tag: the digest it points to. */
  readonly tag: Table<string>;
  /** repository, digest, tag */
  readonly imageTag: Table<Mark>;
  /** repository, digest: images without a tag. */
  readonly untagged: Table<Mark>;
  /** repository, child's digest, parent's digest */
  readonly parent: Table<Mark>;
  /** repository, subject's digest, digest */
  readonly referrer: Table<Referrer>;
  /** repository, digest */
  readonly layer: Table<LayerRecord>;
  /** Blob's digest, account, region, repository (this one starts with the digest): the repositories that have a blob as a layer. */
  readonly blobRepository: Table<Mark>;
}

/** The tables of a registry over `store`. */
export const openTables = (store: Store): Tables => ({
  repository: table(store, "repository"),
  image: table(store, "image"),
  manifest: table(store, "manifest"),
  tag: table(store, "tag"),
  imageTag: table(store, "image-tag"),
  untagged: table(store, "untagged"),
  parent: table(store, "parent"),
  referrer: table(store, "referrer"),
  layer: table(store, "layer"),
  blobRepository: table(store, "blob-repository"),
});
