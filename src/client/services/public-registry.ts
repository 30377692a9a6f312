import { createTokenCache } from "../../cache/token-cache.js";
import type { StoredToken } from "../../cache/token-store.js";
import { EcrError } from "../../errors.js";
import { parseRegistryHost } from "../../image/registry-host.js";
import { isPublicRepositoryName, isRegistryAlias } from "../../image/repository-name.js";
import type { ImageIdentifier } from "../../protocol/ecr/images.js";
import type { ImageDetail } from "../../protocol/ecr-public/images.js";
import type { Repository } from "../../protocol/ecr-public/repositories.js";
import { Secret } from "../../secret.js";
import { type CallOptions, type CallScope, requireCallOptions, startScope, withinScope } from "../call-scope.js";
import { requireThat } from "../config-check.js";
import type { Distribution } from "../distribution/distribution.js";
import type { TokenSource } from "../distribution/login.js";
import type { PublicDistribution } from "../distribution/public-distribution.js";
import { publicOrigin } from "../distribution/public-origin.js";
import type { OpenWire } from "../distribution/wire.js";
import type { FailedCall } from "../error-mapper.js";
import { requireImageId } from "../identifiers.js";
import { imageName } from "../image-failure.js";
import { listed } from "../listed.js";
import { type Listing, type ListOptions, listing } from "../listing.js";
import type { ServiceContext } from "../service-context.js";
import { shown } from "../shown.js";
import type { AuthParts, RegistryToken } from "./auth.js";
import { readManifest, type StoredManifest } from "./stored-manifest.js";

/** How a public manifest is read. */
export interface PublicManifestOptions extends CallOptions {
  /**
   * `account` logs in with the client's AWS credentials, for which ECR Public lets more be pulled; they must be allowed
   * `ecr-public:GetAuthorizationToken` and `sts:GetServiceBearerToken`. @default "anonymous"
   */
  readonly login?: "anonymous" | "account" | undefined;
}

/** Amazon ECR Public. It is one service for the whole world, in us-east-1, whatever the client's region. */
export interface PublicRegistry {
  /** The repositories of the account's public registry. @throws {EcrError} of the kinds of `call`, while it is read */
  repositories(options?: ListOptions): Listing<Repository>;
  /** One of them. @throws {EcrError} kind `RepositoryNotFound` when there is none of this name */
  repository(name: string, options?: CallOptions): Promise<Repository>;
  /** The images of one of them. @throws {EcrError} of the kinds of `call`, while it is read */
  images(name: string, options?: ListOptions): Listing<ImageDetail>;
  /** A login to ECR Public that is good now. @throws {EcrError} kind `AccessDenied` and the like when there is none to be had */
  token(options?: CallOptions): Promise<RegistryToken>;
  /**
   * A manifest out of anybody's public repository, held to its digest; the name begins with the registry's alias, as in
   * `docker/library/alpine`.
   * @throws {EcrError} kind `ImageNotFound` when there is none, `Throttled` when more is pulled than ECR Public lets anybody
   */
  manifest(repository: string, id: ImageIdentifier, options?: PublicManifestOptions): Promise<StoredManifest>;
}

/** The service over a client's pipeline. `tokens` says where logins are kept, `openWire` gives what manifests are read by. */
export function createPublicRegistry(context: ServiceContext, tokens: AuthParts, openWire: OpenWire): PublicRegistry {
  const { send, time, registry } = context;
  const token = publicTokens(context, tokens, openWire);
  let loading: Promise<PublicDistribution> | undefined;
  // Loaded here, for most clients never read a public image.
  const load = (): Promise<PublicDistribution> => {
    loading ??= import("../distribution/public-distribution.js").then(({ publicDistribution }) =>
      publicDistribution(openWire, token, time),
    );
    return loading;
  };
  return {
    repositories: (options = {}) =>
      listing(time, options, async (page, scope) => {
        const answer = await send("ecr-public:DescribeRepositories", { ...registry, ...page }, scope);
        return { items: listed("DescribeRepositories", answer.repositories), nextToken: answer.nextToken };
      }),
    async repository(name, options) {
      requireName(name);
      const input = { ...registry, repositoryNames: [name] };
      const { repositories } = await send("ecr-public:DescribeRepositories", input, startScope(time, options));
      const [repository] = listed("DescribeRepositories", repositories);
      if (repository !== undefined) return repository;
      throw new EcrError(`DescribeRepositories of public repository "${name}" was answered without it`, {
        kind: "InvalidResponse",
        operation: "DescribeRepositories",
      });
    },
    images(name, options = {}) {
      requireName(name);
      return listing(time, options, async (page, scope) => {
        const input = { ...registry, repositoryName: name, ...page };
        const { imageDetails, nextToken } = await send("ecr-public:DescribeImages", input, scope);
        return { items: listed("DescribeImages", imageDetails), nextToken };
      });
    },
    token: (options = {}) => token("token", options),
    async manifest(repository, id, options = {}) {
      requireQualifiedName(repository);
      requireImageId("id", id);
      const { login = "anonymous" } = options;
      requireThat("login", login, '"anonymous" or "account"', isLogin);
      const scope = startScope(time, options, ["login"]);
      return readPublic((await load())[login], repository, id, scope);
    },
  };
}

