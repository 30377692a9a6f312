import { imageManifest, indexManifest, sha256 } from "../../fixtures/local-registry.js";
import type { ModelManifest } from "./model.js";

/** A manifest with its text. */
export interface PoolManifest extends ModelManifest {
  readonly text: string;
}

/** What a walk draws from: few enough of each that it meets the same ones again. */
export const REPOSITORIES: readonly string[] = ["app", "team/api", "team/web"];
export const TAGS: readonly string[] = ["a", "b", "latest", "v1.0"];
export const LAYERS: ReadonlyMap<string, Uint8Array> = new Map(
  [0, 1, 2, 3].map((id) => {
    const bytes = Buffer.from(`layer ${id} `.repeat(id + 1));
    return [sha256(bytes), bytes];
  }),
);

const layer = (id: number): Uint8Array => [...LAYERS.values()][id] ?? Buffer.of();

function image(config: number, layers: readonly number[], subject?: string): PoolManifest {
  const bytes = layers.map(layer);
  const text = imageManifest(
    layer(config),
    bytes,
    subject === undefined ? {} : { subject, artifactType: "application/x" },
  );
  return { text, digest: sha256(text), layers: [layer(config), ...bytes].map(sha256), children: [], subject };
}

function index(images: readonly PoolManifest[]): PoolManifest {
  const text = indexManifest(images.map(({ digest, text: manifest }) => ({ digest, manifest })));
  return { text, digest: sha256(text), layers: [], children: images.map(({ digest }) => digest), subject: undefined };
}

const images = [image(0, [1]), image(0, [1, 2]), image(0, [2, 3]), image(1, [3])];
const [first = image(0, []), second = first, third = first] = images;
const indexes = [index([first, second]), index([third])];
const attached = [image(0, [], first.digest), image(1, [], indexes[0]?.digest)];
/** What is attached to an attachment. */
const deeper = image(2, [], attached[0]?.digest);

export const MANIFESTS: readonly PoolManifest[] = [...images, ...indexes, ...attached, deeper];
