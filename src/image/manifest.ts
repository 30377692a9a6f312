import {
  type Annotations,
  type Descriptor,
  isGiven,
  type Members,
  malformed,
  readAnnotations,
  readArray,
  readDescriptor,
  readObject,
  readString,
} from "./descriptor.js";
import { isDigest } from "./digest.js";
import { ManifestError } from "./manifest-error.js";
import { type ManifestKind, manifestKindOf, mediaTypes } from "./media-types.js";
import { utf8Text } from "./utf8.js";

/** What every manifest has. */
interface ManifestBase {
  readonly mediaType: string;
  /** True when neither the document nor the caller named the media type, so that it was told from the structure. */
  readonly mediaTypeInferred: boolean;
}

/** An image or another artifact: OCI image manifest, or Docker version 2 schema 2. */
export interface ImageManifest extends ManifestBase {
  readonly kind: "image";
  readonly config: Descriptor;
  /** The lowest first. */
  readonly layers: readonly Descriptor[];
  /** The manifest that this one refers to. */
  readonly subject?: Descriptor | undefined;
  readonly artifactType?: string | undefined;
  readonly annotations?: Annotations | undefined;
}

/** Several manifests under one name, mostly one a platform: OCI image index, or Docker manifest list. */
export interface ImageIndex extends ManifestBase {
  readonly kind: "index";
  readonly manifests: readonly Descriptor[];
  /** The manifest that this one refers to. */
  readonly subject?: Descriptor | undefined;
  readonly artifactType?: string | undefined;
  readonly annotations?: Annotations | undefined;
}

/** The old Docker schema 1: recognised, not interpreted. */
export interface Schema1Manifest extends ManifestBase {
  readonly kind: "schema1";
  readonly name: string;
  readonly tag: string;
  /** The uppermost first, as in the document; a digest may come twice. */
  readonly layerDigests: readonly string[];
}

/** A manifest, by `kind`. */
export type Manifest = ImageManifest | ImageIndex | Schema1Manifest;

/** Every member that is looked at in a manifest of any kind. */
type Document = Members<
  | "schemaVersion"
  | "mediaType"
  | "config"
  | "layers"
  | "manifests"
  | "subject"
  | "artifactType"
  | "annotations"
  | "name"
  | "tag"
  | "fsLayers"
  | "signatures"
>;

/**
 * What a manifest says. The bytes stay the caller's: a manifest is never written again, for its digest is that of the exact bytes.
 * `mediaType` is what the caller was told it is, such as a Content-Type; without it the document's own member or else its structure decides.
 * Members that the formats do not know are ignored; `null` counts as absent. The size of the document is not limited here.
 *
 * @throws {ManifestError} when it is not JSON in UTF-8, its media type is not one that ECR stores or contradicts the document, or its
 * structure is not what the type demands.
 */
export function parseManifest(source: string | Uint8Array, mediaType?: string): Manifest {
  const json = parseJson(source);
  const declared = isGiven(json.mediaType) ? readString(json.mediaType, "mediaType") : undefined;
  if (mediaType !== undefined && declared !== undefined && mediaType !== declared) {
    throw new ManifestError(
      "media-type",
      `it was given as ${quote(mediaType)} but its mediaType is ${quote(declared)}`,
    );
  }
  const named = declared ?? mediaType;
  if (named !== undefined && manifestKindOf(named) === undefined) {
    throw new ManifestError("media-type", `the media type ${quote(named)} is not supported`);
  }
  const kind = kindByStructure(json);
  const type = named ?? inferMediaType(kind, json);
  if (manifestKindOf(type) !== kind) {
    throw new ManifestError("structure", `the type ${quote(type)} does not fit a document with ${MEMBER_OF[kind]}`);
  }
  return READ[kind](json, { mediaType: type, mediaTypeInferred: named === undefined });
}

function parseJson(source: string | Uint8Array): Document {
  let value: unknown;
  try {
    // What is no UTF-8 is no JSON either.
    value = JSON.parse(typeof source === "string" ? source : (utf8Text(source) ?? ""));
  } catch {
    // The parser's own message quotes the document.
    throw new ManifestError("json", "it is not JSON in UTF-8");
  }
  return readObject(value, "the document");
}

