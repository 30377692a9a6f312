import type { DigestAlgorithm } from "../../image/digest.js";

/** How a push, pull or deletion on `/v2/` is decided: everything in which ECR and the OCI distribution specification differ, but for what is merely told differently. */
export interface RegistryQuirks {
  /** What leads to the next page of a listing: a token that only ECR can read, or the last name of this one. */
  readonly nextPage: "token" | "last-name";
  /** Entries of a page when the client does not say how many, and at most. */
  readonly pageSize: { readonly default: number; readonly max: number };
  /** Whether a blob may have no bytes. */
  readonly emptyBlobs: "refuse" | "accept";
  /** Which blobs are mounted: none unless the account says so and all of ECR's conditions hold, or any that the caller may read, also without `from`. */
  readonly mounts: "restricted" | "any";
  /** What manifests can be pushed under. */
  readonly manifestDigests: readonly DigestAlgorithm[];
  /** Pushing the very same manifest again to its tag when that is immutable. */
  readonly sameImmutableTag: "refuse" | "accept";
  /** What becomes of an image whose last tag is deleted. */
  readonly lastTagDeleted: "image-deleted" | "untagged";
}

export const REGISTRY_QUIRKS: Readonly<Record<"ecr" | "oci", RegistryQuirks>> = {
  ecr: {
    // observed: field reports of `tags/list`.
    nextPage: "token",
    // observed: 100 without `n`; at most 1,000: google/go-containerregistry #1091, gardener #1722.
    pageSize: { default: 100, max: 1000 },
    // documented: EmptyUploadException of CompleteLayerUpload; that `/v2/` says it too is assumed.
    emptyBlobs: "refuse",
    // documented: BLOB_MOUNTING is DISABLED by default. observed: containers-roadmap #2860. assumed: without `from` nothing is mounted.
    mounts: "restricted",
    // documented: imageDigest is the sha256 digest of the image manifest.
    manifestDigests: ["sha256"],
    // observed: containers-roadmap #2179, #2380.
    sameImmutableTag: "refuse",
    // documented: BatchDeleteImage; that a deletion on `/v2/` follows it is assumed.
    lastTagDeleted: "image-deleted",
  },
  // documented: OCI distribution specification 1.1.
  oci: {
    nextPage: "last-name",
    pageSize: { default: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY },
    emptyBlobs: "accept",
    mounts: "any",
    manifestDigests: ["sha256", "sha512"],
    sameImmutableTag: "accept",
    lastTagDeleted: "untagged",
  },
};
