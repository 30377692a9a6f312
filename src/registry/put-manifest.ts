import { type Descriptor, isForeignLayer } from "../image/descriptor.js";
import { type DigestAlgorithm, digestOf } from "../image/digest.js";
import { artifactTypeOf, type Manifest, parseManifest } from "../image/manifest.js";
import { ManifestError } from "../image/manifest-error.js";
import { countImage, maxTagsPerImage, requireRoomForImage } from "./counts.js";
import { imagePushed, type PushCause } from "./image-pushed.js";
import { isImageTag, putTag, TAG_PATTERN } from "./images.js";
import { attachLayer } from "./layers.js";
import type { ImageRecord, RepositoryRecord } from "./records.js";
import {
  imageAlreadyExists,
  imageDigestDoesNotMatch,
  imageTagAlreadyExists,
  invalidParameter,
  layersNotFound,
  limitExceeded,
  referencedImagesNotFound,
} from "./refusals.js";
import type { Target } from "./registry.js";
import { keyOf, requireRepository, type State } from "./state.js";
import { restorePushed } from "./storage-class.js";
import { immutabilityOf } from "./tag-mutability.js";

/** Half of a surrogate pair has no UTF-8 bytes: what would be hashed is not what would be given back. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A manifest that is to be stored. */
export interface ManifestPut {
  /** The manifest, whose UTF-8 bytes make its digest. */
  readonly text: string;
  readonly mediaType?: string | undefined;
  readonly tag?: string | undefined;
  /** The digest that the caller expects. */
  readonly digest?: string | undefined;
  /** What its digest is made with. @default "sha256" */
  readonly algorithm?: DigestAlgorithm | undefined;
  /** What a put that would change nothing comes to: PutImage refuses it, a push succeeds. */
  readonly unchanged: "refuse" | "accept";
  /** The same where the tag is immutable. observed: ECR refuses a push as well (containers-roadmap #2179). @default "refuse" */
  readonly sameImmutableTag?: "refuse" | "accept" | undefined;
  /** Why it comes. @default "push" */
  readonly cause?: PushCause | undefined;
}

/** A manifest that was stored. */
export interface ManifestStored {
  readonly digest: string;
  readonly mediaType: string;
  readonly subject?: string | undefined;
}

/** Stores a manifest and its tag: PutImage and the push of a manifest. The order of the checks is that of facts 3.2. */
export async function putManifest(state: State, target: Target, put: ManifestPut): Promise<ManifestStored> {
  const checked = checkManifest(put);
  return state.store.transaction(() => storeManifest(state, target, put, checked));
}

/** A manifest that is well formed, with its digest. */
interface CheckedManifest {
  readonly manifest: Manifest;
  readonly digest: string;
}

function checkManifest(put: ManifestPut): CheckedManifest {
  const { tag } = put;
  const manifest = readManifest(put);
  if (tag !== undefined && !isImageTag(tag))
    throw invalidParameter("imageTag", `must satisfy regular expression '${TAG_PATTERN}'`);
  return { manifest, digest: digestOf(put.text, put.algorithm) };
}

/** As {@link putManifest}, inside a transaction that is under way. */
export function storeManifest(
  state: State,
  target: Target,
  put: ManifestPut,
  { manifest, digest }: CheckedManifest = checkManifest(put),
): ManifestStored {
  const { tag, cause = "push" } = put;
  const repository = requireRepository(state, target);
  if (put.digest !== undefined && put.digest !== digest) throw imageDigestDoesNotMatch(put.digest, digest);
  requireLayers(state, target, manifest);
  requireChildren(state, target, manifest);
  const tagged = tag === undefined ? undefined : state.tables.tag.get(...keyOf(target), tag);
  const isSameTag = tagged === digest && put.sameImmutableTag === "accept";
  if (tag !== undefined && tagged !== undefined && !isSameTag) requireMutable(repository, target, tag);
  const known = state.tables.image.get(...keyOf(target), digest);
  // documented: a push brings an archived image back, which is a change.
  const changesNothing = known !== undefined && known.status === undefined && (tag === undefined || tagged === digest);
  if (changesNothing && put.unchanged === "refuse") throw imageAlreadyExists(target, digest, tag);
  const maxTags = maxTagsPerImage(state);
  if (tag !== undefined && tagged !== digest && known && known.tagCount >= maxTags)
    throw limitExceeded(`tags per image`, maxTags);
  // documented: signatures count as well; one that finds no room is a signing that failed. assumed: what comes back from the archive needs room.
  if (!known || known.status !== undefined) requireRoomForImage(state, target);
  if (known) pushedAgain(state, target, digest, known);
  else addImage(state, target, digest, put, manifest);
  if (tag !== undefined) putTag(state, target, tag, digest);
  const image = state.tables.image.get(...keyOf(target), digest);
  if (image) imagePushed(state, target, { digest, tag, image, cause });
  return { digest, mediaType: known?.mediaType ?? manifest.mediaType, subject: subjectOf(manifest) };
}

