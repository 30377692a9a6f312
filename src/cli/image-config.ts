import { EcrError } from "../errors.js";
import type { Descriptor } from "../image/descriptor.js";
import { verifyDigest } from "../image/digest.js";
import { mediaTypes } from "../image/media-types.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import type { Session } from "./session.js";

/** An image's configuration as it stands. Its members are whatever the image's maker wrote. */
export type ImageConfig = Readonly<Record<string, unknown>>;

const CONFIG_TYPES: ReadonlySet<string> = new Set([mediaTypes.ociConfig, mediaTypes.dockerConfig]);
/** Larger than any image's configuration; what is larger is not fetched to be shown. */
const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * The configuration of an image through its layer URL, checked against its digest; undefined when it is not one that can be shown.
 *
 * @throws {EcrError} when it cannot be had, kind `InvalidResponse` when it is not what its digest says or not a JSON object
 */
export async function fetchConfig(
  session: Session,
  repositoryName: string,
  { mediaType, digest, size }: Descriptor,
): Promise<ImageConfig | undefined> {
  if (!CONFIG_TYPES.has(mediaType) || size > MAX_CONFIG_BYTES) return undefined;
  const { ecr, registry, signal } = session;
  const input = { ...registry, repositoryName, layerDigest: digest };
  const { downloadUrl } = await ecr.call("GetDownloadUrlForLayer", input, { signal });
  const bytes = await download(session, downloadUrl);
  if (!verifyDigest(bytes, digest)) throw failure(`it is not what its digest ${digest} says`);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ImageConfig;
  } catch {
    // The parser's own message quotes the document.
  }
  throw failure("it is not a JSON object");
}

/** The bytes behind a layer URL. The URL is a secret, for whoever has it may read the layer: no message shows it. */
async function download({ transport, signal }: Session, url: string): Promise<Uint8Array> {
  try {
    const request = getRequest(new URL(url));
    const { response } = await transport.handle(request, { abortSignal: signal, requestTimeout: TIMEOUT_MS });
    const bytes = await read(response.body);
    if (response.statusCode === 200) return bytes;
    throw failure(`its URL answered with status ${response.statusCode}`);
  } catch (error) {
    if (signal.aborted || error instanceof EcrError) throw error;
    throw failure(error instanceof Error ? error.message : String(error), "Connection");
  }
}

const getRequest = (url: URL): HttpRequest => ({
  method: "GET",
  protocol: url.protocol,
  hostname: url.hostname,
  ...(url.port !== "" && { port: Number(url.port) }),
  path: url.pathname,
  query: Object.fromEntries(url.searchParams),
  headers: { host: url.host },
});

async function read(body: HttpResponse["body"]): Promise<Uint8Array> {
  if (body === undefined || body instanceof Uint8Array) return body ?? new Uint8Array();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_CONFIG_BYTES) throw failure("it is larger than the manifest says");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const failure = (reason: string, kind: "InvalidResponse" | "Connection" = "InvalidResponse"): EcrError =>
  new EcrError(`the image's configuration could not be read: ${reason}`, { kind, operation: "GetDownloadUrlForLayer" });
