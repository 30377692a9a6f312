import { parseRegistryHost } from "../../image/registry-host.js";
import type { LoginResult, Registry } from "../../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";
import { textAnswer } from "../answer.js";
import { hostOf, originOf } from "../request.js";
import type { Admission } from "./admission.js";
import { envelope } from "./errors.js";
import { credentialsOf, expiredLogin, loginOf } from "./login.js";

/** Whether the Host leaves open which registry is meant, as plain localhost does: then a client has one login for all of them. */
const isSharedHost = (request: HttpRequest): boolean => parseRegistryHost(hostOf(request))?.kind !== "public";

/** observed: what skopeo 1.9 and podman, told of Basic, send when they have no login: neither a name nor a password. */
const NOBODY = ":";

/** Lets a request in, logged in or anonymous, or answers why not. */
export function admitToPublicRegistry(registry: Registry, request: HttpRequest): Admission | HttpResponse {
  const { publicRegistries } = registry;
  const { region, anonymous } = publicRegistries;
  const targetOf: Admission["targetOf"] = (name) => publicRegistries.target(name);
  const login = publicLoginOf(registry, request);
  if (login === undefined) {
    // A client that was told of Basic by `/v2/` on a shared host, and has no login, does not know of tokens: let it pull.
    const isRead = request.method === "GET" || request.method === "HEAD";
    return isRead && isSharedHost(request) ? { caller: anonymous, targetOf } : publicChallenge(request);
  }
  const refused = refusalOf(login, region, request);
  return refused ?? { caller: { ...(login.ok ? login.caller : anonymous), region }, targetOf };
}

/** Answers the token endpoint: whoever has a login gets it back as a Bearer token, whoever has none an anonymous one. */
export function answerToken(registry: Registry, request: HttpRequest): HttpResponse {
  if (request.method !== "GET" && request.method !== "HEAD")
    return envelope(405, "UNSUPPORTED", `${request.method} is not supported here`, { allow: "GET, HEAD" });
  const credentials = credentialsOf(request, "basic");
  if (credentials === undefined || credentials === NOBODY)
    return tokenAnswer(registry.publicRegistries.anonymousToken());
  const refused = refusalOf(loginOf(registry, request), registry.publicRegistries.region, request);
  return refused ?? tokenAnswer(Buffer.from(credentials).toString("base64"));
}

/** Basic with the password, as at the token endpoint (assumed), or Bearer with a token of it, which is the login itself: both are `AWS:` and the password in base64. */
function publicLoginOf(registry: Registry, request: HttpRequest): LoginResult | undefined {
  if (request.headers["authorization"] === undefined || credentialsOf(request, "basic") === NOBODY) return undefined;
  return loginOf(registry, request, ["basic", "bearer"]);
}

function refusalOf(login: LoginResult, region: string, request: HttpRequest): HttpResponse | undefined {
  // observed: 403 and this text for a login that has expired, also where none would be needed (aws-samples/eks-workshop #1544).
  if (!login.ok && login.reason === "expired") return expiredLogin();
  if (login.ok && (login.caller.region === region || isSharedHost(request))) return undefined;
  // observed: aws-cdk #24244.
  return envelope(400, "DENIED", "Your Authorization Token is invalid.");
}

const tokenAnswer = (token: string): HttpResponse =>
  textAnswer(200, { "content-type": "application/json; charset=utf-8" }, JSON.stringify({ token }));

/** observed: header of an unauthenticated request. */
const publicChallenge = (request: HttpRequest): HttpResponse =>
  textAnswer(
    401,
    {
      "content-type": "text/plain; charset=utf-8",
      "www-authenticate": `Bearer realm="${originOf(request)}/token/",service="public.ecr.aws",scope="aws"`,
    },
    "Not Authorized\n",
  );
