import type { RegistryQuirks } from "../../../src/registry/oci/quirks.js";
import type { Quirks } from "../../../src/server/v2/quirks.js";

/** Tests that a quirk of ECR keeps from passing. */
interface QuirkTests {
  readonly quirk: keyof Quirks | keyof RegistryQuirks;
  /** What ECR does. */
  readonly what: string;
  readonly tests: RegExp;
}

/** Which quirk of profile `ecr` fails which tests of the suite. */
export const FAILED_BY: readonly QuirkTests[] = [
  {
    quirk: "chunkStoredStatus",
    what: "a chunk that was stored is answered with 201, the specification says 202",
    tests: /^sha\d+ blobs\/.*\/blob-patch-stream$|^sha\d+ blobs\/(chunked|bad digest) .*\/blob-patch-chunked$/,
  },
  {
    quirk: "emptyBlobs",
    what: "a blob without a byte is refused",
    tests: /^sha\d+ blobs\/empty\/blob-(?!patch-stream$)/,
  },
  {
    quirk: "manifestDigests",
    what: "the digest of a manifest is its sha256",
    tests: /^sha512\/(push|head|pull)\/manifest-/,
  },
  {
    quirk: "nextPage",
    what: "`last` is a token of ECR's own: the name of a tag is refused as one",
    tests: /-with-subject\/tag-list$/,
  },
];

/** Which quirk makes the suite skip which tests. */
export const SKIPPED_BY: readonly QuirkTests[] = [
  { quirk: "deletesBlobs", what: "blobs cannot be deleted", tests: /\/blob-delete$/ },
  {
    quirk: "mounts",
    what: "blobs are not mounted until the account setting says so, and then only those that an image uses",
    tests: /\/blob-mount(-anonymous)?$/,
  },
];
