import type { ImageTagMutability } from "../protocol/ecr/enums.js";
import type { ReplicationConfiguration } from "../protocol/ecr/replication.js";
import type { EncryptionConfiguration, ImageTagMutabilityExclusionFilter, Tag } from "../protocol/ecr/repositories.js";
import type { SigningConfiguration } from "../protocol/ecr/signing.js";
import type { RegistryEvent } from "./events.js";
import type { Job } from "./jobs.js";
import type {
  LifecycleImageAction,
  LifecyclePolicyRecord,
  LifecyclePreviewRecord,
} from "./lifecycle/lifecycle-records.js";
import type { CatalogDataRecord, PublicRegistryRecord } from "./public/public-records.js";
import type { CachedTagRecord, PullThroughRuleRecord } from "./pull-through/pull-through-records.js";
import type { Referrer } from "./registry.js";
import type { BackfillItem, BackfillRecord, ReplicationRecord } from "./replication/replication-records.js";
import type { Finding } from "./scanning/finding.js";
import type { FindingRecord, RegistryScanningRecord, ScanRecord } from "./scanning/scanning-records.js";
import type { ExclusionRecord, TemplateRecord } from "./settings/template-records.js";
import type { SigningRecord } from "./signing/signing-records.js";
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
  /** Absent while the image is ACTIVE, which nearly every image is. */
  readonly status?: "ARCHIVED" | "ACTIVATING" | undefined;
  readonly archivedAtMs?: number | undefined;
  readonly activatedAtMs?: number | undefined;
  /** The digest that it refers to. */
  readonly subject?: string | undefined;
  /** Digests of the manifests that it lists. */
  readonly children: readonly string[];
  /** Digests of its config and layers, those that the repository has. */
  readonly layers: readonly string[];
}

/** A layer that a repository has; the media type is known once an image uses it. */
export interface LayerRecord {
  readonly sizeBytes: number;
  readonly mediaType?: string | undefined;
  /** Images of the repository that use it. */
  readonly imageCount: number;
  /** How many of them are not active; absent while none ever was. */
  readonly archivedCount?: number | undefined;
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
  /** repository, digest, tag: when it was put there, in epoch milliseconds. */
  readonly imageTag: Table<number>;
  /** repository, digest: images without a tag. */
  readonly untagged: Table<Mark>;
  /** repository, child's digest, parent's digest */
  readonly parent: Table<Mark>;
  /** repository, subject's digest, digest */
  readonly referrer: Table<Referrer>;
  /** repository, digest */
  readonly layer: Table<LayerRecord>;
  /** repository, digest: layers that no image uses, and how often they have been found so. */
  readonly unusedLayer: Table<0 | 1>;
  /** Nothing follows account and region: registries whose unused layers will be looked through. */
  readonly layerCollection: Table<Mark>;
  /** Blob's digest, account, region, repository (this one starts with the digest): the repositories that have a blob as a layer. */
  readonly blobRepository: Table<Mark>;
  /** repository */
  readonly lifecyclePolicy: Table<LifecyclePolicyRecord>;
  /** repository: its last preview. */
  readonly lifecyclePreview: Table<LifecyclePreviewRecord>;
  /** repository, place in the result as text that sorts */
  readonly lifecyclePreviewResult: Table<LifecycleImageAction>;
  /** Nothing follows account and region: registries that have a lifecycle run ahead. */
  readonly lifecycleRun: Table<Mark>;
  /** The registry policy's text; nothing follows account and region. */
  readonly registryPolicy: Table<string>;
  /** Nothing follows account and region. */
  readonly replicationConfiguration: Table<ReplicationConfiguration>;
  /** repository, digest, destination's region, destination's account */
  readonly replication: Table<ReplicationRecord>;
  /** backfill's id */
  readonly backfill: Table<BackfillRecord>;
  /** backfill's id, sequence as text that sorts */
  readonly backfillItem: Table<BackfillItem>;
  /** prefix */
  readonly pullThroughRule: Table<PullThroughRuleRecord>;
  /** repository: those that a pull-through cache rule has brought images into. */
  readonly cachedRepository: Table<Mark>;
  /** repository, tag */
  readonly cachedTag: Table<CachedTagRecord>;
  /** prefix */
  readonly creationTemplate: Table<TemplateRecord>;
  /** name: its value, when it was ever set. */
  readonly accountSetting: Table<string>;
  /** principal's ARN */
  readonly pullTimeExclusion: Table<ExclusionRecord>;
  /** Nothing follows account and region. */
  readonly signingConfiguration: Table<SigningConfiguration>;
  /** repository, digest, signing profile's ARN */
  readonly signing: Table<SigningRecord>;
  /** Nothing follows account and region. */
  readonly publicRegistry: Table<PublicRegistryRecord>;
  /** Alias: the account whose public registry it names (this one starts with the alias). */
  readonly publicAlias: Table<string>;
  /** repository */
  readonly catalogData: Table<CatalogDataRecord>;
  /** repository: the text of its policy, as it is given back. */
  readonly repositoryPolicy: Table<string>;
  /** Nothing follows account and region. */
  readonly registryScanning: Table<RegistryScanningRecord>;
  /** repository, digest, type of scan: its last scan. */
  readonly scan: Table<ScanRecord>;
  /** repository, digest, type of scan, place as text that sorts: what that scan has found. */
  readonly finding: Table<FindingRecord>;
  /** time as text that sorts, repository, digest: basic scans that count towards the registry's quota. */
  readonly recentScan: Table<Mark>;
  /** Digest (this one starts with it): what a loaded report found. */
  readonly scanReport: Table<readonly Finding[]>;
  /** Time and sequence, as text that sorts: work that is due later (this one starts with the time). */
  readonly job: Table<Job>;
  /** Place in a ring, as text that sorts: what happened last (this one starts with the place). */
  readonly event: Table<RegistryEvent>;
  /** Name, and what is counted: how many there are, or the last number that was given out (this one starts with the name). */
  readonly counter: Table<number>;
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
  unusedLayer: table(store, "unused-layer"),
  layerCollection: table(store, "layer-collection"),
  blobRepository: table(store, "blob-repository"),
  lifecyclePolicy: table(store, "lifecycle-policy"),
  lifecyclePreview: table(store, "lifecycle-preview"),
  lifecyclePreviewResult: table(store, "lifecycle-preview-result"),
  lifecycleRun: table(store, "lifecycle-run"),
  registryPolicy: table(store, "registry-policy"),
  replicationConfiguration: table(store, "replication-configuration"),
  replication: table(store, "replication"),
  backfill: table(store, "backfill"),
  backfillItem: table(store, "backfill-item"),
  pullThroughRule: table(store, "pull-through-rule"),
  cachedRepository: table(store, "cached-repository"),
  cachedTag: table(store, "cached-tag"),
  creationTemplate: table(store, "creation-template"),
  accountSetting: table(store, "account-setting"),
  pullTimeExclusion: table(store, "pull-time-exclusion"),
  signingConfiguration: table(store, "signing-configuration"),
  signing: table(store, "signing"),
  publicRegistry: table(store, "public-registry"),
  publicAlias: table(store, "public-alias"),
  catalogData: table(store, "catalog-data"),
  repositoryPolicy: table(store, "repository-policy"),
  registryScanning: table(store, "registry-scanning"),
  scan: table(store, "scan"),
  finding: table(store, "finding"),
  recentScan: table(store, "recent-scan"),
  scanReport: table(store, "scan-report"),
  job: table(store, "job"),
  event: table(store, "event"),
  counter: table(store, "counter"),
});
