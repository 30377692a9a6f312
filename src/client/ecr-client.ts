import type { InputOf, OperationName, OutputOf } from "../protocol/operations.js";
import { refreshing } from "../telemetry/pipeline-observer.js";
import type { AuthOptions } from "./auth-options.js";
import { type CallOptions, startScope } from "./call-scope.js";
import { type EcrClientConfig, type ResolvedConfig, resolveConfig } from "./config.js";
import type { CredentialSource } from "./credentials.js";
import { wireOf } from "./distribution/wire.js";
import { openLine } from "./line.js";
import { opener } from "./opener.js";
import { senderOver } from "./sender.js";
import type { ServiceContext } from "./service-context.js";
import { type Auth, type AuthParts, createAuth } from "./services/auth.js";
import { createImages, type Images } from "./services/images.js";
import { createManifests, type Manifests } from "./services/manifests.js";
import { createPublicRegistry, type PublicRegistry } from "./services/public-registry.js";
import { createReplication, type Replication } from "./services/replication.js";
import { createRepositories, type Repositories } from "./services/repositories.js";
import { createScans, type Scans } from "./services/scans.js";

/** Amazon ECR, in one region. */
export interface EcrClient {
  readonly repositories: Repositories;
  readonly images: Images;
  readonly manifests: Manifests;
  readonly scans: Scans;
  readonly replication: Replication;
  readonly auth: Auth;
  readonly publicRegistry: PublicRegistry;
  /**
   * Any operation by its AWS name, such as `PutImage` or `ecr-public:PutImage`, through the same pipeline: checked before it is sent,
   * signed, retried, its errors mapped.
   * @throws {EcrError} of the kind that says what went wrong; never anything else
   */
  call<N extends OperationName>(operation: N, input: InputOf<N>, options?: CallOptions): Promise<OutputOf<N>>;
  /** Frees what the client opened: sockets, and the connection of a limiter to its Redis. */
  close(): Promise<void>;
}

/**
 * A client of Amazon ECR. Nothing is looked up or sent until the first call; then region, endpoint and credentials that are not given
 * here come from AWS's environment variables and shared files, as with the AWS SDK.
 *
 * @throws {EcrError} kind `InvalidParameter`, naming the option and its value
 */
export function createEcrClient(config: EcrClientConfig = {}): EcrClient {
  return clientOf(resolveConfig(config));
}

/** A client by options that have been looked at. `shared` holds the sources of keys that several clients use. */
export function clientOf(config: ResolvedConfig, shared?: Map<AuthOptions, CredentialSource>): EcrClient {
  const { time, registryId, transport, ownsTransport, cache, tokenRefreshBufferMs, limiter, observer } = config;
  const line = opener(() => openLine(config, shared));
  const send = senderOver(config, line);
  const context: ServiceContext = {
    send,
    time,
    registry: registryId === undefined ? {} : { registryId },
    region: () => line.current()?.place.region ?? config.region ?? "an unknown region",
  };
  const openWire = wireOf(line, time, context.region);
  const tokens: AuthParts = {
    store: cache.tokens,
    refreshBufferMs: tokenRefreshBufferMs,
    keyPrefix: async () => (line.current() ?? (await line.open())).keyPrefix(),
    onToken: (event) => observer.current()?.token(event, context.region()),
    fetching: (work) => refreshing(observer.current(), work),
  };
  return {
    repositories: createRepositories(context),
    images: createImages(context),
    manifests: createManifests(context, openWire),
    scans: createScans(context),
    replication: createReplication(context),
    auth: createAuth(context, tokens),
    publicRegistry: createPublicRegistry(context, tokens, openWire),
    call: async (operation, input, options) => send(operation, input, startScope(time, options)),
    async close() {
      if (ownsTransport) transport.destroy?.();
      await limiter?.close();
    },
  };
}
