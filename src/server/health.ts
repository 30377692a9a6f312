import type { Registry } from "../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import { version } from "../version.js";
import { textAnswer } from "./answer.js";

/** Where the local ECR's own routes live, apart from AWS's. */
export const ADMIN_PREFIX = "/_ecrkit/";

const JSON_TYPE = { "content-type": "application/json" };

/** Answers the local ECR's own routes; `startedMs` is when the registry's clock showed the start. */
export function answerAdmin(registry: Registry, request: HttpRequest, startedMs: number): HttpResponse {
  // A page in a browser could reach a loopback server: whatever carries an Origin is not a tool of this machine's user.
  if (request.headers["origin"] !== undefined)
    return refuse(403, "requests of browsers, which send an Origin header, are refused here");
  if (request.path !== `${ADMIN_PREFIX}health`) return refuse(404, `there is no ${request.path} here`);
  if (request.method !== "GET" && request.method !== "HEAD")
    return refuse(405, `${request.method} is not GET or HEAD`, { allow: "GET, HEAD" });
  const uptimeMs = registry.time.now() - startedMs;
  return textAnswer(200, JSON_TYPE, JSON.stringify({ status: "ok", version, uptimeMs }));
}

const refuse = (statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}): HttpResponse =>
  textAnswer(statusCode, { ...JSON_TYPE, ...headers }, JSON.stringify({ error: message }));
