import type { Command } from "commander";
import { EcrError, isEcrError } from "../../errors.js";
import type { Descriptor } from "../../image/descriptor.js";
import { type ImageIndex, type ImageManifest, type Manifest, parseManifest } from "../../image/manifest.js";
import { formatPlatform, matchPlatform, type Platform, parsePlatform } from "../../image/platform.js";
import { formatImageReference } from "../../image/reference.js";
import { UsageError } from "../exit-code.js";
import { type ImageArgument, parseImageArgument } from "../image-argument.js";
import { fetchConfig } from "../image-config.js";
import { drawImage, type InspectedChild, type InspectedImage } from "../image-report.js";
import { type ConnectionFlags, connectionFlags, type Session, withSession } from "../session.js";
import type { Terminal } from "../terminal.js";

interface InspectFlags extends ConnectionFlags {
  readonly platform?: string;
}

const HELP = `
An image of several platforms is shown with all of them; --platform shows one in full.
ECR counts reading a manifest as a pull.

Examples:
  ecrkit inspect team/app:v1.4.2
  ecrkit inspect team/app:v1.4.2 --platform linux/arm64 --output json
  ecrkit inspect 123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app:v1.4.2`;

/** `ecrkit inspect`: what an image is made of. */
export function declareInspect(command: Command, terminal: Terminal): void {
  connectionFlags(command)
    .description("Shows an image's manifest: its platforms or layers with their sizes, and its configuration.")
    .argument("<image>", "repository[:tag][@digest], or its whole URI; the tag is latest when left out")
    .option("--platform <os/architecture>", "one image of an index, such as linux/arm64")
    .addHelpText("after", HELP)
    .action((text: string, flags: InspectFlags) => {
      const image = parseImageArgument(text);
      const platform = flags.platform === undefined ? undefined : platformOf(flags.platform);
      return withSession(flags, terminal, image.place, async (session) => {
        const inspected = await inspect(session, image, platform);
        session.output.one(inspected, (paper) => drawImage(inspected, paper));
      });
    });
}

function platformOf(text: string): Platform {
  const platform = parsePlatform(text);
  if (platform === undefined)
    throw new UsageError(`"${text}" is no platform: a platform is os/architecture[/variant], such as linux/arm64`);
  return platform;
}

/** The image that was asked for, or out of an index the one for `platform`. */
async function inspect(session: Session, image: ImageArgument, platform?: Platform): Promise<InspectedImage> {
  const { repositoryName, imageId } = image;
  const found = await session.ecr.images.get(repositoryName, imageId, { signal: session.signal });
  const manifest = parseManifest(found.imageManifest, found.imageManifestMediaType);
  const base = {
    repositoryName,
    ...(found.imageId.imageTag === undefined ? {} : { tag: found.imageId.imageTag }),
    digest: found.imageId.imageDigest ?? "",
    mediaType: manifest.mediaType,
    manifest: JSON.parse(found.imageManifest) as unknown,
  };
  if (manifest.kind !== "index" && platform !== undefined)
    throw new UsageError(`${nameOf(image)} is not an index of platforms: leave --platform out`);
  if (manifest.kind === "schema1") return base;
  if (manifest.kind === "image") return { ...base, ...(await contentsOf(session, repositoryName, manifest)) };
  if (platform === undefined) return { ...base, children: await childrenOf(session, repositoryName, manifest) };
  const child = childFor(platform, manifest, nameOf(image));
  return inspect(session, { ...image, imageId: { imageDigest: child.digest } });
}

async function contentsOf(
  session: Session,
  repositoryName: string,
  { config, layers }: ImageManifest,
): Promise<Pick<InspectedImage, "layers" | "sizeInBytes" | "config" | "configMissing">> {
  const contents = { layers, sizeInBytes: sizeOf(config, layers) };
  try {
    const read = await fetchConfig(session, repositoryName, config);
    return { ...contents, ...(read === undefined ? {} : { config: read }) };
  } catch (error) {
    // The manifest is worth showing without it: the right to download layers is another one than that to read manifests.
    if (session.signal.aborted || !isEcrError(error)) throw error;
    return { ...contents, configMissing: error.message };
  }
}

async function childrenOf(
  { ecr, signal }: Session,
  repositoryName: string,
  { manifests }: ImageIndex,
): Promise<readonly InspectedChild[]> {
  const ids = [...new Set(manifests.map(({ digest }) => digest))].map((imageDigest) => ({ imageDigest }));
  const { images } = await ecr.images.batchGet(repositoryName, ids, { signal });
  const byDigest = new Map<string, Manifest>(
    images.map((image) => [
      image.imageId.imageDigest ?? "",
      parseManifest(image.imageManifest, image.imageManifestMediaType),
    ]),
  );
  return manifests.map((descriptor) => {
    const child = byDigest.get(descriptor.digest);
    return {
      ...(descriptor.platform === undefined ? {} : { platform: formatPlatform(descriptor.platform) }),
      digest: descriptor.digest,
      mediaType: descriptor.mediaType,
      ...(child?.kind === "image"
        ? { layerCount: child.layers.length, sizeInBytes: sizeOf(child.config, child.layers) }
        : {}),
    };
  });
}

/** What ECR counts as an image's size: its configuration and its layers. documented: API reference, `imageSizeInBytes`. */
const sizeOf = (config: Descriptor, layers: readonly Descriptor[]): number =>
  layers.reduce((sum, { size }) => sum + size, config.size);

function childFor(platform: Platform, { manifests }: ImageIndex, image: string): Descriptor {
  const offered = manifests.flatMap((descriptor) =>
    descriptor.platform === undefined ? [] : [{ ...descriptor.platform, descriptor }],
  );
  const match = matchPlatform(platform, offered);
  if (match !== undefined) return match.descriptor;
  throw new EcrError(
    `${image} has no image for ${formatPlatform(platform)}: it has ${offered.map((one) => formatPlatform(one)).join(", ") || "no platforms"}`,
    { kind: "PlatformNotFound" },
  );
}

const nameOf = ({ repositoryName, imageId }: ImageArgument): string =>
  formatImageReference({ repository: repositoryName, tag: imageId.imageTag, digest: imageId.imageDigest });
