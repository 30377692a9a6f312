import { timingSafeEqual } from "node:crypto";
import { ServiceError } from "./service-error.js";
import {
  ALGORITHM,
  amzDate,
  canonicalHeaders,
  canonicalRequest,
  payloadHash,
  type Scope,
  type SignableRequest,
  sha256,
  signature,
} from "./sigv4-canonical.js";

/** A signature as it stands in a request, taken apart but not verified. */
export interface Authorization extends Scope {
  readonly accessKeyId: string;
  /** Lower case, in the order given. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** What an `Authorization` header says, without verifying it; undefined when it is not a complete SigV4 one. */
export function parseAuthorization(header: string): Authorization | undefined {
  if (!header.startsWith(`${ALGORITHM} `)) return undefined;
  const parts = parametersOf(header);
  return parts && authorization(parts.get("Credential"), parts.get("SignedHeaders"), parts.get("Signature"));
}

/** What a presigned URL's query says, without verifying it; undefined when it is not a complete SigV4 one. */
export function parsePresignedQuery(query: SignableRequest["query"]): Authorization | undefined {
  if (single(query, "X-Amz-Algorithm") !== ALGORITHM) return undefined;
  return authorization(
    single(query, "X-Amz-Credential"),
    single(query, "X-Amz-SignedHeaders"),
    single(query, "X-Amz-Signature"),
  );
}

function authorization(
  credential: string | undefined,
  signedHeaders: string | undefined,
  signed: string | undefined,
): Authorization | undefined {
  if (!credential || !signedHeaders || !signed) return undefined;
  const match = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential);
  if (match === null) return undefined;
  const [, accessKeyId = "", day = "", region = "", service = ""] = match;
  return { accessKeyId, day, region, service, signedHeaders: signedHeaders.split(";"), signature: signed };
}

/** The parameters of an `Authorization` header; undefined when there is something among them that is none. */
function parametersOf(header: string): ReadonlyMap<string, string> | undefined {
  const text = header.slice(ALGORITHM.length).trim();
  const parts = text === "" ? [] : text.split(",").map((part) => part.trim());
  if (parts.some((part) => !part.includes("="))) return undefined;
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]));
}

/** A key that `verify` may find: its secret and, for temporary keys, the session token that must come with it. */
export interface VerificationKey {
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Whether the session of a temporary key is over. @default false */
  readonly expired?: boolean | undefined;
}

/** What a signature is verified against. */
export interface VerifyOptions {
  readonly keyOf: (accessKeyId: string) => VerificationKey | undefined;
  /** Milliseconds since the epoch, on the real clock: clients sign with theirs. */
  readonly nowMs: number;
  /** The service that the request is for; another one in the credential's scope is refused. */
  readonly service?: string | undefined;
}

/** Whose signature it is, or the error that AWS answers. */
export type Verification =
  | {
      readonly ok: true;
      readonly accessKeyId: string;
      readonly region: string;
      readonly service: string;
      readonly signedAtMs: number;
    }
  | { readonly ok: false; readonly error: ServiceError };

/** How far the signer's clock may be off, in milliseconds. documented: AWS General Reference, request expiry of five minutes. */
const SKEW_MS = 300_000;
const LONGEST_EXPIRY_S = 604_800;

/** Verifies the signature in a request's header or, failing one, in its query. */
export function verify(request: SignableRequest, options: VerifyOptions): Verification {
  const headers = canonicalHeaders(request.headers);
  const header = headers.get("authorization");
  if (header !== undefined) return verifyHeader(request, headers, header, options);
  if (single(request.query, "X-Amz-Algorithm") !== undefined || single(request.query, "X-Amz-Signature") !== undefined)
    return verifyQuery(request, headers, options);
  return refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
}

function verifyHeader(
  request: SignableRequest,
  headers: ReadonlyMap<string, string>,
  header: string,
  options: VerifyOptions,
): Verification {
  const date = headers.get("x-amz-date") ?? headers.get("date");
  const claim = parseAuthorization(header);
  if (claim === undefined || date === undefined) return incomplete(header, date);
  const signedAtMs = parseAmzDate(date);
  if (signedAtMs === undefined) return badDate(date);
  return (
    refuseSkew(date, signedAtMs, options.nowMs) ??
    verifyClaim(request, headers, claim, { date, signedAtMs, token: headers.get("x-amz-security-token"), options })
  );
}

function verifyQuery(
  request: SignableRequest,
  headers: ReadonlyMap<string, string>,
  options: VerifyOptions,
): Verification {
  const claim = parsePresignedQuery(request.query);
  const date = single(request.query, "X-Amz-Date");
  const expiresS = Number(single(request.query, "X-Amz-Expires") ?? "900");
  if (claim === undefined || date === undefined)
    return refuse(
      "IncompleteSignature",
      "AWS query-string parameters must include 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders' and 'X-Amz-Date'.",
    );
  const signedAtMs = parseAmzDate(date);
  if (signedAtMs === undefined) return badDate(date);
  if (!Number.isInteger(expiresS) || expiresS < 0 || expiresS > LONGEST_EXPIRY_S)
    return refuse("IncompleteSignature", `X-Amz-Expires must be between 0 and ${LONGEST_EXPIRY_S} seconds`);
  const untilMs = signedAtMs + expiresS * 1000;
  if (options.nowMs > untilMs)
    return refuse(
      "InvalidSignatureException",
      `Signature expired: ${amzDate(untilMs)} is now earlier than ${amzDate(options.nowMs)}`,
    );
  return (
    refuseFuture(date, signedAtMs, options.nowMs) ??
    verifyClaim(request, headers, claim, {
      date,
      signedAtMs,
      token: single(request.query, "X-Amz-Security-Token"),
      options,
    })
  );
}