async function readPublic(
  distribution: Distribution,
  repositoryName: string,
  id: ImageIdentifier,
  scope: CallScope,
): Promise<StoredManifest> {
  const { imageDigest, imageTag: tag } = id;
  const name = { repository: repositoryName, reference: imageDigest ?? tag ?? "" };
  const { bytes, mediaType, digest } = await distribution.manifest(name, scope);
  const manifest = readManifest(bytes, mediaType, imageName(repositoryName, id));
  return { repositoryName, digest, ...(tag !== undefined && { tag }), mediaType: manifest.mediaType, bytes, manifest };
}

/** Logins to ECR Public, kept like those to private registries. */
function publicTokens(
  context: ServiceContext,
  { store, refreshBufferMs, keyPrefix, onToken, fetching }: AuthParts,
  openWire: OpenWire,
): TokenSource {
  const { send, time } = context;
  const cache = createTokenCache({ store, time, refreshBufferMs, onEvent: onToken });
  const call: FailedCall = {
    operation: "GetAuthorizationToken",
    subject: "ECR Public",
    region: "us-east-1",
    attempts: 0,
  };
  const fetch = async (): Promise<StoredToken> => {
    const { authorizationData } = await send("ecr-public:GetAuthorizationToken", {}, {});
    const { authorizationToken, expiresAt } = authorizationData ?? {};
    if (!authorizationToken || !(expiresAt instanceof Date))
      throw new EcrError("GetAuthorizationToken of ECR Public was answered without a token", {
        kind: "InvalidResponse",
        operation: "GetAuthorizationToken",
      });
    return {
      authorizationToken: new Secret(authorizationToken),
      proxyEndpoint: publicOrigin((await openWire({})).place).origin,
      expiresAtMs: expiresAt.getTime(),
    };
  };
  return async (from, options) => {
    requireCallOptions(options);
    const scope = startScope(time, options);
    // A token that several callers wait for must not end with one of them, so it is fetched outside of their scopes.
    const ask = async (): Promise<StoredToken> =>
      cache[from === "token" ? "get" : "refresh"](`${await keyPrefix()} public`, () => fetching(fetch));
    const { authorizationToken, proxyEndpoint, expiresAtMs } = await withinScope(ask(), scope, time, () => call);
    return { authorizationToken, proxyEndpoint, expiresAt: new Date(expiresAtMs) };
  };
}

const isLogin = (login: unknown): boolean => login === "anonymous" || login === "account";

function requireName(name: unknown): void {
  if (typeof name === "string" && isPublicRepositoryName(name)) return;
  throw invalid("name must be 2 to 205 lower-case letters, digits and ._-/ as in team/app", name);
}

function requireQualifiedName(repository: unknown): void {
  const [, alias = "", name = ""] = /^([^/]*)\/(.*)$/s.exec(typeof repository === "string" ? repository : "") ?? [];
  // A host of ECR Public would pass for an alias.
  if (isRegistryAlias(alias) && parseRegistryHost(alias) === undefined && isPublicRepositoryName(name)) return;
  throw invalid("repository must be alias/name as in docker/library/alpine, without public.ecr.aws", repository);
}

const invalid = (demand: string, got: unknown): EcrError =>
  new EcrError(`${demand}, got ${shown(got)}`, { kind: "InvalidParameter" });
