import { parseRegistryHost } from "../../image/registry-host.js";
import type { Caller, Registry, Target } from "../../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";
import { hostOf } from "../request.js";
import { challenge, hasScheme, loginOf } from "./login.js";
import { admitToPublicRegistry } from "./public-registry.js";

/** Who came in, and what the paths of the registry that the request is about stand for. */
export interface Admission {
  readonly caller: Caller;
  /** The registry whose catalog may be read; absent in ECR Public. */
  readonly catalog?: Place;
  /** The repository that a path names. @throws ServiceError RepositoryNotFoundException */
  readonly targetOf: (name: string) => Target;
}

/**
 * Lets a request in, or answers why not. ECR Public has its own host names; where the Host does not tell, as on plain localhost, it also answers
 * to paths that begin with an alias and to whoever is logged in to it.
 */
export function admit(registry: Registry, request: HttpRequest): Admission | HttpResponse {
  const host = parseRegistryHost(hostOf(request));
  if (host?.kind === "public") return admitToPublicRegistry(registry, request);
  const named = host?.kind === "private" ? host : host?.registry;
  if (named === undefined && registry.publicRegistries.has(request.path.replace(/^\/v2\//, "")))
    return admitToPublicRegistry(registry, request);
  const login = loginOf(registry, request, named === undefined ? ["basic", "bearer"] : ["basic"]);
  if (!login.ok) return challenge(request, login.reason);
  const { caller, registryId } = login;
  if (named === undefined && caller.region === registry.publicRegistries.region)
    return admitToPublicRegistry(registry, request);
  if (!hasScheme(request, "basic")) return challenge(request, "invalid");
  return admitToPrivateRegistry(request, caller, named ?? { account: registryId, region: caller.region });
}

type Place = Omit<Target, "repositoryName">;

/** documented: a token of one region is no login in another. assumed: it is answered like no login. */
function admitToPrivateRegistry(
  request: HttpRequest,
  caller: Caller,
  { account, region }: Place,
): Admission | HttpResponse {
  if (region !== caller.region) return challenge(request, "invalid");
  return {
    caller,
    catalog: { account, region },
    targetOf: (repositoryName) => ({ account, region, repositoryName }),
  };
}
