import { bareMediaType } from "../../image/media-types.js";
import { ServiceError } from "../../protocol/service-error.js";
import type { HttpResponse } from "../../transport/transport.js";
import { emptyAnswer } from "../answer.js";
import { isUnchanged } from "../blob-answer.js";
import { readBody } from "../body.js";
import type { RepositoryExchange } from "./exchange.js";

/** Largest manifest in bytes. documented: service model, ImageManifest. */
const MAX_MANIFEST_BYTES = 4_194_304;

/** GET and HEAD of a manifest by tag or digest. Only GET counts as a pull (assumed: both are BatchGetImage to ECR). */
export async function getManifest(exchange: RepositoryExchange, reference: string): Promise<HttpResponse> {
  const { request, data, caller, target } = exchange;
  const pull = request.method === "GET";
  const manifest = await data.manifest(caller, target, reference, {
    accept: acceptOf(request.headers["accept"]),
    pull,
  });
  const etag = `"${manifest.digest}"`;
  const headers = { "content-type": manifest.mediaType, "docker-content-digest": manifest.digest, etag };
  if (isUnchanged(request.headers["if-none-match"], etag)) return emptyAnswer(304, headers);
  return {
    statusCode: 200,
    headers: { ...headers, "content-length": String(manifest.bytes.byteLength) },
    body: pull ? manifest.bytes : undefined,
  };
}

/** The media types that a client takes, or undefined when it takes all. Several Accept headers arrive as one. */
function acceptOf(header: string | undefined): readonly string[] | undefined {
  const types = header
    ?.split(",")
    .map(bareMediaType)
    .filter((type) => type !== "");
  return types === undefined || types.length === 0 || types.includes("*/*") ? undefined : types;
}

export async function putManifest(exchange: RepositoryExchange, reference: string): Promise<HttpResponse> {
  const { request, data, caller, target, name } = exchange;
  const bytes = await readBody(request, MAX_MANIFEST_BYTES);
  if (bytes === undefined)
    throw new ServiceError("RequestEntityTooLarge", `A manifest has at most ${MAX_MANIFEST_BYTES} bytes`, {
      status: 413,
    });
  const mediaType = request.headers["content-type"];
  const { digest, subject } = await data.putManifest(caller, target, reference, { bytes, mediaType });
  return emptyAnswer(201, {
    location: `/v2/${name}/manifests/${digest}`,
    "docker-content-digest": digest,
    ...(subject === undefined ? {} : { "oci-subject": subject }),
  });
}

/** assumed: by a tag or a digest, as BatchDeleteImage does it, and answered as the OCI specification says. */
export async function deleteManifest(exchange: RepositoryExchange, reference: string): Promise<HttpResponse> {
  const { data, caller, target } = exchange;
  await data.deleteManifest(caller, target, reference);
  return emptyAnswer(202, {});
}
