import { digestOf, parseDigest } from "../../image/digest.js";
import { manifestMediaTypes, mediaTypes } from "../../image/media-types.js";
import { storeLayer } from "../layers.js";
import type { Referrer, Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import {
  type Upstream,
  UpstreamError,
  type UpstreamFetch,
  type UpstreamProblem,
  type UpstreamResponse,
} from "./upstream.js";

/** Largest manifest in bytes. documented: service model, ImageManifest. */
const MAX_MANIFEST_BYTES = 4_194_304;

/** A login at an upstream registry. */
export interface UpstreamLogin {
  readonly username: string;
  readonly accessToken: string;
}

/** A registry outside, by its `/v2` API below `url`, which may carry a login of its own. */
export function remoteUpstream(state: State, fetch: UpstreamFetch, url: string, login?: UpstreamLogin): Upstream {
  const { origin, pathname, username, password } = new URL(url);
  const base = origin + pathname.replace(/\/$/, "");
  const credentials = login ?? (username === "" ? undefined : decoded(username, password));
  const get = (path: string, accept = "*/*"): Promise<UpstreamResponse> =>
    send(fetch, `${base}/v2/${path}`, { accept, ...(credentials && { authorization: basic(credentials) }) });

  return {
    async manifest(repositoryName, reference) {
      const response = await get(`${repositoryName}/manifests/${reference}`, manifestMediaTypes.join(", "));
      const bytes = await readAll(response.body);
      const digest = digestOf(bytes, parseDigest(reference)?.algorithm);
      if (reference.includes(":") && digest !== reference) throw contradicted(reference, digest);
      const mediaType = response.headers["content-type"]?.replace(/;.*$/s, "").trim() ?? "";
      return { digest: digestOf(bytes), mediaType, bytes };
    },
    async copyBlob(repositoryName, digest, target) {
      const { body } = await get(`${repositoryName}/blobs/${digest}`);
      await storeBody(state, target, digest, body);
    },
    async referrers(repositoryName, digest) {
      const { body } = await get(`${repositoryName}/referrers/${digest}`, mediaTypes.ociIndex);
      return readReferrers(await readAll(body));
    },
    async check() {
      await get("");
    },
  };
}

const decoded = (username: string, password: string): UpstreamLogin => ({
  username: decodeURIComponent(username),
  accessToken: decodeURIComponent(password),
});

const basic = ({ username, accessToken }: UpstreamLogin): string =>
  `Basic ${Buffer.from(`${username}:${accessToken}`).toString("base64")}`;

async function send(
  fetch: UpstreamFetch,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<UpstreamResponse> {
  const response = await fetch({ url, headers }).catch((cause: unknown) => {
    throw new UpstreamError("unreachable", `no answer from ${new URL(url).host}`, { cause });
  });
  if (response.status === 200) return response;
  await drain(response.body);
  throw new UpstreamError(problemOf(response.status), `${new URL(url).host} answered with ${response.status}`);
}

function problemOf(status: number): UpstreamProblem {
  switch (status) {
    case 404:
      return "not-found";
    case 401:
    case 403:
      return "access-denied";
    case 429:
      return "too-many-requests";
    default:
      return "unavailable";
  }
}

/** Reads what is left, so that the connection can be used again. */
async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body);
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of broken(body)) {
    bytes += chunk.byteLength;
    if (bytes > MAX_MANIFEST_BYTES) throw new UpstreamError("unavailable", `more than ${MAX_MANIFEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The chunks of a body; one that breaks off is the upstream's failure. */
async function* broken(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new UpstreamError("unreachable", "the answer broke off", { cause });
  }
}

async function storeBody(state: State, target: Target, digest: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  const writer = await state.blobs.begin();
  try {
    for await (const chunk of broken(body)) await writer.append(chunk);
    const computed = await writer.digest(parseDigest(digest)?.algorithm ?? "sha256");
    if (computed !== digest) throw contradicted(digest, computed);
    await storeLayer(state, target, digest, writer).catch((error: unknown) => {
      // Another image that has it, or an upload, has brought it in the meantime.
      if (!state.tables.layer.has(...keyOf(target), digest)) throw error;
    });
  } finally {
    await writer.abort();
  }
}

const contradicted = (wanted: string, computed: string): UpstreamError =>
  new UpstreamError("unavailable", `asked for ${wanted}, the upstream gave ${computed}`);

/** The entries of a referrers index. */
function readReferrers(bytes: Uint8Array): readonly Referrer[] {
  try {
    const { manifests } = JSON.parse(Buffer.from(bytes).toString()) as { readonly manifests: readonly Referrer[] };
    return manifests.map(({ mediaType, digest, size, artifactType, annotations }) => ({
      mediaType,
      digest,
      size,
      artifactType,
      annotations,
    }));
  } catch (cause) {
    throw new UpstreamError("unavailable", "the upstream's referrers are not an index", { cause });
  }
}
