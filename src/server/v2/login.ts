import type { LoginResult, Registry } from "../../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";
import { textAnswer } from "../answer.js";
import { originOf } from "../request.js";
import { envelope } from "./errors.js";

/** Who a request on `/v2/` logs in as. ECR takes Basic and nothing else. observed: no token endpoint, no Bearer on private registries. */
export function loginOf(registry: Registry, { headers }: HttpRequest): LoginResult {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(headers["authorization"] ?? "") ?? [];
  if (encoded === undefined) return { ok: false, reason: "invalid" };
  const credentials = Buffer.from(encoded, "base64").toString();
  const colon = credentials.indexOf(":");
  return registry.login(credentials.slice(0, Math.max(colon, 0)), credentials.slice(colon + 1));
}

/** The answer to a request whose login failed, or that has none. */
export function challenge(request: HttpRequest, reason: "invalid" | "expired"): HttpResponse {
  // documented text; the status is assumed, for sources disagree between 401 and 403.
  if (reason === "expired")
    return envelope(403, "DENIED", "Your authorization token has expired. Reauthenticate and try again.");
  // observed: header and body of an unauthenticated request.
  return textAnswer(
    401,
    {
      "content-type": "text/plain; charset=utf-8",
      "www-authenticate": `Basic realm="${originOf(request)}/",service="ecr.amazonaws.com"`,
    },
    "Not Authorized\n",
  );
}
