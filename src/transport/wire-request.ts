import type { HttpRequest, RequestBody } from "./transport.js";

/** Methods whose requests carry a length even when it is 0: without one Node would announce a chunked body. */
const BODY_METHODS = new Set(["POST", "PUT", "PATCH"]);

/** Path and query as they go on the request line. A query name without a value stands alone, as the AWS SDK writes it. */
export function requestTarget({ path, query }: HttpRequest): string {
  if (query === undefined) return path;
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    const key = escapeQuery(name);
    if (value === null) return [key];
    return typeof value === "string"
      ? [`${key}=${escapeQuery(value)}`]
      : value.map((one) => `${key}=${escapeQuery(one)}`);
  });
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

/** Percent-encoding of all but RFC 3986's unreserved characters, which is what signatures are made over. */
const escapeQuery = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Names and values in turn, the form that Node writes without looking at them one by one; host and length are added where missing. */
export function rawHeaders({ headers, method, body, hostname, port }: HttpRequest): string[] {
  const raw: string[] = [];
  let hasHost = false;
  let hasLength = false;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    raw.push(name, value);
    if (name.length === 4 && name.toLowerCase() === "host") hasHost = true;
    else if (name.length === 14 && name.toLowerCase() === "content-length") hasLength = true;
  }
  if (!hasHost) raw.push("host", port === undefined ? hostname : `${hostname}:${port}`);
  if (!hasLength) {
    if (body === undefined) {
      if (BODY_METHODS.has(method)) raw.push("content-length", "0");
    } else if (typeof body === "string") raw.push("content-length", String(Buffer.byteLength(body)));
    else if (body instanceof Uint8Array) raw.push("content-length", String(body.byteLength));
  }
  return raw;
}

/** The same by name, for whoever adds to them. */
export function namedHeaders(request: HttpRequest): Record<string, string> {
  const raw = rawHeaders(request);
  const named: Record<string, string> = {};
  for (let at = 0; at < raw.length; at += 2) named[raw[at] ?? ""] = raw[at + 1] ?? "";
  return named;
}

/** Whether a body can be sent only once. */
export const isStream = (body: RequestBody | undefined): body is AsyncIterable<Uint8Array> =>
  body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