interface Circumstances {
  readonly date: string;
  readonly signedAtMs: number;
  readonly token: string | undefined;
  readonly options: VerifyOptions;
}

function verifyClaim(
  request: SignableRequest,
  headers: ReadonlyMap<string, string>,
  claim: Authorization,
  { date, signedAtMs, token, options }: Circumstances,
): Verification {
  const { accessKeyId, region, service } = claim;
  const unscoped = refuseScope(claim, date, options.service) ?? refuseUnsigned(headers, claim.signedHeaders);
  if (unscoped !== undefined) return unscoped;
  const key = options.keyOf(accessKeyId);
  if (key === undefined || key.sessionToken !== token)
    return refuse("UnrecognizedClientException", "The security token included in the request is invalid.");
  if (key.expired) return refuse("ExpiredTokenException", "The security token included in the request is expired");
  const bodyHash = payloadHash(request.body);
  const declared = headers.get("x-amz-content-sha256");
  const canonical = canonicalRequest(request, headers, claim.signedHeaders, bodyHash);
  const expected = signature(key.secretAccessKey, claim, date, canonical);
  if ((declared !== undefined && declared !== bodyHash) || !sameText(expected, claim.signature))
    return refuse(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  return { ok: true, accessKeyId, region, service, signedAtMs };
}

function refuseScope(claim: Authorization, date: string, service: string | undefined): Verification | undefined {
  if (claim.day !== date.slice(0, 8))
    return refuse(
      "InvalidSignatureException",
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claim.day}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  if (service !== undefined && claim.service !== service)
    return refuse("InvalidSignatureException", `Credential should be scoped to correct service: '${service}'. `);
  return undefined;
}

/** A header that AWS acts on must be part of what was signed, or anyone on the way could change it. */
function refuseUnsigned(
  headers: ReadonlyMap<string, string>,
  signedHeaders: readonly string[],
): Verification | undefined {
  if (!signedHeaders.includes("host"))
    return refuse(
      "InvalidSignatureException",
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
  const unsigned = [...headers.keys()].find((name) => name.startsWith("x-amz-") && !signedHeaders.includes(name));
  return unsigned === undefined
    ? undefined
    : refuse("InvalidSignatureException", `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
}

const refuseSkew = (date: string, signedAtMs: number, nowMs: number): Verification | undefined =>
  nowMs - signedAtMs > SKEW_MS
    ? refuse(
        "InvalidSignatureException",
        `Signature expired: ${date} is now earlier than ${amzDate(nowMs - SKEW_MS)} (${amzDate(nowMs)} - 5 min.)`,
      )
    : refuseFuture(date, signedAtMs, nowMs);

const refuseFuture = (date: string, signedAtMs: number, nowMs: number): Verification | undefined =>
  signedAtMs - nowMs > SKEW_MS
    ? refuse(
        "InvalidSignatureException",
        `Signature not yet current: ${date} is still later than ${amzDate(nowMs + SKEW_MS)} (${amzDate(nowMs)} + 5 min.)`,
      )
    : undefined;

/** Says all that is missing, as AWS does; the header itself is shown only as its hash. */
function incomplete(header: string, date: string | undefined): Verification {
  if (!header.startsWith(ALGORITHM))
    return refuse("IncompleteSignature", `Unsupported AWS 'algorithm': '${header.split(" ")[0]}'.`);
  const hash = Buffer.from(sha256(header), "hex").toString("base64");
  const parts = parametersOf(header);
  // assumed text.
  if (parts === undefined)
    return refuse(
      "IncompleteSignature",
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash}'.`,
    );
  const missing = ["Credential", "Signature", "SignedHeaders"]
    .filter((name) => !parts.get(name))
    .map((name) => `Authorization header requires '${name}' parameter. `);
  if (date === undefined)
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
  if (missing.length === 0)
    missing.push("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term. ");
  return refuse(
    "IncompleteSignature",
    `${missing.join("")}(Hashed with SHA-256 and encoded with Base64) Authorization=${hash}`,
  );
}

const badDate = (date: string): Verification =>
  refuse(
    "IncompleteSignature",
    `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );

function parseAmzDate(date: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** assumed: an unsigned or wrongly signed call is a 400, as the other refusals of an AWS JSON service. */
const refuse = (code: string, message: string): Verification => ({ ok: false, error: new ServiceError(code, message) });

function single(query: SignableRequest["query"], name: string): string | undefined {
  const value = query?.[name];
  return typeof value === "string" ? value : undefined;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
