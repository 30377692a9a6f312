import { isDigest } from "./digest.js";
import { ManifestError } from "./manifest-error.js";
import { mediaTypes } from "./media-types.js";
import type { Platform } from "./platform.js";

/** What a manifest says of something it refers to: a config, a layer, a manifest. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  /** Where the content may also be fetched from. */
  readonly urls?: readonly string[] | undefined;
  readonly annotations?: Annotations | undefined;
  /** The content itself, base64. */
  readonly data?: string | undefined;
  readonly artifactType?: string | undefined;
  /** Set in an index only. As the document says it, not normalised. */
  readonly platform?: Platform | undefined;
}

/** Free text by name. */
export type Annotations = Readonly<Record<string, string>>;

/** A JSON object by the members that are looked at, none of them checked yet. */
export type Members<Names extends string> = { readonly [Name in Names]?: unknown };

const FOREIGN_LAYERS: ReadonlySet<string> = new Set([
  mediaTypes.dockerForeignLayer,
  mediaTypes.ociForeignLayer,
  mediaTypes.ociForeignLayerGzip,
  mediaTypes.ociForeignLayerZstd,
]);

/** Whether a layer may live outside the registry, because of its type or because it says from where to fetch it. assumed: ECR does not ask for such layers. */
export const isForeignLayer = ({ mediaType, urls }: Descriptor): boolean =>
  FOREIGN_LAYERS.has(mediaType) || (urls !== undefined && urls.length > 0);

/** A descriptor out of JSON. `where` is its place in the document, for the message. @throws {ManifestError} when it is malformed */
export function readDescriptor(value: unknown, where: string): Descriptor {
  const json = readObject<keyof Descriptor>(value, where);
  const { mediaType, digest, size, urls, annotations, data, artifactType, platform } = json;
  if (typeof mediaType !== "string" || mediaType === "") {
    throw malformed(`${where}.mediaType`, "a media type", mediaType);
  }
  if (typeof digest !== "string" || !isDigest(digest)) throw malformed(`${where}.digest`, "a digest", digest);
  if (!Number.isSafeInteger(size) || (size as number) < 0) {
    throw malformed(`${where}.size`, "an integer from 0 up", size);
  }
  const descriptor: Writable<Descriptor> = { mediaType, digest, size: size as number };
  if (isGiven(urls)) descriptor.urls = readStrings(urls, `${where}.urls`);
  if (isGiven(annotations)) descriptor.annotations = readAnnotations(annotations, `${where}.annotations`);
  if (isGiven(data)) descriptor.data = readString(data, `${where}.data`);
  if (isGiven(artifactType)) descriptor.artifactType = readString(artifactType, `${where}.artifactType`);
  if (isGiven(platform)) descriptor.platform = readPlatform(platform, `${where}.platform`);
  return descriptor;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function readPlatform(value: unknown, where: string): Platform {
  const json = readObject<"os" | "architecture" | "variant" | "os.version" | "os.features">(value, where);
  const { os, architecture, variant, "os.version": osVersion, "os.features": osFeatures } = json;
  const platform: Writable<Platform> = {
    os: readString(os, `${where}.os`),
    architecture: readString(architecture, `${where}.architecture`),
  };
  if (isGiven(variant)) platform.variant = readString(variant, `${where}.variant`);
  if (isGiven(osVersion)) platform.osVersion = readString(osVersion, `${where}["os.version"]`);
  if (isGiven(osFeatures)) platform.osFeatures = readStrings(osFeatures, `${where}["os.features"]`);
  return platform;
}

/** Whether a member is there. `null` is how Go writes one that is not. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

export function readObject<Names extends string>(value: unknown, where: string): Members<Names> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(where, "an object", value);
  return value;
}

export function readArray(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(where, "an array", value);
  return value;
}

export function readString(value: unknown, where: string): string {
  if (typeof value !== "string") throw malformed(where, "a string", value);
  return value;
}

const readStrings = (value: unknown, where: string): readonly string[] =>
  readArray(value, where).map((item, index) => readString(item, `${where}[${index}]`));

export function readAnnotations(value: unknown, where: string): Annotations {
  const json = readObject<string>(value, where);
  for (const name of Object.keys(json)) readString(json[name], `${where}[${JSON.stringify(name)}]`);
  return json as Annotations;
}

/** The error for a member that is not what it must be. Of the value it shows a few characters at most. */
export function malformed(where: string, expected: string, got: unknown): ManifestError {
  return new ManifestError("structure", `${where} must be ${expected}, got ${describe(got)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
