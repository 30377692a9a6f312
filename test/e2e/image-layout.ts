import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tar } from "./tar.js";

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface BuiltImage {
  /** The exact bytes of the manifest. */
  readonly manifest: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly blobs: ReadonlyMap<string, Buffer>;
  /** What DescribeImages calls its size: the bytes of config and layers as they are stored. */
  readonly sizeBytes: number;
}

const docker = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
} as const;
const oci = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
} as const;
const ociIndex = "application/vnd.oci.image.index.v1+json";

export const digestOf = (bytes: Uint8Array | string): string =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A small image of several real tar layers, made in memory. */
export function buildImage(format: "docker" | "oci", architecture: string, layerCount: number): BuiltImage {
  const types = format === "docker" ? docker : oci;
  const blobs = new Map<string, Buffer>();
  const add = (mediaType: string, bytes: Buffer): Descriptor => {
    blobs.set(digestOf(bytes), bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const archives = Array.from({ length: layerCount }, (_, layer) =>
    tar({ [`layer-${layer}.txt`]: Buffer.from(`${architecture}: layer ${layer}\n`.repeat(20_000 * (layer + 1))) }),
  );
  const layers = archives.map((archive) => add(types.layer, gzipSync(archive)));
  const config = add(
    types.config,
    Buffer.from(
      JSON.stringify({
        architecture,
        os: "linux",
        config: { Cmd: ["/bin/true"] },
        rootfs: { type: "layers", diff_ids: archives.map(digestOf) },
      }),
    ),
  );
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: types.manifest, config, layers }, null, 3);
  const sizeBytes = layers.reduce((sum, layer) => sum + layer.size, config.size);
  const digest = digestOf(manifest);
  return { manifest, digest, mediaType: types.manifest, blobs, sizeBytes };
}

/** Writes an image as skopeo's `dir:`: the manifest and every blob as files of one folder. */
export function writeDir(folder: string, image: BuiltImage): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "version"), "Directory Transport Version: 1.1\n");
  writeFileSync(join(folder, "manifest.json"), image.manifest);
  for (const [digest, bytes] of image.blobs) writeFileSync(join(folder, digest.slice("sha256:".length)), bytes);
}

/** Writes an image as an OCI layout under a tag. */
export function writeImageLayout(folder: string, tag: string, image: BuiltImage): void {
  writeBlobs(folder, [image.manifest, ...image.blobs.values()]);
  writeIndex(folder, tag, image);
}

/** Writes images as an OCI layout with one multi-architecture index, tagged, and gives the index's exact bytes. */
export function writeLayout(folder: string, tag: string, images: Readonly<Record<string, BuiltImage>>): string {
  const index = indexOf(images);
  const parts = Object.values(images).flatMap(({ manifest, blobs }) => [manifest, ...blobs.values()]);
  writeBlobs(folder, [index, ...parts]);
  writeIndex(folder, tag, { manifest: index, digest: digestOf(index), mediaType: ociIndex });
  return index;
}

/** The bytes of a multi-architecture index over images. */
export function indexOf(images: Readonly<Record<string, BuiltImage>>): string {
  const manifests = Object.entries(images).map(([architecture, { digest, mediaType, manifest }]) => ({
    ...{ mediaType, digest, size: Buffer.byteLength(manifest) },
    platform: { architecture, os: "linux" },
  }));
  return JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests });
}

function writeBlobs(folder: string, blobs: readonly (Uint8Array | string)[]): void {
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  for (const bytes of blobs)
    writeFileSync(join(folder, "blobs/sha256", digestOf(bytes).slice("sha256:".length)), bytes);
}

function writeIndex(
  folder: string,
  tag: string,
  { manifest, digest, mediaType }: Pick<BuiltImage, "manifest" | "digest" | "mediaType">,
): void {
  const annotations = { "org.opencontainers.image.ref.name": tag };
  const entry = { mediaType, digest, size: Buffer.byteLength(manifest), annotations };
  writeFileSync(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
}
