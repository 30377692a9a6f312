import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { digestOf } from "./image-layout.js";

interface Descriptor {
  readonly digest: string;
}

/** What a manifest says an image is made of. */
export interface LayoutImage {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** The image that is tagged in an OCI layout: the exact bytes of its manifest and its blobs. */
export function readLayout(folder: string, tag: string): { manifest: string; blobs: ReadonlyMap<string, Buffer> } {
  const { manifests } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
  const tagged = (manifests as (Descriptor & { annotations: Record<string, string> })[]).find(
    ({ annotations }) => annotations["org.opencontainers.image.ref.name"] === tag,
  );
  if (tagged === undefined) throw new Error(`${folder} has no image ${tag}`);
  const manifest = readFileSync(blobPath(folder, tagged.digest), "utf8");
  const { config, layers }: LayoutImage = JSON.parse(manifest);
  const blobs = [config, ...layers].map(({ digest }) => [digest, readFileSync(blobPath(folder, digest))] as const);
  return { manifest, blobs: new Map(blobs) };
}

/** What a pull left in a folder, and what is the same however a client packs it: the config and the files' archives. */
export interface PulledImage {
  readonly manifest: string;
  readonly config: string;
  /** The digests of the layers' archives, unpacked. */
  readonly archives: readonly string[];
}

/** Reads an image out of an OCI layout, or out of a folder with every blob as a file beside `manifest.json`. */
export function readPulled(folder: string): PulledImage {
  const manifest = manifestIn(folder);
  const { config, layers }: LayoutImage = JSON.parse(manifest);
  const read = ({ digest }: Descriptor): Buffer => {
    const bytes = readFileSync(blobPath(folder, digest));
    if (digestOf(bytes) !== digest) throw new Error(`${digest} in ${folder} has the digest ${digestOf(bytes)}`);
    return bytes;
  };
  return {
    manifest,
    config: read(config).toString(),
    archives: layers.map((layer) => digestOf(unpacked(read(layer)))),
  };
}

function manifestIn(folder: string): string {
  if (!existsSync(join(folder, "index.json"))) return readFileSync(join(folder, "manifest.json"), "utf8");
  const { manifests } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
  return readFileSync(blobPath(folder, manifests[0].digest), "utf8");
}

function blobPath(folder: string, digest: string): string {
  const hex = digest.slice("sha256:".length);
  return existsSync(join(folder, "blobs")) ? join(folder, "blobs/sha256", hex) : join(folder, hex);
}

const unpacked = (bytes: Buffer): Buffer => (bytes.readUInt16BE(0) === 0x1f8b ? gunzipSync(bytes) : bytes);
