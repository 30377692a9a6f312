import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { digestOf } from "../../image/digest.js";
import type { Platform } from "../../image/platform.js";
import { tarOf } from "./tar.js";

/** Bytes with their digest and what they are. */
export interface Content {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** A manifest with the blobs that must be there before it. */
export interface MadeImage {
  readonly blobs: readonly Content[];
  readonly manifest: string;
}

export const OCI = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  empty: "application/vnd.oci.empty.v1+json",
} as const;

/** What an image is made from: the same makes the same bytes. */
export interface Recipe {
  readonly repository: string;
  /** Sets it apart from the other images of its repository. */
  readonly name: string;
  readonly platform: Platform;
  readonly layerBytes: readonly number[];
  readonly createdAtMs: number;
}

/** An image of one platform whose layers are archives that can be unpacked. The first layer, its base, is the same for all of a repository. */
export function makeImage({ repository, name, platform, layerBytes, createdAtMs }: Recipe): MadeImage {
  const { os, architecture, variant } = platform;
  const layers = layerBytes.map((sizeBytes, at) => {
    const of = at === 0 ? `${repository} base` : `${repository} ${name} ${at}`;
    const tar = tarOf(at === 0 ? "usr/lib/base" : `app/part-${at}`, filling(`${of} ${architecture}`, sizeBytes));
    // Not compressed, so that the bytes do not depend on a version of zlib.
    return { tar, content: { mediaType: OCI.layer, bytes: gzipSync(tar, { level: 0 }) } };
  });
  const created = new Date(createdAtMs).toISOString();
  const config = json(OCI.config, {
    created,
    architecture,
    os,
    variant,
    config: { Entrypoint: ["/app/part-1"], Labels: { "org.opencontainers.image.version": name } },
    rootfs: { type: "layers", diff_ids: layers.map(({ tar }) => digestOf(tar)) },
    history: layers.map((_, at) => ({ created, created_by: at === 0 ? "base" : `COPY part-${at} /app/` })),
  });
  const manifest = manifestOf({
    config: descriptorOf(config),
    layers: layers.map(({ content }) => descriptorOf(content)),
  });
  return { blobs: [config, ...layers.map(({ content }) => content)], manifest };
}

/** An index of images of several platforms. */
export const makeIndex = (images: readonly { readonly platform: Platform; readonly manifest: string }[]): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI.index,
    manifests: images.map(({ platform, manifest }) => ({
      ...descriptorOf({ mediaType: OCI.manifest, bytes: Buffer.from(manifest) }),
      platform,
    })),
  });

/** An artifact that refers to another manifest. */
export function makeAttachment(artifactType: string, subject: Content): MadeImage {
  const empty = { mediaType: OCI.empty, bytes: Buffer.from("{}") };
  const { digest } = descriptorOf(subject);
  const body = json(artifactType, { about: digest });
  const manifest = manifestOf({
    artifactType,
    config: descriptorOf(empty),
    layers: [descriptorOf(body)],
    subject: descriptorOf(subject),
  });
  return { blobs: [empty, body], manifest };
}

const manifestOf = (members: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: OCI.manifest, ...members });

const descriptorOf = ({ mediaType, bytes }: Content) => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.byteLength,
});

const json = (mediaType: string, value: unknown): Content => ({ mediaType, bytes: Buffer.from(JSON.stringify(value)) });

/** Bytes that follow from a text and look like none: as a compiled program would. */
function filling(of: string, sizeBytes: number): Uint8Array {
  const blocks: Buffer[] = [];
  for (let at = 0; at * 64 < sizeBytes; at++) blocks.push(createHash("sha512").update(`${of} ${at}`).digest());
  return Buffer.concat(blocks).subarray(0, sizeBytes);
}
