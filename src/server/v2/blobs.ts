import type { HttpResponse } from "../../transport/transport.js";
import { emptyAnswer } from "../answer.js";
import { blobAnswer } from "../blob-answer.js";
import { originOf } from "../request.js";
import type { RepositoryExchange } from "./exchange.js";

/** GET and HEAD of a blob. ECR sends the client to S3 for the bytes; here the signed URL is on the origin that the client already reached. */
export async function getBlob(exchange: RepositoryExchange, digest: string): Promise<HttpResponse> {
  const { request, registry, data, caller, target, quirks } = exchange;
  const blob = await data.blob(caller, target, digest, { pull: request.method !== "HEAD" });
  const { redirectBlobsFromBytes: fromBytes } = quirks;
  if (request.method === "HEAD" || fromBytes === undefined || blob.sizeBytes < fromBytes)
    return blobAnswer(request, blob);
  return emptyAnswer(307, {
    location: `${originOf(request)}${registry.signLayer(blob.digest)}`,
    "docker-content-digest": blob.digest,
  });
}

/** Only where the profile offers it. documented: OCI distribution specification, deleting blobs. */
export async function deleteBlob({ data, caller, target }: RepositoryExchange, digest: string): Promise<HttpResponse> {
  await data.deleteBlob(caller, target, digest);
  return emptyAnswer(202, {});
}
