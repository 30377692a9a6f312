import { createTokenCache } from "../../cache/token-cache.js";
import type { StoredToken, TokenStore } from "../../cache/token-store.js";
import { EcrError } from "../../errors.js";
import { Secret } from "../../secret.js";
import type { TokenEvent } from "../../telemetry/pipeline-observer.js";
import { type CallOptions, type CallScope, requireCallOptions, startScope, withinScope } from "../call-scope.js";
import type { FailedCall } from "../error-mapper.js";
import { requireRegistryId } from "../identifiers.js";
import { listed } from "../listed.js";
import { type LoginCommand, type LoginTool, loginCommand, requireTool } from "../login-command.js";
import type { ServiceContext } from "../service-context.js";

/** Which registry to log in to. */
export interface TokenOptions extends CallOptions {
  /** An account's twelve digits. @default the client's `registryId`, else the caller's own registry */
  readonly registryId?: string | undefined;
}

/** A login to a registry, as ECR gives it. */
export interface RegistryToken {
  /** Base64 of `AWS:` and the password: what follows `Basic ` in an `Authorization` header. */
  readonly authorizationToken: Secret;
  /** 12 hours after it was given. */
  readonly expiresAt: Date;
  /** The registry's URL, such as `https://123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
  readonly proxyEndpoint: string;
}

/** A login to a registry as docker and its like take it. */
export interface DockerCredentials {
  /** The registry's host, with its port where it has one. */
  readonly registry: string;
  /** Always `AWS`. */
  readonly username: string;
  readonly password: Secret;
  readonly expiresAt: Date;
}

/** How a login command is made. */
export interface LoginOptions extends TokenOptions {
  /** @default "docker" */
  readonly tool?: LoginTool | undefined;
}

/** Logins to the registry's data plane. Tokens are cached, and renewed in the background before they expire. */
export interface Auth {
  /** A token that is good now. @throws {EcrError} kind `AccessDenied`, `InvalidCredentials` and the like when there is none to be had */
  token(options?: TokenOptions): Promise<RegistryToken>;
  /** The same as host, user name and password. */
  credentials(options?: TokenOptions): Promise<DockerCredentials>;
  /** The command that logs a tool in. The password is no part of it: it goes to the command's standard input. */
  loginCommand(options?: LoginOptions): Promise<LoginCommand>;
  /** A new token in place of the cached one, for when a registry refuses that before its time. */
  refresh(options?: TokenOptions): Promise<RegistryToken>;
}

/** What the service needs beside its context. */
export interface AuthParts {
  readonly store: TokenStore;
  readonly refreshBufferMs: number;
  /** What a token depends on beside its registry: endpoint, region and principal. */
  readonly keyPrefix: () => Promise<string>;
  /** Told what the cache did, if anybody watches. */
  readonly onToken?: ((event: TokenEvent) => void) | undefined;
  /** Runs what asks for a token. */
  readonly fetching: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The service over a client's pipeline. */
export function createAuth(
  context: ServiceContext,
  { store, refreshBufferMs, keyPrefix, onToken, fetching }: AuthParts,
): Auth {
  const { time, registry } = context;
  const cache = createTokenCache({ store, time, refreshBufferMs, onEvent: onToken });

  const ask = async (from: "get" | "refresh", options: TokenOptions = {}): Promise<RegistryToken> => {
    const scope = startScope(time, options, ["registryId"]);
    const { registryId = registry.registryId } = options;
    requireRegistryId(registryId);
    const cached = async (): Promise<StoredToken> =>
      // A token that several callers wait for must not end with one of them, so it is fetched outside of their scopes.
      cache[from](`${await keyPrefix()} ${registryId ?? "own"}`, () =>
        fetching(() => fetchToken(context, registryId, {})),
      );
    const late = (): FailedCall => ({
      operation: "GetAuthorizationToken",
      subject: "the registry",
      region: context.region(),
      attempts: 0,
    });
    return tokenOf(await withinScope(cached(), scope, time, late));
  };

  const credentials = async (options?: TokenOptions): Promise<DockerCredentials> =>
    credentialsOf(await ask("get", options));

  return {
    token: (options) => ask("get", options),
    credentials,
    async loginCommand(options = {}) {
      requireCallOptions(options, ["registryId", "tool"]);
      const { tool = "docker", ...others } = options;
      requireTool(tool);
      return loginCommand(tool, await credentials(others));
    },
    refresh: (options) => ask("refresh", options),
  };
}

async function fetchToken(
  { send, region }: ServiceContext,
  registryId: string | undefined,
  scope: CallScope,
): Promise<StoredToken> {
  const input = registryId === undefined ? {} : { registryIds: [registryId] };
  const { authorizationData } = await send("GetAuthorizationToken", input, scope);
  const [data] = listed("GetAuthorizationToken", authorizationData);
  if (data === undefined || !data.authorizationToken || !(data.expiresAt instanceof Date) || !data.proxyEndpoint)
    throw new EcrError(`GetAuthorizationToken in ${region()} was answered without a token`, {
      kind: "InvalidResponse",
      operation: "GetAuthorizationToken",
      region: region(),
    });
  return {
    authorizationToken: new Secret(data.authorizationToken),
    proxyEndpoint: data.proxyEndpoint,
    expiresAtMs: data.expiresAt.getTime(),
  };
}

const tokenOf = ({ authorizationToken, proxyEndpoint, expiresAtMs }: StoredToken): RegistryToken => ({
  authorizationToken,
  proxyEndpoint,
  expiresAt: new Date(expiresAtMs),
});

function credentialsOf({ authorizationToken, proxyEndpoint, expiresAt }: RegistryToken): DockerCredentials {
  const text = Buffer.from(authorizationToken.reveal(), "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1)
    throw new EcrError("the authorization token is not the base64 of a user name, a colon and a password", {
      kind: "InvalidResponse",
      operation: "GetAuthorizationToken",
    });
  return {
    registry: proxyEndpoint.replace(/^https?:\/\//, "").replace(/\/.*$/, ""),
    username: text.slice(0, colon),
    password: new Secret(text.slice(colon + 1)),
    expiresAt,
  };
}
