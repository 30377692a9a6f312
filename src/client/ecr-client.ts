import { memoryTokenStore } from "../cache/token-store.js";
import type { InputOf, OperationName, OutputOf } from "../protocol/operations.js";
import { loadCredentials } from "./auth-options.js";
import { type CallOptions, startScope, withinScope } from "./call-scope.js";
import { type EcrClientConfig, type ResolvedConfig, resolveConfig } from "./config.js";
import { type Connection, connect } from "./connection.js";
import { credentialSource } from "./credentials.js";
import { locate, type Place } from "./environment.js";
import type { FailedCall } from "./error-mapper.js";
import { failedCall, startRun } from "./exchange.js";
import { exchangeOf, type Send } from "./operation-exchange.js";
import { callerIdentity, principalOf } from "./principal.js";
import type { ServiceContext } from "./service-context.js";
import { type Auth, createAuth } from "./services/auth.js";
import { createImages, type Images } from "./services/images.js";
import { createRepositories, type Repositories } from "./services/repositories.js";

/** Amazon ECR, in one region. */
export interface EcrClient {
  readonly repositories: Repositories;
  readonly images: Images;
  readonly auth: Auth;
  /**
   * Any operation by its AWS name, such as `PutImage` or `ecr-public:PutImage`, through the same pipeline: checked before it is sent,
   * signed, retried, its errors mapped.
   * @throws {EcrError} of the kind that says what went wrong; never anything else
   */
  call<N extends OperationName>(operation: N, input: InputOf<N>, options?: CallOptions): Promise<OutputOf<N>>;
  /** Frees the sockets that the client opened. */
  close(): void;
}

/**
 * A client of Amazon ECR. Nothing is looked up or sent until the first call; then region, endpoint and credentials that are not given
 * here come from AWS's environment variables and shared files, as with the AWS SDK.
 *
 * @throws {EcrError} kind `InvalidParameter`, naming the option and its value
 */
export function createEcrClient(config: EcrClientConfig = {}): EcrClient {
  const resolved = resolveConfig(config);
  const { time, registryId, region, transport, ownsTransport, tokenStore, tokenRefreshBufferMs } = resolved;
  let line: Line | undefined;
  let opening: Promise<Line> | undefined;
  const open = (): Promise<Line> => {
    opening ??= openLine(resolved).then(
      (opened) => {
        line = opened;
        return opened;
      },
      (error) => {
        // A region may be set in time for the next call.
        opening = undefined;
        throw error;
      },
    );
    return opening;
  };

  const regionForPeople = (): string => line?.place.region ?? region ?? "an unknown region";

  const send: Send = async (operation, input, scope) => {
    const exchange = exchangeOf(operation, input, send);
    const late = (): FailedCall => failedCall(startRun(exchange, scope), regionForPeople());
    const { connection } = line ?? (await withinScope(open(), scope, time, late));
    return connection.send(exchange, scope);
  };
  const context: ServiceContext = {
    send,
    time,
    registry: registryId === undefined ? {} : { registryId },
    region: regionForPeople,
  };
  return {
    repositories: createRepositories(context),
    images: createImages(context),
    auth: createAuth(context, {
      store: tokenStore ?? memoryTokenStore(),
      refreshBufferMs: tokenRefreshBufferMs,
      keyPrefix: async () => (line ?? (await open())).tokenKeyPrefix(),
    }),
    call: async (operation, input, options) => send(operation, input, startScope(time, options)),
    close() {
      if (ownsTransport) transport.destroy?.();
    },
  };
}

/** What stands once region and endpoint are known. */
interface Line {
  readonly place: Place;
  readonly connection: Connection;
  readonly tokenKeyPrefix: () => Promise<string>;
}

/** Longest time to ask STS who the caller is, in milliseconds: the answer only names the cache entry. */
const IDENTITY_TIMEOUT_MS = 5_000;

async function openLine(config: ResolvedConfig): Promise<Line> {
  const { auth, time, transport, ownsTransport, retry, requestTimeoutMs } = config;
  const { env } = process;
  const profile = auth.kind === "default" || auth.kind === "assume-role" ? auth.profile : undefined;
  const place = await locate({ ...config, profile }, env);
  const { region } = place;
  const credentials = credentialSource(time, (anew) =>
    loadCredentials(auth, { env, region, anew, ...(!ownsTransport && { transport }) }),
  );
  const connection = connect({ place, credentials, transport, retry, requestTimeoutMs, time });
  const askArn = async (): Promise<string | undefined> =>
    (await connection.send(callerIdentity(), { deadlineMs: time.now() + IDENTITY_TIMEOUT_MS })).Arn;
  let principal: Promise<string> | undefined;
  return {
    place,
    connection,
    async tokenKeyPrefix() {
      const keys = await credentials.get();
      principal ??= principalOf(auth, env, keys, askArn);
      return `${place.endpointOf("ecr").host} ${region} ${await principal}`;
    },
  };
}
