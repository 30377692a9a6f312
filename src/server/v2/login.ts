import type { LoginResult, Registry } from "../../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";
import { textAnswer } from "../answer.js";
import { originOf, withLowerCaseHeaders } from "../request.js";
import { envelope } from "./errors.js";

type Scheme = "basic" | "bearer";

/** Whether a request has an Authorization of the scheme. */
export const hasScheme = ({ headers }: HttpRequest, scheme: Scheme): boolean => {
  const authorization = headers["authorization"] ?? "";
  return authorization[scheme.length] === " " && authorization.slice(0, scheme.length).toLowerCase() === scheme;
};

/** What comes with an Authorization of the scheme, out of its base64: a user's name, a colon, a password. */
export function credentialsOf(request: HttpRequest, scheme: Scheme): string | undefined {
  if (!hasScheme(request, scheme)) return undefined;
  const encoded = request.headers["authorization"]?.slice(scheme.length).trim() ?? "";
  return /^[A-Za-z0-9+/=_-]+$/.test(encoded) ? Buffer.from(encoded, "base64").toString() : undefined;
}

/** Who a request on `/v2/` logs in as. ECR takes Basic and nothing else. observed: no token endpoint, no Bearer on private registries. */
export function loginOf(registry: Registry, request: HttpRequest, schemes: readonly Scheme[] = ["basic"]): LoginResult {
  const scheme = schemes.find((one) => hasScheme(request, one));
  const credentials = scheme && credentialsOf(request, scheme);
  if (credentials === undefined) return { ok: false, reason: "invalid" };
  const colon = credentials.indexOf(":");
  return registry.login(credentials.slice(0, Math.max(colon, 0)), credentials.slice(colon + 1));
}

/** The region that the login of a request on `/v2/` is for, where it has a good one. */
export function loginRegion(registry: Registry, request: HttpRequest): string | undefined {
  const login = loginOf(registry, withLowerCaseHeaders(request));
  return login.ok ? login.caller.region : undefined;
}

/** The answer to a request whose login failed, or that has none. */
export function challenge(request: HttpRequest, reason: "invalid" | "expired"): HttpResponse {
  if (reason === "expired") return expiredLogin();
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

/** documented text; the status is assumed for private registries, for sources disagree between 401 and 403. */
export const expiredLogin = (): HttpResponse =>
  envelope(403, "DENIED", "Your authorization token has expired. Reauthenticate and try again.");
