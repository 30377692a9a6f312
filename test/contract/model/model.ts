/**
 * ECR as simply as it can be said: maps of repositories and images, and the rules of facts 3.1 to 3.3, 3.7 and 3.8. It shares no code with the
 * registry. Every method answers what an operation should, or throws the code of the error.
 */

export interface ModelImage {
  readonly sizeBytes: number;
  readonly children: readonly string[];
  readonly subject: string | undefined;
  readonly layers: readonly string[];
  tags: Set<string>;
  status: "ACTIVE" | "ARCHIVED" | "ACTIVATING";
  pushedAtMs: number;
  pulledAtMs?: number;
  archivedAtMs?: number;
  activatedAtMs?: number;
  restoredAtMs?: number;
}

interface ModelRepository {
  mutability: "MUTABLE" | "IMMUTABLE";
  readonly images: Map<string, ModelImage>;
  readonly layers: Map<string, number>;
  readonly resourceTags: Map<string, string>;
}

/** A manifest as the model needs to know it. */
export interface ModelManifest {
  readonly digest: string;
  readonly layers: readonly string[];
  readonly children: readonly string[];
  readonly subject: string | undefined;
}

export interface ModelId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

const DAY_MS = 86_400_000;
const RESTORE_MS = 20 * 60_000;

/** Ends an operation with an error. */
export class Refusal extends Error {}
const refuse = (code: string): never => {
  throw new Refusal(code);
};

export class Model {
  readonly repositories: Map<string, ModelRepository> = new Map();
  nowMs: number;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  /** Ends a step with an error. */
  refuse(code: string): never {
    return refuse(code);
  }

  /** Lets time pass: images come back from the archive, each at its own time. */
  advance(ms: number): void {
    this.nowMs += ms;
    for (const { images } of this.repositories.values())
      for (const image of images.values())
        if (image.status === "ACTIVATING" && image.restoredAtMs !== undefined && image.restoredAtMs <= this.nowMs)
          activate(image, image.restoredAtMs);
  }

  create(name: string): void {
    if (this.repositories.has(name)) refuse("RepositoryAlreadyExistsException");
    const empty = { images: new Map(), layers: new Map(), resourceTags: new Map() };
    this.repositories.set(name, { mutability: "MUTABLE", ...empty });
  }

  delete(name: string, force: boolean): void {
    if (this.repository(name).images.size > 0 && !force) refuse("RepositoryNotEmptyException");
    this.repositories.delete(name);
  }

  repository(name: string): ModelRepository {
    return this.repositories.get(name) ?? refuse("RepositoryNotFoundException");
  }

  upload(name: string, digest: string, sizeBytes: number): void {
    const { layers } = this.repository(name);
    if (layers.has(digest)) refuse("LayerAlreadyExistsException");
    layers.set(digest, sizeBytes);
  }

  /** A layer is archived as soon as all images that use it are. */
  availability(name: string, digest: string): string {
    const { layers, images } = this.repository(name);
    if (!layers.has(digest)) return "UNAVAILABLE";
    const users = [...images.values()].filter((image) => image.layers.includes(digest));
    return users.length > 0 && users.every(({ status }) => status !== "ACTIVE") ? "ARCHIVED" : "AVAILABLE";
  }

  put(name: string, manifest: ModelManifest, tag: string | undefined, unchanged: "refuse" | "accept"): void {
    const { images, layers, mutability } = this.repository(name);
    if (!manifest.layers.every((layer) => layers.has(layer))) refuse("LayersNotFoundException");
    if (!manifest.children.every((child) => images.has(child))) refuse("ReferencedImagesNotFoundException");
    const tagged = tag === undefined ? undefined : this.tagged(name, tag);
    if (tagged !== undefined && mutability === "IMMUTABLE") refuse("ImageTagAlreadyExistsException");
    const known = images.get(manifest.digest);
    const isSame = known?.status === "ACTIVE" && (tag === undefined || tagged === manifest.digest);
    if (isSame && unchanged === "refuse") refuse("ImageAlreadyExistsException");
    if (known === undefined) images.set(manifest.digest, this.newImage(name, manifest));
    else {
      known.pushedAtMs = this.nowMs;
      if (known.status !== "ACTIVE")
        for (const each of this.following(name, manifest.digest))
          if (each.status !== "ACTIVE") activate(each, this.nowMs);
    }
    if (tag === undefined) return;
    if (tagged !== undefined) images.get(tagged)?.tags.delete(tag);
    images.get(manifest.digest)?.tags.add(tag);
  }

