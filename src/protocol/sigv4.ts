import {
  ALGORITHM,
  amzDate,
  canonicalHeaders,
  canonicalRequest,
  payloadHash,
  type Scope,
  type SignableQuery,
  type SignableRequest,
  scopeText,
  signature,
} from "./sigv4-canonical.js";

/** The keys a request is signed with, in the open: they come out of their `Secret`s at this one place. */
interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Who signs, for which service and region, and when. */
export interface Signing {
  readonly credentials: SigningCredentials;
  /** `ecr`, `ecr-public` or `sts`. */
  readonly service: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * The request with its SigV4 signature in the headers `authorization`, `x-amz-date`, `host` and, for temporary keys,
 * `x-amz-security-token`. A header `x-amz-content-sha256` that is there already stands for the hash of the body.
 */
export function sign<R extends SignableRequest>(request: R, { credentials, service, region, nowMs }: Signing): R {
  const date = amzDate(nowMs);
  const scope: Scope = { day: date.slice(0, 8), region, service };
  const headers = {
    host: hostOf(request),
    ...withoutSignature(request.headers),
    "x-amz-date": date,
    ...(credentials.sessionToken !== undefined && { "x-amz-security-token": credentials.sessionToken }),
  };
  const canonical = canonicalHeaders(headers);
  const names = signedNames(canonical);
  const bodyHash = canonical.get("x-amz-content-sha256") ?? payloadHash(request.body);
  const signed = signature(
    credentials.secretAccessKey,
    scope,
    date,
    canonicalRequest(request, canonical, names, bodyHash),
  );
  const authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scopeText(scope)}, SignedHeaders=${names.join(";")}, Signature=${signed}`;
  return { ...request, headers: { ...headers, authorization } };
}

/** The request with its signature in the query: a URL that anyone may use until `expiresS` seconds after `nowMs`, at most 604,800. */
export function presign<R extends SignableRequest>(
  request: R,
  { credentials, service, region, nowMs, expiresS }: Signing & { readonly expiresS: number },
): R & { readonly query: SignableQuery } {
  const date = amzDate(nowMs);
  const scope: Scope = { day: date.slice(0, 8), region, service };
  const given = Object.entries({ host: hostOf(request), ...withoutSignature(request.headers) });
  const isHoisted = ([name]: readonly [string, string]): boolean => name.toLowerCase().startsWith("x-amz-");
  const hoisted = given.filter(isHoisted);
  const headers = Object.fromEntries(given.filter((header) => !isHoisted(header)));

  const canonical = canonicalHeaders(headers);
  const names = signedNames(canonical);
  const query = {
    ...request.query,
    ...Object.fromEntries(hoisted),
    ...(credentials.sessionToken !== undefined && { "X-Amz-Security-Token": credentials.sessionToken }),
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": `${credentials.accessKeyId}/${scopeText(scope)}`,
    "X-Amz-Date": date,
    "X-Amz-Expires": String(expiresS),
    "X-Amz-SignedHeaders": names.join(";"),
  };
  const bodyHash = canonicalHeaders(request.headers).get("x-amz-content-sha256") ?? payloadHash(request.body);
  const signed = signature(
    credentials.secretAccessKey,
    scope,
    date,
    canonicalRequest({ ...request, query }, canonical, names, bodyHash),
  );
  return { ...request, headers, query: { ...query, "X-Amz-Signature": signed } };
}

/** Headers that proxies and agents change on the way, so they are not signed: the AWS SDKs' list. */
const UNSIGNED = new Set(
  (
    "authorization cache-control connection expect from keep-alive max-forwards pragma referer te trailer " +
    "transfer-encoding upgrade user-agent x-amzn-trace-id"
  ).split(" "),
);

const signedNames = (headers: ReadonlyMap<string, string>): readonly string[] =>
  [...headers.keys()]
    .filter((name) => !UNSIGNED.has(name) && !name.startsWith("proxy-") && !name.startsWith("sec-"))
    .sort();

/** A copy of the headers without an earlier signature, so that a request may be signed again. */
function withoutSignature(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (lower === "host") kept[lower] = value;
    else if (lower !== "authorization" && lower !== "x-amz-date" && lower !== "date") kept[name] = value;
  }
  return kept;
}

/** The `Host` that goes with a request: its port is left out where it is the protocol's own. */
export const hostOf = ({
  protocol,
  hostname,
  port,
}: Pick<SignableRequest, "protocol" | "hostname" | "port">): string =>
  port === undefined || (protocol === "https:" && port === 443) || (protocol === "http:" && port === 80)
    ? hostname
    : `${hostname}:${port}`;
