import { parseManifest } from "../../image/manifest.js";
import { mediaTypes } from "../../image/media-types.js";
import type { ImageRecord } from "../records.js";

const IMAGE_CONFIGS: readonly (string | undefined)[] = [mediaTypes.ociConfig, mediaTypes.dockerConfig];

/** A layer that is a file system: all such media types name an archive. */
const FILE_SYSTEM = /\.tar(?:[.+]|$)/;

/**
 * The media type that keeps a manifest from being scanned, or undefined when it is an image. documented: indexes and artifacts that are not
 * images are not scanned. A signature that poses as an image by its config is told by its layers (assumed).
 */
export function unscannableType(
  { mediaType, artifactMediaType }: Pick<ImageRecord, "mediaType" | "artifactMediaType">,
  manifest: string,
): string | undefined {
  const parsed = parseManifest(manifest, mediaType);
  if (parsed.kind === "schema1") return undefined;
  if (parsed.kind === "index") return mediaType;
  if (!IMAGE_CONFIGS.includes(artifactMediaType)) return artifactMediaType;
  const foreign = parsed.layers.find((layer) => !FILE_SYSTEM.test(layer.mediaType));
  return foreign && parsed.layers.every((layer) => !FILE_SYSTEM.test(layer.mediaType)) ? foreign.mediaType : undefined;
}
