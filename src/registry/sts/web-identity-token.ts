import { createPublicKey, verify } from "node:crypto";
import type { IdentityProvider } from "../../policy/accounts.js";
import { ServiceError } from "../../protocol/service-error.js";
import { invalidIdentityToken } from "./refusals.js";

/** What an OpenID Connect token says. */
export interface WebIdentity {
  /** As the token spells it, `https://` included. */
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly expiresAtMs: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads a token, without verifying it. @throws {ServiceError} InvalidIdentityToken */
export function readWebIdentity(token: string): WebIdentity {
  const { iss, sub, aud, exp } = partOf(token, 1);
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((each) => typeof each === "string");
  if (typeof iss !== "string" || typeof sub !== "string" || typeof exp !== "number" || audiences.length === 0)
    throw invalidIdentityToken("The ID Token provided is not a valid JWT. Required claims: iss, sub, aud, exp");
  return { issuer: iss, subject: sub, audiences, expiresAtMs: exp * 1000 };
}

/** observed text */
const notAToken = (): ServiceError =>
  invalidIdentityToken(
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
  );

function partOf(token: string, index: 0 | 1): Json {
  const parts = token.split(".");
  try {
    const value: unknown = JSON.parse(Buffer.from(parts[index] ?? "", "base64url").toString());
    if (parts.length === 3 && typeof value === "object" && value !== null) return value as Json;
  } catch {
    // Not base64 of JSON: it is answered below.
  }
  throw notAToken();
}

/** Refuses a token that has expired. @throws {ServiceError} */
export function requireCurrent({ expiresAtMs }: WebIdentity, nowMs: number): void {
  if (nowMs < expiresAtMs) return;
  const [now, expiry] = [nowMs, expiresAtMs].map((ms) => Math.floor(ms / 1000));
  // observed text
  throw new ServiceError(
    "ExpiredIdentityToken",
    `Token expired: current date/time ${now} must be before the expiration date/time ${expiry}`,
  );
}

/** Refuses a token that its provider did not make for one of its clients. @throws {ServiceError} InvalidIdentityToken */
export function requireIssued(token: string, { audiences }: WebIdentity, { clientIds, keys }: IdentityProvider): void {
  // observed texts
  if (!audiences.some((audience) => clientIds.includes(audience)))
    throw invalidIdentityToken("Incorrect token audience");
  if (keys && !keys.some((key) => isSignedBy(token, key)))
    throw invalidIdentityToken("Couldn't verify the token's signature with the provider's keys");
}

/** documented: IAM user guide, OpenID Connect providers: RSA and elliptic curves. */
const DIGESTS: Readonly<Record<string, { readonly digest: string; readonly kty: string }>> = {
  RS256: { digest: "sha256", kty: "RSA" },
  RS384: { digest: "sha384", kty: "RSA" },
  RS512: { digest: "sha512", kty: "RSA" },
  ES256: { digest: "sha256", kty: "EC" },
  ES384: { digest: "sha384", kty: "EC" },
  ES512: { digest: "sha512", kty: "EC" },
};

function isSignedBy(token: string, key: Json): boolean {
  const { alg, kid } = partOf(token, 0);
  const algorithm = typeof alg === "string" && Object.hasOwn(DIGESTS, alg) ? DIGESTS[alg] : undefined;
  if (
    !algorithm ||
    algorithm.kty !== key["kty"] ||
    (kid !== undefined && key["kid"] !== undefined && kid !== key["kid"])
  )
    return false;
  const end = token.lastIndexOf(".");
  try {
    const publicKey = createPublicKey({ key: { ...key }, format: "jwk" });
    const signature = Buffer.from(token.slice(end + 1), "base64url");
    return verify(
      algorithm.digest,
      Buffer.from(token.slice(0, end)),
      { key: publicKey, dsaEncoding: "ieee-p1363" },
      signature,
    );
  } catch {
    // A key that is none signed nothing.
    return false;
  }
}
