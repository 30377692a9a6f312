import { EcrError } from "../../errors.js";
import type { Descriptor } from "../../image/descriptor.js";
import type { ImageIndex, ImageManifest, Schema1Manifest } from "../../image/manifest.js";
import { formatPlatform, matchPlatform, type Platform, parsePlatform } from "../../image/platform.js";
import type { CallScope } from "../call-scope.js";
import type { ServiceContext } from "../service-context.js";
import { shown } from "../shown.js";
import { getImage } from "./put-tag.js";
import { type StoredManifest, storedManifest, subjectOf } from "./stored-manifest.js";

/** A platform as it is given: `linux/arm64`, or its parts. */
export type PlatformArgument = string | Platform;

/** Refuses what is no platform. */
export function platformOf(platform: PlatformArgument): Platform {
  const parsed = typeof platform === "string" ? parsePlatform(platform) : platform;
  if (typeof parsed === "object" && parsed !== null && isText(parsed.os) && isText(parsed.architecture)) return parsed;
  throw new EcrError(`platform must be os/architecture[/variant] such as linux/arm64, got ${shown(platform)}`, {
    kind: "InvalidParameter",
  });
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

/** A manifest that is one image. */
export type SingleImage = StoredManifest<ImageManifest | Schema1Manifest>;

/**
 * The image for a platform out of an index, however many indexes lie between.
 *
 * @throws {EcrError} kind `PlatformNotFound`, naming the platforms that there are
 */
export async function imageForPlatform(
  context: ServiceContext,
  index: StoredManifest<ImageIndex>,
  wanted: Platform,
  scope: CallScope,
): Promise<SingleImage> {
  const offered = platformsOf(index.manifest);
  const match = matchPlatform(
    wanted,
    offered.map(({ platform, digest }) => ({ ...platform, digest })),
  );
  if (match === undefined) {
    const platforms = offered.map(({ platform }) => platform);
    throw platformNotFound(wanted, platforms, subjectOf(index));
  }
  const image = await getImage(context, index.repositoryName, { imageDigest: match.digest }, scope);
  const found = storedManifest(image);
  if (isSingle(found)) return found;
  return imageForPlatform(context, found as StoredManifest<ImageIndex>, wanted, scope);
}

/** Whether a manifest is one image. */
export const isSingle = (found: StoredManifest): found is SingleImage => found.manifest.kind !== "index";

/** Whether a manifest is an index. */
export const isIndex = (found: StoredManifest): found is StoredManifest<ImageIndex> => found.manifest.kind === "index";

/** What an index lists with a platform. */
export const platformsOf = ({ manifests }: ImageIndex): readonly (Descriptor & { readonly platform: Platform })[] =>
  manifests.filter((one): one is Descriptor & { readonly platform: Platform } => one.platform !== undefined);

/** The error for a platform that an image is not there for. */
export function platformNotFound(wanted: Platform, offered: readonly Platform[], subject: string): EcrError {
  const names = [...new Set(offered.map(formatPlatform))].join(", ");
  return new EcrError(`${subject} has no image for ${formatPlatform(wanted)}: it has ${names || "no platforms"}`, {
    kind: "PlatformNotFound",
  });
}
