import { LOGO_PATH_PREFIX } from "../registry/public/catalog-data.js";
import type { Registry } from "../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import { notFound } from "./answer.js";

/** The picture that the `logoUrl` of a public repository leads to, for anyone. */
export function answerLogo(registry: Registry, request: HttpRequest): HttpResponse {
  const [account = "", ...name] = request.path.slice(LOGO_PATH_PREFIX.length).split("/");
  const isRead = request.method === "GET" || request.method === "HEAD";
  const logo = isRead ? registry.publicRegistries.logo(account, name.join("/")) : undefined;
  if (!logo) return notFound(request);
  return {
    statusCode: 200,
    headers: { "content-type": "image/png", "content-length": String(logo.byteLength) },
    body: logo,
  };
}