/** @throws {ServiceError} InvalidParameterException */
export function readManifest({ text, mediaType }: Pick<ManifestPut, "text" | "mediaType">): Manifest {
  if (LONE_SURROGATE.test(text)) throw invalidParameter("ImageManifest", "Invalid JSON syntax");
  try {
    const manifest = parseManifest(text, mediaType);
    // documented: PutImage, imageManifestMediaType. assumed text
    if (manifest.mediaTypeInferred)
      throw new ManifestError("media-type", "imageManifestMediaType is required for a manifest without a mediaType");
    return manifest;
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    // observed for bad JSON; the other texts are assumed.
    throw invalidParameter("ImageManifest", error.problem === "json" ? "Invalid JSON syntax" : error.reason);
  }
}

function requireMutable(repository: RepositoryRecord, target: Target, tag: string): void {
  const immutable = immutabilityOf(repository, tag);
  if (immutable) throw imageTagAlreadyExists(target, tag, immutable);
}

function requireLayers({ settings, tables }: State, target: Target, manifest: Manifest): void {
  if (settings.layers === "unchecked") return;
  const missing = layersOf(manifest).filter(({ digest }) => !tables.layer.has(...keyOf(target), digest));
  if (missing.length > 0) throw layersNotFound(target, [...new Set(missing.map(({ digest }) => digest))]);
}

function requireChildren({ tables }: State, target: Target, manifest: Manifest): void {
  const missing = childrenOf(manifest).filter((digest) => !tables.image.has(...keyOf(target), digest));
  if (missing.length > 0) throw referencedImagesNotFound(target, missing);
}

/** What a manifest says of a layer; schema 1 says neither size nor type. */
export type ManifestLayer = Pick<Descriptor, "digest" | "size"> & Partial<Pick<Descriptor, "mediaType">>;

/** Config and layers that the registry is to have. A layer may come twice. */
export function layersOf(manifest: Manifest): readonly ManifestLayer[] {
  switch (manifest.kind) {
    case "image":
      return [manifest.config, ...manifest.layers].filter((descriptor) => !isForeignLayer(descriptor));
    case "index":
      return [];
    case "schema1":
      return manifest.layerDigests.map((digest) => ({ digest, size: 0 }));
  }
}

export const childrenOf = (manifest: Manifest): readonly string[] =>
  manifest.kind === "index" ? [...new Set(manifest.manifests.map(({ digest }) => digest))] : [];

const subjectOf = (manifest: Manifest): string | undefined =>
  manifest.kind === "schema1" ? undefined : manifest.subject?.digest;

/** assumed: a push of an image that is already there refreshes its push time. */
function pushedAgain(state: State, target: Target, digest: string, image: ImageRecord): void {
  state.tables.image.put([...keyOf(target), digest], { ...image, pushedAtMs: state.time.now() });
  if (image.status !== undefined) restorePushed(state, target, digest);
}

function addImage(state: State, target: Target, digest: string, { text, tag }: ManifestPut, manifest: Manifest): void {
  const { tables, time } = state;
  const key = keyOf(target);
  const subject = subjectOf(manifest);
  const children = childrenOf(manifest);
  const described = new Map(layersOf(manifest).map((layer) => [layer.digest, layer.mediaType]));
  const layers = [...described].filter(([layer, mediaType]) => attachLayer(tables, target, layer, mediaType));
  const image: ImageRecord = {
    mediaType: manifest.mediaType,
    artifactMediaType: artifactTypeOf(manifest),
    sizeBytes: sizeOf(state, target, manifest),
    manifestBytes: Buffer.byteLength(text),
    pushedAtMs: time.now(),
    tagCount: 0,
    subject,
    children,
    layers: layers.map(([layer]) => layer),
  };
  tables.image.put([...key, digest], image);
  countImage(tables, target, 1);
  tables.manifest.put([...key, digest], text);
  if (tag === undefined) tables.untagged.put([...key, digest], 1);
  for (const child of children) tables.parent.put([...key, child, digest], 1);
  if (subject !== undefined && manifest.kind !== "schema1")
    tables.referrer.put([...key, subject, digest], {
      mediaType: image.mediaType,
      digest,
      size: image.manifestBytes,
      artifactType: image.artifactMediaType,
      annotations: manifest.annotations,
    });
}

/** documented: DescribeImages: config and layers, or the largest child. A layer that was never uploaded counts as its descriptor says. */
function sizeOf({ tables }: State, target: Target, manifest: Manifest): number {
  const key = keyOf(target);
  if (manifest.kind === "index")
    return childrenOf(manifest).reduce(
      (max, child) => Math.max(max, tables.image.get(...key, child)?.sizeBytes ?? 0),
      0,
    );
  return layersOf(manifest).reduce(
    (sum, { digest, size }) => sum + (tables.layer.get(...key, digest)?.sizeBytes ?? size),
    0,
  );
}
