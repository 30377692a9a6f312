import { createHmac, hash } from "node:crypto";

/** What of a request goes into its signature. `path` is raw, `query` decoded; header names are in any case. */
export interface SignableRequest {
  readonly method: string;
  readonly protocol?: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: SignableQuery | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type SignableQuery = Readonly<Record<string, string | readonly string[] | null>>;

export const ALGORITHM = "AWS4-HMAC-SHA256";
const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** The hash of a request's body; a stream, which cannot be read twice, is `UNSIGNED-PAYLOAD`. */
export function payloadHash(body: unknown): string {
  if (body === undefined || body === null || body === "") return EMPTY_HASH;
  return typeof body === "string" || body instanceof Uint8Array ? sha256(body) : UNSIGNED_PAYLOAD;
}

/** Day, region and service that a signature is good for. */
export interface Scope {
  /** `YYYYMMDD`. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

export const scopeText = ({ day, region, service }: Scope): string => `${day}/${region}/${service}/aws4_request`;

/** `YYYYMMDDTHHMMSSZ`, the only form of a time in SigV4. */
export const amzDate = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");

/**
 * The text that is hashed and signed. `headers` are in lower case, trimmed and single-spaced already; `names` are those that count, sorted.
 * documented: AWS General Reference, "Create a signed AWS API request".
 */
export function canonicalRequest(
  request: Pick<SignableRequest, "method" | "path" | "query">,
  headers: ReadonlyMap<string, string>,
  names: readonly string[],
  bodyHash: string,
): string {
  let text = `${request.method}\n${canonicalPath(request.path)}\n${canonicalQuery(request.query)}\n`;
  for (const name of names) text += `${name}:${headers.get(name) ?? ""}\n`;
  return `${text}\n${names.join(";")}\n${bodyHash}`;
}

/** The signature of a canonical request, in lower-case hex. */
export function signature(secretAccessKey: string, scope: Scope, date: string, canonical: string): string {
  return createHmac("sha256", signingKey(secretAccessKey, scope))
    .update(`${ALGORITHM}\n${date}\n${scopeText(scope)}\n${sha256(canonical)}`)
    .digest("hex");
}

/** Headers by their lower-case names, with values as SigV4 wants them. */
export function canonicalHeaders(headers: Readonly<Record<string, string>>): Map<string, string> {
  const canonical = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) canonical.set(name.toLowerCase(), SPACES.test(value) ? singleSpaced(value) : value);
  }
  return canonical;
}

const SPACES = /^ | $| {2}|[\t\r\n]/;
const singleSpaced = (value: string): string => value.replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, "");

/** Percent-encodes all but RFC 3986's unreserved characters. */
export const escapeUri = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Dot segments resolved, empty ones dropped, and what is encoded already encoded once more, as all services but S3 want it. */
function canonicalPath(path: string): string {
  if (path === "/" || path === "") return "/";
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(escapeUri(segment));
  }
  return segments.length === 0 ? "/" : `/${segments.join("/")}${path.endsWith("/") ? "/" : ""}`;
}

function canonicalQuery(query: SignableQuery = {}): string {
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(query)) {
    if (name === "X-Amz-Signature" || value === undefined) continue;
    const encoded = escapeUri(name);
    for (const one of typeof value === "string" ? [value] : (value ?? [""])) pairs.push([encoded, escapeUri(one)]);
  }
  pairs.sort(([nameA, a], [nameB, b]) => compare(nameA, nameB) || compare(a, b));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Keys are good for a day: deriving one takes four HMACs, and a client signs with the same one all day. */
const signingKeys = new Map<string, Buffer>();
const MOST_KEYS = 64;

function signingKey(secretAccessKey: string, scope: Scope): Buffer {
  const id = `${scopeText(scope)}/${secretAccessKey}`;
  const known = signingKeys.get(id);
  if (known !== undefined) return known;
  const key = [scope.day, scope.region, scope.service, "aws4_request"].reduce(
    (parent, part) => createHmac("sha256", parent).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  if (signingKeys.size >= MOST_KEYS) signingKeys.delete(signingKeys.keys().next().value ?? "");
  signingKeys.set(id, key);
  return key;
}

export const sha256 = (content: string | Uint8Array): string => hash("sha256", content, "hex");
