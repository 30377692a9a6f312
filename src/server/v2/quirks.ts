/** How the data plane tells things oddly: everything on the wire in which ECR and the OCI distribution specification differ. What they decide differently is the registry's. */
export interface Quirks {
  /** What a chunk that was stored is answered with. */
  readonly chunkStoredStatus: 201 | 202;
  readonly tagsContentType: string;
  /** Blobs from this size up, in bytes, are answered with a redirect to a signed URL. */
  readonly redirectBlobsFromBytes: number | undefined;
  /** What a bad manifest, tag, name or other parameter is refused with. */
  readonly badParameter: "unsupported" | "invalid";
  /** Whether a client may delete blobs. */
  readonly deletesBlobs: boolean;
}

/** Named as the command line's `--profile`. */
export type Profile = "ecr" | "oci";

export const QUIRKS: Readonly<Record<Profile, Quirks>> = {
  ecr: {
    // observed: containers-roadmap #2831, tart #273.
    chunkStoredStatus: 201,
    // observed: field reports of `tags/list`.
    tagsContentType: "text/plain; charset=utf-8",
    // documented: layers come from S3 by a 307; that small blobs (configs) are served directly is observed, the bound is assumed.
    redirectBlobsFromBytes: 64 * 1024,
    // observed: a manifest that ECR cannot read, and too large a page, are 405 UNSUPPORTED. assumed: every other bad parameter too.
    badParameter: "unsupported",
    // assumed: no source speaks of deleting a blob, and the API has no operation for it.
    deletesBlobs: false,
  },
  // documented: OCI distribution specification 1.1.
  oci: {
    chunkStoredStatus: 202,
    tagsContentType: "application/json",
    redirectBlobsFromBytes: undefined,
    badParameter: "invalid",
    deletesBlobs: true,
  },
};
