import { ServiceError } from "../../protocol/service-error.js";
import type { Upload, UploadChunk } from "../../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";
import { emptyAnswer } from "../answer.js";
import { bodyChunks } from "../body.js";
import { queryValue } from "../request.js";
import type { RepositoryExchange } from "./exchange.js";

/** POST: mounts a blob, from wherever it is if `from` does not say, takes one whole, or opens an upload session. */
export async function startUpload(exchange: RepositoryExchange): Promise<HttpResponse> {
  const { request, data, caller, target } = exchange;
  const mount = queryValue(request, "mount");
  const from = queryValue(request, "from");
  if (mount === undefined) return opened(exchange, await data.startUpload(caller, target));
  const upload = await data.mount(caller, target, mount, from);
  return upload === "mounted" ? stored(exchange, mount) : opened(exchange, upload);
}

/** Answers a session that was opened, or takes the blob whole where it came with the request. */
async function opened(exchange: RepositoryExchange, upload: Upload): Promise<HttpResponse> {
  const { request, data, caller, target } = exchange;
  const digest = queryValue(request, "digest");
  if (digest === undefined) return emptyAnswer(202, sessionHeaders(exchange, upload));
  try {
    // Monolithic, in one request. assumed: ECR's documentation neither offers nor refuses it.
    await data.completeUpload(caller, target, upload.uploadId, digest, chunkOf(request));
  } catch (error) {
    // The client was never told of this session, so nobody could resume it.
    await data.cancelUpload(caller, target, upload.uploadId).catch(() => undefined);
    throw error;
  }
  return stored(exchange, digest);
}

/** PATCH: appends a chunk. */
export async function appendChunk(exchange: RepositoryExchange, uploadId: string): Promise<HttpResponse> {
  const { request, data, caller, target } = exchange;
  const { body, firstByte } = chunkOf(request);
  const upload = await data.append(caller, target, uploadId, body, firstByte);
  return emptyAnswer(exchange.quirks.chunkStoredStatus, sessionHeaders(exchange, upload));
}

/** PUT: appends the last chunk, if there is one, and seals the upload under its digest. */
export async function completeUpload(exchange: RepositoryExchange, uploadId: string): Promise<HttpResponse> {
  const { request, data, caller, target } = exchange;
  const digest = queryValue(request, "digest");
  if (digest === undefined)
    throw new ServiceError(
      "InvalidParameterException",
      "Invalid parameter at 'digest' failed to satisfy constraint: 'Member must not be null'",
    );
  const last = request.body === undefined ? undefined : chunkOf(request);
  await data.completeUpload(caller, target, uploadId, digest, last);
  return stored(exchange, digest);
}

/** GET: how far the upload has come. */
export async function uploadStatus(exchange: RepositoryExchange, uploadId: string): Promise<HttpResponse> {
  const { data, caller, target } = exchange;
  return emptyAnswer(204, sessionHeaders(exchange, await data.upload(caller, target, uploadId)));
}

export async function cancelUpload(exchange: RepositoryExchange, uploadId: string): Promise<HttpResponse> {
  const { data, caller, target } = exchange;
  await data.cancelUpload(caller, target, uploadId);
  return emptyAnswer(204, {});
}

const chunkOf = (request: HttpRequest): UploadChunk => ({
  body: bodyChunks(request),
  firstByte: firstByteOf(request),
});

/** The offset that Content-Range gives the chunk; undefined without one: then it goes to the end. */
function firstByteOf({ headers }: HttpRequest): number | undefined {
  const range = headers["content-range"];
  if (range === undefined) return undefined;
  const [, first, last] = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/.exec(range.trim()) ?? [];
  const length = headers["content-length"];
  const firstByte = Number(first);
  if (first === undefined || (length !== undefined && Number(last) - firstByte + 1 !== Number(length)))
    throw new ServiceError(
      "InvalidLayerPartException",
      `The range '${range}' is not that of the ${length ?? "unknown number of"} bytes that came with it`,
    );
  return firstByte;
}

function sessionHeaders({ name }: RepositoryExchange, { uploadId, sizeBytes }: Upload): Record<string, string> {
  return {
    location: `/v2/${name}/blobs/uploads/${uploadId}`,
    "docker-upload-uuid": uploadId,
    // Both ends included, so an empty upload cannot say that it is empty. observed: docker's registry answers 0-0 too.
    range: `0-${Math.max(0, sizeBytes - 1)}`,
  };
}

const stored = ({ name }: RepositoryExchange, digest: string): HttpResponse =>
  emptyAnswer(201, {
    location: `/v2/${name}/blobs/${digest}`,
    "docker-content-digest": digest,
  });
