import { isRepositoryName } from "../../image/repository-name.js";
import { repositoryName as nameShape } from "../../protocol/ecr/scalars.js";
import { ServiceError } from "../../protocol/service-error.js";
import { required, type StructureShape, structure } from "../../protocol/shape.js";
import { validate } from "../../protocol/validate.js";
import type { Registry } from "../../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";
import { emptyAnswer } from "../answer.js";
import { serviceErrorOf } from "../failure.js";
import type { ServerSettings } from "../settings.js";
import { type Admission, admit } from "./admission.js";
import { deleteBlob, getBlob } from "./blobs.js";
import { envelope, errorAnswer } from "./errors.js";
import type { Exchange, RepositoryExchange } from "./exchange.js";
import { listCatalog, listTags } from "./listings.js";
import { deleteManifest, getManifest, putManifest } from "./manifests.js";
import type { Quirks } from "./quirks.js";
import { listReferrers } from "./referrers.js";
import { parseRoute, type Route } from "./routes.js";
import { appendChunk, cancelUpload, completeUpload, startUpload, uploadStatus } from "./uploads.js";

/** Answers one request on `/v2/`: login first, then the route, then the registry's own checks. */
export async function answerDataPlane(
  registry: Registry,
  request: HttpRequest,
  settings: ServerSettings,
): Promise<HttpResponse> {
  const answer = await answerAdmitted(registry, request, settings);
  // What every answer on `/v2/` carries. observed
  return { ...answer, headers: { ...answer.headers, "docker-distribution-api-version": "registry/2.0" } };
}

async function answerAdmitted(
  registry: Registry,
  request: HttpRequest,
  settings: ServerSettings,
): Promise<HttpResponse> {
  const { quirks } = settings;
  const admission = admit(registry, request);
  if ("statusCode" in admission) return admission;
  const { caller } = admission;
  const route = parseRoute(request.path);
  if (route === undefined) return envelope(404, "NAME_INVALID", `There is no ${request.path} in this registry`);
  try {
    return await answerRoute({ request, registry, data: registry.data, caller, quirks }, route, admission);
  } catch (error) {
    return errorAnswer(serviceErrorOf(error, request, settings.onFault), route.kind, quirks);
  }
}

type Handler = (exchange: RepositoryExchange) => Promise<HttpResponse>;

function answerRoute(
  exchange: Exchange,
  route: Route,
  { catalog, targetOf }: Admission,
): Promise<HttpResponse> | HttpResponse {
  const { method } = exchange.request;
  const isRead = method === "GET" || method === "HEAD";
  if (route.kind === "base")
    return isRead ? emptyAnswer(200, { "content-type": "application/json" }) : notAllowed(method, ["GET"]);
  if (route.kind === "catalog") {
    // assumed: ECR Public has no catalog to list.
    if (catalog === undefined) return notAllowed(method, []);
    return isRead ? listCatalog(exchange, catalog) : notAllowed(method, ["GET"]);
  }
  const { repositoryName: name } = route;
  const handlers = handlersOf(route, exchange.quirks);
  const verb = method === "HEAD" ? "GET" : method;
  const handler = Object.hasOwn(handlers, verb) ? handlers[verb] : undefined;
  if (handler === undefined) return notAllowed(method, Object.keys(handlers));
  refuseBadName(name);
  const { request, registry, data, caller, quirks } = exchange;
  return handler({ request, registry, data, caller, quirks, target: targetOf(name), name });
}

function handlersOf(
  route: Exclude<Route, { kind: "base" | "catalog" }>,
  { deletesBlobs }: Quirks,
): Readonly<Record<string, Handler>> {
  switch (route.kind) {
    case "tags":
      return { GET: listTags };
    case "manifest":
      return {
        GET: (exchange) => getManifest(exchange, route.reference),
        PUT: (exchange) => putManifest(exchange, route.reference),
        DELETE: (exchange) => deleteManifest(exchange, route.reference),
      };
    case "blob":
      return {
        GET: (exchange) => getBlob(exchange, route.digest),
        ...(deletesBlobs && { DELETE: (exchange) => deleteBlob(exchange, route.digest) }),
      };
    case "uploads":
      return { POST: startUpload };
    case "upload":
      return {
        GET: (exchange) => uploadStatus(exchange, route.uploadId),
        PATCH: (exchange) => appendChunk(exchange, route.uploadId),
        PUT: (exchange) => completeUpload(exchange, route.uploadId),
        DELETE: (exchange) => cancelUpload(exchange, route.uploadId),
      };
    case "referrers":
      return { GET: (exchange) => listReferrers(exchange, route.digest) };
  }
}

const notAllowed = (method: string, allowed: readonly string[]): HttpResponse =>
  envelope(405, "UNSUPPORTED", `${method} is not supported here`, {
    allow: allowed.flatMap((one) => (one === "GET" ? [one, "HEAD"] : [one])).join(", "),
  });

const NAME_SHAPE: StructureShape = structure({ repositoryName: required(nameShape) });

/** A name that no repository can have gets no further: escapes, dot segments and control characters never reach state. */
function refuseBadName(repositoryName: string): void {
  if (isRepositoryName(repositoryName)) return;
  const violation = validate(NAME_SHAPE, { repositoryName });
  throw new ServiceError("InvalidParameterException", violation?.message ?? "Invalid parameter at 'repositoryName'");
}
