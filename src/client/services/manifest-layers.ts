import type { Descriptor } from "../../image/descriptor.js";
import type { ImageIndex, ImageManifest } from "../../image/manifest.js";
import type { Platform } from "../../image/platform.js";
import type { ImageFailure } from "../../protocol/ecr/images.js";
import type { CallScope } from "../call-scope.js";
import type { ServiceContext } from "../service-context.js";
import { getImages } from "./get-images.js";
import { isIndex } from "./manifest-platforms.js";
import { type StoredManifest, storedManifest } from "./stored-manifest.js";

/** One image and what it is made of. */
export interface ImageLayers {
  readonly digest: string;
  readonly mediaType: string;
  /** What the index says that it is for; absent in an image that was asked for by itself. */
  readonly platform?: Platform | undefined;
  readonly config: Descriptor;
  /** The lowest first. */
  readonly layers: readonly Descriptor[];
  /** Config and layers, as they are stored; what ECR counts as an image's size. */
  readonly sizeBytes: number;
}

/** What a manifest is made of. */
export interface ManifestLayers {
  readonly digest: string;
  readonly mediaType: string;
  /** The image, or of an index each of its images, in its order. */
  readonly images: readonly ImageLayers[];
  /** All of them together, a blob that several share counted once. */
  readonly sizeBytes: number;
  /** Images of an index that could not be had, and why. */
  readonly failures: readonly ImageFailure[];
}

/** The layers of an image, or of every image of an index. */
export async function layersOf(
  context: ServiceContext,
  found: StoredManifest,
  scope: CallScope,
): Promise<ManifestLayers> {
  const { digest, mediaType } = found;
  const failures: ImageFailure[] = [];
  const images = isIndex(found)
    ? await imagesOf(context, found, failures, scope)
    : isImage(found)
      ? [madeOf(found, undefined)]
      : [];
  const blobs = new Map(
    images.flatMap(({ config, layers }) => [config, ...layers]).map((one) => [one.digest, one.size]),
  );
  return { digest, mediaType, images, sizeBytes: sum([...blobs.values()]), failures };
}

const isImage = (found: StoredManifest): found is StoredManifest<ImageManifest> => found.manifest.kind === "image";

async function imagesOf(
  context: ServiceContext,
  { repositoryName, manifest }: StoredManifest<ImageIndex>,
  failures: ImageFailure[],
  scope: CallScope,
): Promise<readonly ImageLayers[]> {
  const ids = manifest.manifests.map(({ digest }) => ({ imageDigest: digest }));
  const batch = await getImages(context, repositoryName, ids, scope);
  failures.push(...batch.failures);
  const byDigest = new Map(batch.images.map((image) => [image.imageId.imageDigest, storedManifest(image)]));
  const parts = manifest.manifests.map(async ({ digest, platform }): Promise<readonly ImageLayers[]> => {
    const child = byDigest.get(digest);
    if (child === undefined) return [];
    if (isIndex(child)) return imagesOf(context, child, failures, scope);
    return isImage(child) ? [madeOf(child, platform)] : [];
  });
  return (await Promise.all(parts)).flat();
}

function madeOf(
  { digest, mediaType, manifest: { config, layers } }: StoredManifest<ImageManifest>,
  platform: Platform | undefined,
): ImageLayers {
  const sizeBytes = sum([config, ...layers].map(({ size }) => size));
  return { digest, mediaType, ...(platform !== undefined && { platform }), config, layers, sizeBytes };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
