import { Readable } from "node:stream";
import type { UpstreamFetch } from "../registry/pull-through/upstream.js";
import type { HttpResponse, Transport } from "../transport/transport.js";

/** Redirects that are followed for one request: a registry needs one, to where its blobs are. */
const MAX_REDIRECTS = 5;
/** Milliseconds until an upstream must have answered. */
const ANSWER_MS = 30_000;

/** Asks upstream registries through `transport`: what `createRegistry` takes as `fetchUpstream`. */
export function upstreamFetch(transport: Transport): UpstreamFetch {
  return async ({ url, headers }) => {
    let [at, sent] = [new URL(url), headers];
    for (let redirects = 0; ; redirects += 1) {
      const response = await get(transport, at, sent);
      const { location } = response.headers;
      if (location === undefined || response.statusCode < 300 || response.statusCode > 399)
        return { status: response.statusCode, headers: response.headers, body: bodyOf(response) };
      if (redirects === MAX_REDIRECTS) throw new Error(`${at.host} redirects more than ${MAX_REDIRECTS} times`);
      if (response.body instanceof Readable) response.body.resume();
      const next = new URL(location, at);
      // The login is for the registry, not for where it keeps its blobs.
      if (next.origin !== at.origin) sent = withoutLogin(sent);
      at = next;
    }
  };
}

async function get(
  transport: Transport,
  { protocol, hostname, port, host, pathname, searchParams }: URL,
  headers: Readonly<Record<string, string>>,
): Promise<HttpResponse> {
  const { response } = await transport.handle(
    {
      method: "GET",
      protocol,
      hostname,
      port: port === "" ? undefined : Number(port),
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: { ...headers, host },
    },
    { requestTimeout: ANSWER_MS },
  );
  return response;
}

const withoutLogin = ({ authorization: _login, ...headers }: Readonly<Record<string, string>>): typeof headers =>
  headers;

async function* bodyOf({ body }: HttpResponse): AsyncIterable<Uint8Array> {
  if (body === undefined) return;
  if (body instanceof Uint8Array) yield body;
  else yield* body;
}
