import type { Registry } from "../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import { notFound, textAnswer } from "./answer.js";
import { blobAnswer } from "./blob-answer.js";
import { queryValue } from "./request.js";

/** The bytes behind a signed URL, which needs no login: an Authorization that a client carries along is ignored. */
export function answerSignedLayer(registry: Registry, request: HttpRequest): HttpResponse {
  if (request.method !== "GET" && request.method !== "HEAD") return notFound(request);
  const query: Record<string, string> = {};
  for (const name of Object.keys(request.query ?? {})) query[name] = queryValue(request, name) ?? "";
  const blob = registry.signedLayer({ path: request.path, query });
  if (blob) return blobAnswer(request, blob);
  // assumed: S3's status and code, without its XML.
  return textAnswer(
    403,
    { "content-type": "text/plain; charset=utf-8" },
    "AccessDenied: this URL is not signed or has expired\n",
  );
}
