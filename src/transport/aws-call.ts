import { parseRegistryHost } from "../image/registry-host.js";
import { parseTarget } from "../protocol/request.js";
import { parseAuthorization, parsePresignedQuery } from "../protocol/sigv4-verify.js";
import type { HttpRequest } from "./transport.js";

/** What a request asks of AWS, as far as can be told from outside. */
export interface AwsCall {
  /** How it is spoken, and so how an error must look: AWS JSON, STS's query protocol, a registry's `/v2/`, or the store behind layer URLs. */
  readonly face: "api" | "sts" | "registry" | "layers";
  /**
   * The operation, one of ECR Public and of STS with its service, such as `ecr-public:PutImage` and `sts:AssumeRole`. On `/v2/`, the
   * operation that ECR turns the request into (documented: facts of CloudTrail samples; the mapping by route is assumed), with its service for
   * ECR Public, which has no operations for pulls: those have the names of ECR's (assumed). The bytes
   * behind a layer URL are `DownloadLayer`, a name of ecrkit's own.
   */
  readonly operation: string;
  /** The repository in the path; the ones in the body of a call are read by {@link repositoriesIn}. */
  readonly repository?: string | undefined;
}

/** Whether a path below `/v2/` begins with the alias of a public registry, on a host that leaves open which registry it is. */
export type IsPublicPath = (path: string) => boolean;

/** The call that a request makes, or undefined when it is none to ECR, STS or a registry. */
export function awsCallOf(request: HttpRequest, isPublicPath?: IsPublicPath): AwsCall | undefined {
  const { path, method } = request;
  if (path === "/v2" || path.startsWith("/v2/")) return registryCall(request, isPublicPath);
  if (/(?:^|-)layer-bucket\.s3\./.test(request.hostname) || path.startsWith("/_layers/"))
    return { face: "layers", operation: "DownloadLayer" };
  if (path !== "/") return undefined;
  // A presigned call to STS.
  const action = method === "GET" ? request.query?.["Action"] : undefined;
  if (action !== undefined) return { face: "sts", operation: `sts:${[action].flat()[0] ?? ""}` };
  if (method !== "POST") return undefined;
  const target = headerOf(request, "x-amz-target");
  if (target === undefined) return { face: "sts", operation: "sts:" };
  const named = parseTarget(target);
  if (named === undefined) return undefined;
  const operation = named.service === "ecr" ? named.name : `${named.service}:${named.name}`;
  return { face: "api", operation };
}

const REPOSITORY_PATH =
  /^\/v2\/(.+)\/(?:(tags)\/list|(manifests)\/[^/]+|(blobs)\/(uploads)(\/[^/]*)?|blobs\/[^/]+|(referrers)\/[^/]+)$/;

function registryCall(request: HttpRequest, isPublicPath: IsPublicPath = () => false): AwsCall {
  const [, repository, tags, manifests, , uploads, uploadId = "", referrers] = REPOSITORY_PATH.exec(request.path) ?? [];
  const operation = (): string => {
    const { method } = request;
    if (repository === undefined)
      return request.path === "/v2/_catalog" ? "DescribeRepositories" : "GetAuthorizationToken";
    if (tags !== undefined) return "ListImages";
    if (referrers !== undefined) return "ListImageReferrers";
    if (manifests !== undefined)
      return method === "PUT" ? "PutImage" : method === "DELETE" ? "BatchDeleteImage" : "BatchGetImage";
    if (uploads === undefined) return method === "HEAD" ? "BatchCheckLayerAvailability" : "GetDownloadUrlForLayer";
    if (uploadId.length <= 1) return "InitiateLayerUpload";
    return method === "PUT" ? "CompleteLayerUpload" : "UploadLayerPart";
  };
  const host = parseRegistryHost(hostIn(request));
  const isOpen = host === undefined || (host.kind === "local" && host.registry === undefined);
  if (host?.kind !== "public" && !(isOpen && isPublicPath(request.path.slice("/v2/".length))))
    return { face: "registry", operation: operation(), repository };
  // What comes before the name is the registry's alias.
  return { face: "registry", operation: `ecr-public:${operation()}`, repository: repository?.replace(/^[^/]*\//, "") };
}

/** The region that a request is for: the one that its signature's scope names, or its registry's host. */
export function regionIn(request: HttpRequest): string | undefined {
  const authorization = headerOf(request, "authorization");
  const signed =
    authorization === undefined ? parsePresignedQuery(request.query ?? {}) : parseAuthorization(authorization);
  if (signed !== undefined) return signed.region;
  const host = parseRegistryHost(hostIn(request));
  return host?.kind === "private" ? host.region : host?.kind === "local" ? host.registry?.region : undefined;
}

const hostIn = (request: HttpRequest): string => headerOf(request, "host") ?? request.hostname;

/** A header's value, its name in any case. */
export function headerOf({ headers }: HttpRequest, name: string): string | undefined {
  if (headers[name] !== undefined) return headers[name];
  const found = Object.keys(headers).find((one) => one.toLowerCase() === name);
  return found === undefined ? undefined : headers[found];
}

/** The action of a call to STS, by its body. */
export const stsActionIn = (body: string): string => `sts:${new URLSearchParams(body).get("Action") ?? ""}`;

/** The repositories that the body of a call names: none when it is not JSON. */
export function repositoriesIn(body: string): readonly string[] {
  try {
    const { repositoryName, repositoryNames, resourceArn } = JSON.parse(body) as Record<string, unknown>;
    const named = typeof resourceArn === "string" ? /:repository\/(.+)$/.exec(resourceArn)?.[1] : repositoryName;
    return [named, ...(Array.isArray(repositoryNames) ? repositoryNames : [])].filter((one) => typeof one === "string");
  } catch {
    return [];
  }
}
