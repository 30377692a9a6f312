import { hash } from "node:crypto";

/** The algorithms that a digest may use. documented: OCI image specification, descriptors. */
export type DigestAlgorithm = "sha256" | "sha512";

/** A digest taken apart. `hex` is in lower case. */
export interface Digest {
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

const SHA256 = /^sha256:[0-9a-f]{64}$/;
const SHA512 = /^sha512:[0-9a-f]{128}$/;

/** The parts of a digest, or undefined when `text` is not exactly one: algorithm, colon, and the whole hash in lower-case hexadecimal. */
export function parseDigest(text: string): Digest | undefined {
  if (SHA256.test(text)) return { algorithm: "sha256", hex: text.slice(7) };
  if (SHA512.test(text)) return { algorithm: "sha512", hex: text.slice(7) };
  return undefined;
}

/** Whether `text` is a well-formed sha256 or sha512 digest. */
export const isDigest = (text: string): boolean => SHA256.test(text) || SHA512.test(text);

/** The digest of `bytes`, such as `sha256:9f86d0…`. Text is hashed as UTF-8. */
export const digestOf = (bytes: Uint8Array | string, algorithm: DigestAlgorithm = "sha256"): string =>
  `${algorithm}:${hash(algorithm, bytes, "hex")}`;

/** Whether `bytes` are the ones that `digest` names; false when `digest` is malformed. */
export function verifyDigest(bytes: Uint8Array | string, digest: string): boolean {
  const expected = parseDigest(digest);
  return expected !== undefined && digestOf(bytes, expected.algorithm) === digest;
}
