import type { Descriptor } from "../../image/descriptor.js";
import type { CallScope } from "../call-scope.js";
import { type BlobName, blobSize, readBlob } from "./blobs.js";
import {
  headManifest,
  type ManifestHead,
  type ManifestName,
  type RegistryManifest,
  readManifest,
  writeManifest,
} from "./manifests.js";
import { type ReferrersOf, readReferrers } from "./referrers.js";
import type { RegistryConnection } from "./registry-connection.js";
import { type BlobSource, mountBlob, putBlob, type UploadOptions } from "./uploads.js";

/**
 * One registry by its own `/v2/`, as docker and its like speak to it. Repository names, tags and digests have been looked at before they
 * come here. Everything it throws is an `EcrError`.
 */
export interface Distribution {
  /** A manifest, held to its digest. */
  manifest(name: ManifestName, scope: CallScope): Promise<RegistryManifest>;
  /** What is known of a manifest; undefined when there is none. */
  manifestHead(name: ManifestName, scope: CallScope): Promise<ManifestHead | undefined>;
  /** Stores a manifest and gives its digest. */
  putManifest(name: ManifestName, manifest: Omit<RegistryManifest, "digest">, scope: CallScope): Promise<string>;
  /** The size of a blob in bytes; undefined when there is none. */
  blobSize(blob: BlobName, scope: CallScope): Promise<number | undefined>;
  /** A blob as it comes, held to its digest; taken up where it breaks off. */
  blob(blob: BlobName & { readonly sizeBytes?: number | undefined }, scope: CallScope): AsyncIterable<Uint8Array>;
  /** Stores a blob. */
  putBlob(blob: BlobSource, options: UploadOptions, scope: CallScope): Promise<"mounted" | "uploaded">;
  /** Takes a blob from another repository of the registry, where the registry lets it. */
  mountBlob(blob: BlobName, from: string, scope: CallScope): Promise<boolean>;
  /** What refers to an image. */
  referrers(of: ReferrersOf, scope: CallScope): Promise<readonly Descriptor[]>;
}

/** A registry over a connection to it. */
export const createDistribution = (connection: RegistryConnection): Distribution => ({
  manifest: (name, scope) => readManifest(connection, name, scope),
  manifestHead: (name, scope) => headManifest(connection, name, scope),
  putManifest: (name, manifest, scope) => writeManifest(connection, name, manifest, scope),
  blobSize: (blob, scope) => blobSize(connection, blob, scope),
  blob: (blob, scope) => readBlob(connection, blob, scope),
  putBlob: (blob, options, scope) => putBlob(connection, blob, options, scope),
  mountBlob: (blob, from, scope) => mountBlob(connection, blob, from, scope),
  referrers: (of, scope) => readReferrers(connection, of, scope),
});