  private newImage(name: string, { children, subject, layers }: ModelManifest): ModelImage {
    const repository = this.repository(name);
    const sizeBytes =
      children.length > 0
        ? Math.max(...children.map((child) => repository.images.get(child)?.sizeBytes ?? 0))
        : layers.reduce((sum, layer) => sum + (repository.layers.get(layer) ?? 0), 0);
    return { sizeBytes, children, subject, layers, tags: new Set(), status: "ACTIVE", pushedAtMs: this.nowMs };
  }

  tagged(name: string, tag: string): string | undefined {
    return [...this.repository(name).images].find(([, { tags }]) => tags.has(tag))?.[0];
  }

  /** The digest that an identifier names, or the code of a failure. */
  find(name: string, { imageDigest, imageTag }: ModelId): { digest: string; image: ModelImage } | string {
    if (imageDigest === undefined && imageTag === undefined) return "MissingDigestAndTag";
    const tagged = imageTag === undefined ? undefined : this.tagged(name, imageTag);
    const digest = imageDigest ?? tagged ?? "";
    const image = this.repository(name).images.get(digest);
    if (image === undefined || (imageTag !== undefined && tagged === undefined)) return "ImageNotFound";
    return imageTag !== undefined && tagged !== digest ? "ImageTagDoesNotMatchDigest" : { digest, image };
  }

  /** Answers the digest that was pulled, or the code of a failure. */
  pull(name: string, id: ModelId): string {
    const found = this.find(name, id);
    if (typeof found === "string") return found;
    if (found.image.status !== "ACTIVE") return "ImageInaccessible";
    const { pulledAtMs } = found.image;
    if (pulledAtMs === undefined || this.nowMs - pulledAtMs >= DAY_MS) found.image.pulledAtMs = this.nowMs;
    return found.digest;
  }

  /** Answers the identifiers that are gone, as `digest tag`, or the code of a failure. */
  remove(name: string, id: ModelId): readonly string[] | string {
    const { images } = this.repository(name);
    const found = this.find(name, id);
    if (typeof found === "string") return found;
    const { digest, image } = found;
    if (id.imageTag !== undefined && image.tags.size > 1) {
      image.tags.delete(id.imageTag);
      return [`${digest} ${id.imageTag}`];
    }
    if ([...images.values()].some(({ children }) => children.includes(digest))) return "ImageReferencedByManifestList";
    images.delete(digest);
    return image.tags.size === 0 ? [`${digest} `] : [...image.tags].sort().map((tag) => `${digest} ${tag}`);
  }

  referrers(name: string, digest: string, status: string): readonly string[] {
    return [...this.repository(name).images]
      .filter(([, image]) => image.subject === digest && (status === "ANY" || image.status === status))
      .map(([each]) => each)
      .sort();
  }

  store(name: string, id: ModelId, to: "ARCHIVE" | "STANDARD"): string {
    const found = this.find(name, id);
    if (typeof found === "string")
      return refuse(
        found === "ImageNotFound" || found === "ImageTagDoesNotMatchDigest" ? "ImageNotFoundException" : found,
      );
    const { digest, image } = found;
    if (to === "STANDARD") return this.bringBack(name, digest, image);
    if (image.status === "ARCHIVED") return image.status;
    const isListed = [...this.repository(name).images.values()].some(
      ({ children, status }) => children.includes(digest) && status !== "ARCHIVED",
    );
    if (image.status === "ACTIVATING" || isListed) refuse("ImageStorageClassUpdateNotSupportedException");
    for (const each of this.following(name, digest)) {
      if (each.status !== "ACTIVE") continue;
      each.status = "ARCHIVED";
      each.archivedAtMs = this.nowMs;
    }
    return "ARCHIVED";
  }

  private bringBack(name: string, digest: string, image: ModelImage): string {
    if (image.status !== "ARCHIVED") return image.status;
    for (const each of this.following(name, digest)) {
      if (each.status !== "ARCHIVED") continue;
      each.status = "ACTIVATING";
      each.restoredAtMs = this.nowMs + RESTORE_MS;
    }
    return "ACTIVATING";
  }

  /** An image and what refers to it, over any number of steps; what an index lists goes its own way. */
  private following(name: string, digest: string): readonly ModelImage[] {
    const { images } = this.repository(name);
    const image = images.get(digest);
    if (image === undefined) return [];
    const isListed = (one: string): boolean => [...images.values()].some(({ children }) => children.includes(one));
    const referrers = [...images].filter(([one, { subject }]) => subject === digest && !isListed(one));
    return [image, ...referrers.flatMap(([one]) => this.following(name, one))];
  }
}

function activate(image: ModelImage, atMs: number): void {
  image.status = "ACTIVE";
  image.activatedAtMs = atMs;
}