/** The member that makes a manifest what it is. */
const MEMBER_OF: Readonly<Record<ManifestKind, string>> = {
  image: "layers",
  index: "manifests",
  schema1: "fsLayers",
};

/**
 * The kind that the document's members tell. One that reads as two kinds is refused: two readers would see two different images in it.
 * documented: OCI image specification advisory GHSA-77vh-xpmg-72qh.
 */
function kindByStructure(json: Document): ManifestKind {
  const isImage = isGiven(json.layers);
  const isIndex = isGiven(json.manifests);
  const isSchema1 = isGiven(json.fsLayers);
  if (Number(isImage) + Number(isIndex) + Number(isSchema1) > 1) {
    throw new ManifestError("structure", "only one of layers, manifests and fsLayers may be there");
  }
  if (isIndex && isGiven(json.config)) {
    throw new ManifestError("structure", "a document with manifests cannot have a config");
  }
  if (isImage) return "image";
  if (isIndex) return "index";
  if (isSchema1) return "schema1";
  throw new ManifestError("structure", "it has none of layers, manifests and fsLayers");
}

/** Only the OCI formats and schema 1 may leave their media type out. */
function inferMediaType(kind: ManifestKind, json: Document): string {
  if (kind === "image") return mediaTypes.ociManifest;
  if (kind === "index") return mediaTypes.ociIndex;
  return isGiven(json.signatures) ? mediaTypes.dockerSchema1Signed : mediaTypes.dockerSchema1;
}

const READ: Readonly<Record<ManifestKind, (json: Document, base: ManifestBase) => Manifest>> = {
  image(json, base) {
    requireSchemaVersion(json, 2);
    const config = readDescriptor(json.config, "config");
    const layers = readDescriptors(json.layers, "layers");
    return { kind: "image", ...base, config, layers, ...readReferrer(json) };
  },
  index(json, base) {
    requireSchemaVersion(json, 2);
    return {
      kind: "index",
      ...base,
      manifests: readDescriptors(json.manifests, "manifests"),
      ...readReferrer(json),
    };
  },
  schema1(json, base) {
    requireSchemaVersion(json, 1);
    const name = readString(json.name, "name");
    const tag = readString(json.tag, "tag");
    const layerDigests = readArray(json.fsLayers, "fsLayers").map((item, index) => {
      const digest = readObject<"blobSum">(item, `fsLayers[${index}]`).blobSum;
      if (typeof digest !== "string" || !isDigest(digest)) {
        throw malformed(`fsLayers[${index}].blobSum`, "a digest", digest);
      }
      return digest;
    });
    return { kind: "schema1", ...base, name, tag, layerDigests };
  },
};

function requireSchemaVersion(json: Document, version: 1 | 2): void {
  const got = json.schemaVersion;
  if (got !== version) throw malformed("schemaVersion", String(version), got);
}

const readDescriptors = (value: unknown, where: string): readonly Descriptor[] =>
  readArray(value, where).map((item, index) => readDescriptor(item, `${where}[${index}]`));

/** What images and indexes say of themselves as artifacts. */
function readReferrer(json: Document): Pick<ImageIndex, "subject" | "artifactType" | "annotations"> {
  const { subject, artifactType, annotations } = json;
  return {
    ...(isGiven(subject) ? { subject: readDescriptor(subject, "subject") } : {}),
    ...(isGiven(artifactType) ? { artifactType: readString(artifactType, "artifactType") } : {}),
    ...(isGiven(annotations) ? { annotations: readAnnotations(annotations, "annotations") } : {}),
  };
}

const quote = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);

/** What kind of artifact a manifest is, as referrers list it: its artifactType, else the media type of its config. */
export function artifactTypeOf(manifest: Manifest): string | undefined {
  switch (manifest.kind) {
    case "image":
      return manifest.artifactType || manifest.config.mediaType;
    case "index":
      return manifest.artifactType;
    case "schema1":
      return undefined;
  }
}
