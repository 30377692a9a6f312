import { mediaTypes } from "../../image/media-types.js";
import type { Target } from "../registry.js";
import type { Signer } from "../signer.js";

/** What notation, and so AWS Signer, calls a signature. documented: Notary Project specification. */
export const SIGNATURE_TYPE = "application/vnd.cncf.notary.signature";
const ENVELOPE_TYPE = "application/jose+json";
const PAYLOAD_TYPE = "application/vnd.cncf.notary.payload.v1+json";

/** documented: OCI image specification, the empty descriptor. */
export const EMPTY_CONFIG: Uint8Array = Buffer.from("{}");

/** The image that is signed, as a descriptor. */
export interface Subject {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What is signed, by whom and when. */
export interface Signing extends Target {
  readonly subject: Subject;
  readonly profileArn: string;
  readonly signedAtMs: number;
}

/**
 * The envelope of a signature in notation's form. There is no AWS Signer here and no certificate: it says what was signed by which profile, and its
 * signature is a local one that no verifier trusts.
 */
export function signatureEnvelope(signer: Signer, { subject, profileArn, signedAtMs }: Signing): Uint8Array {
  const payload = encode({ targetArtifact: subject });
  const protectedHeader = encode({
    alg: "HS256",
    crit: ["io.cncf.notary.signingScheme"],
    cty: PAYLOAD_TYPE,
    "io.cncf.notary.signingScheme": "notary.x509.signingAuthority",
    "io.cncf.notary.authenticSigningTime": isoTime(signedAtMs),
  });
  return Buffer.from(
    JSON.stringify({
      payload,
      protected: protectedHeader,
      header: { "io.cncf.notary.signingAgent": "ecrkit", "com.amazonaws.signer.signingProfile": profileArn },
      signature: signer.sign("image", `${protectedHeader}.${payload}`),
    }),
  );
}

/** The manifest by which an envelope refers to what it signs. */
export const signatureManifest = (
  { subject, signedAtMs }: Signing,
  config: string,
  envelope: { readonly digest: string; readonly size: number },
): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: SIGNATURE_TYPE,
    config: { mediaType: mediaTypes.ociEmpty, digest: config, size: EMPTY_CONFIG.byteLength },
    layers: [{ mediaType: ENVELOPE_TYPE, ...envelope }],
    subject,
    annotations: { "org.opencontainers.image.created": isoTime(signedAtMs) },
  });

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const isoTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
