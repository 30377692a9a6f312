import type { SmallImage } from "../image.js";

/** What a repository holds. Never changed: a change makes another. */
export interface Contents {
  readonly images: ReadonlyMap<string, SmallImage>;
  /** Digests by tag. */
  readonly tags: ReadonlyMap<string, string>;
}

/** What one client knows of a repository that nobody else writes to. */
export interface Ledger {
  readonly repository: string;
  /** All that was acknowledged. */
  contents: Contents;
  /** What the repository becomes by the change that is under way. */
  pending: Contents | undefined;
  /** Blobs that were acknowledged, of images that were not. */
  readonly blobs: string[];
  acknowledged: number;
  cutOff: number;
  /** How many of those that were cut off turned out to have been done. */
  done: number;
}

export const createLedger = (repository: string): Ledger => ({
  repository,
  contents: { images: new Map(), tags: new Map() },
  pending: undefined,
  blobs: [],
  acknowledged: 0,
  cutOff: 0,
  done: 0,
});

export const withImage = ({ images, tags }: Contents, image: SmallImage, tag: string): Contents => ({
  images: new Map(images).set(image.digest, image),
  tags: new Map(tags).set(tag, image.digest),
});

export function withoutImage({ images, tags }: Contents, digest: string): Contents {
  const left = new Map(images);
  left.delete(digest);
  return { images: left, tags: new Map([...tags].filter(([, tagged]) => tagged !== digest)) };
}

/** As ListImages tells it: a line for each tag, and one for each image without any. */
export function linesOf({ images, tags }: Contents): readonly string[] {
  const tagged = new Set(tags.values());
  const untagged = [...images.keys()].filter((digest) => !tagged.has(digest));
  return [...untagged, ...[...tags].map(([tag, digest]) => `${digest} ${tag}`)].sort();
}
