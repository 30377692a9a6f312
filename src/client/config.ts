import { isRegion } from "../image/partition.js";
import { systemTime, type Time } from "../time.js";
import { network } from "../transport/network.js";
import type { Transport } from "../transport/transport.js";
import { copyOfAuth } from "./auth-check.js";
import type { AuthOptions } from "./auth-options.js";
import { type CacheConfig, cacheOf, type ResolvedCache } from "./cache-options.js";
import { requireTimeout } from "./call-scope.js";
import { hasMethods, isBoolean, isText, requireThat } from "./config-check.js";
import type { Retry } from "./connection.js";
import { endpointOf } from "./endpoint.js";
import { requireOptions } from "./options.js";
import {
  type BreakerConfig,
  type BreakerOf,
  breakersOf,
  type LimiterConfig,
  type LimiterSource,
  limiterOf,
  type RetryConfig,
  retryOf,
} from "./policies.js";
import { type LoggerConfig, type ObserverSource, observerSource, type TelemetryConfig } from "./telemetry.js";

/** Options of {@link createEcrClient}. Each may be left out; an explicit `undefined` is the same. */
export interface EcrClientConfig {
  /** The region to call. @default AWS_REGION, else AWS_DEFAULT_REGION, else the region of the profile */
  readonly region?: string | undefined;
  /** The registry that the services ask, an account's twelve digits. `call` sends only what it is given. @default the caller's own */
  readonly registryId?: string | undefined;
  /** Where the AWS credentials come from. @default AWS's default chain */
  readonly auth?: AuthOptions | undefined;
  /**
   * A URL to call instead of AWS's own, such as that of a local ECR: scheme, host, port and path. Not together with FIPS or dual-stack.
   * @default AWS_ENDPOINT_URL_ECR, else AWS_ENDPOINT_URL, else the profile's, else AWS's own
   */
  readonly endpoint?: string | URL | undefined;
  /** Calls the FIPS endpoints. @default AWS_USE_FIPS_ENDPOINT, else the profile's, else false */
  readonly useFips?: boolean | undefined;
  /** Calls the endpoints that answer on IPv4 and IPv6. @default AWS_USE_DUALSTACK_ENDPOINT, else the profile's, else false */
  readonly useDualstack?: boolean | undefined;
  /** Refuses every operation that writes with kind `ReadOnly`, before anything is sent. @default false */
  readonly readOnly?: boolean | undefined;
  /** How failed calls are tried again; false sends each once and renews no credentials. @default see `RetryOptions` */
  readonly retry?: RetryConfig | undefined;
  /**
   * When calls to a region that fails again and again are refused for a while with kind `CircuitOpen`; false never refuses one. ECR,
   * ECR Public and STS have a circuit each. @default see `BreakerOptions`
   */
  readonly breaker?: BreakerConfig | undefined;
  /**
   * What keeps calls within ECR's rates before it throttles; false sends them as they come. One that several clients share is told their
   * account, for which STS is asked once where the keys do not say it.
   * @default ECR's published rates, or none for a local ECR or an endpoint that is not AWS's; both follow what the service allows
   */
  readonly limiter?: LimiterConfig | undefined;
  /** Longest time for one attempt until its answer has come whole, in milliseconds. `timeoutMs` of a call bounds all of them with their waits. @default 30_000 */
  readonly requestTimeoutMs?: number | undefined;
  /** How long before its expiry a registry token is renewed in the background, in milliseconds below 12 hours. @default 300_000 */
  readonly tokenRefreshBufferMs?: number | undefined;
  /** What is kept between calls; false keeps nothing, not even registry tokens. @default registry tokens, in memory for this client */
  readonly cache?: CacheConfig | false | undefined;
  /** Where measurements and spans of the calls go; false takes none. @default the OpenTelemetry SDK that is registered, if one is */
  readonly telemetry?: TelemetryConfig | undefined;
  /** Gets a line for what happens: any logger of the shape of pino's. No line holds a secret, or what a call is about. @default false */
  readonly logger?: LoggerConfig | undefined;
  /** Carries the requests. It stays the caller's: `close` does not destroy it. @default `network()`, with sockets of its own */
  readonly transport?: Transport | undefined;
  /** @default the machine's clock, timers and chance */
  readonly time?: Time | undefined;
}

/** An {@link EcrClientConfig} that has been looked at: defaults filled in, every value in its range. */
export interface ResolvedConfig extends Pick<EcrClientConfig, "region" | "registryId" | "endpoint"> {
  readonly auth: AuthOptions;
  readonly useFips: boolean | undefined;
  readonly useDualstack: boolean | undefined;
  readonly readOnly: boolean;
  /** Undefined sends every call once. */
  readonly retry: Retry | undefined;
  readonly breakersOf: ((region: string) => BreakerOf) | undefined;
  readonly limiter: LimiterSource | undefined;
  readonly requestTimeoutMs: number;
  readonly tokenRefreshBufferMs: number;
  readonly cache: ResolvedCache;
  readonly observer: ObserverSource;
  readonly transport: Transport;
  /** The transport is the client's own, so `close` destroys it, and AWS's providers keep to theirs. */
  readonly ownsTransport: boolean;
  readonly time: Time;
}

/** Checks the options, once, and fills in the defaults. @throws {EcrError} kind `InvalidParameter`, naming the option and its value */
export function resolveConfig(config: EcrClientConfig): ResolvedConfig {
  requireOptions("config", config, "createEcrClient", CLIENT_OPTIONS);
  const { region, registryId, auth = { kind: "default" }, endpoint, useFips, useDualstack, transport } = config;
  const { readOnly = false, requestTimeoutMs = 30_000, tokenRefreshBufferMs = 300_000, time = systemTime } = config;
  const { retry = {}, breaker = {}, limiter, cache = {}, telemetry = {}, logger = false } = config;
  requireValues(config);
  if (endpoint !== undefined)
    endpointOf({ service: "ecr", region: region ?? "us-east-1", useFips, useDualstack, endpoint });
  const observer = observerSource(telemetry, logger, time);
  return {
    region,
    registryId,
    auth: copyOfAuth(auth),
    endpoint: endpoint === undefined ? undefined : String(endpoint),
    useFips,
    useDualstack,
    readOnly,
    retry: retryOf(retry, time),
    breakersOf: breakersOf(breaker, time, observer),
    limiter: limiterOf(limiter, time),
    requestTimeoutMs,
    tokenRefreshBufferMs,
    cache: cacheOf(cache, time),
    observer,
    transport: transport ?? network(),
    ownsTransport: transport === undefined,
    time,
  };
}

/** What each option must be by itself; policies and caches look at their own. */
function requireValues(config: EcrClientConfig): void {
  const { region, registryId, useFips, useDualstack, readOnly, requestTimeoutMs, tokenRefreshBufferMs } = config;
  requireThat("region", region, "the name of an AWS region such as us-east-1", isText, isRegion);
  requireThat("registryId", registryId, "an account's 12 digits", isText, (id) => /^[0-9]{12}$/.test(id));
  for (const [name, flag] of Object.entries({ useFips, useDualstack, readOnly }))
    requireThat(name, flag, "true or false", isBoolean);
  requireTimeout("requestTimeoutMs", requestTimeoutMs);
  const within12h = "a number of milliseconds from 0 to below 12 hours, a token's life";
  requireThat("tokenRefreshBufferMs", tokenRefreshBufferMs, within12h, isWithinTokenLife);
  requireThat("transport", config.transport, "an object with a method handle", hasMethods("handle"));
  const clock = hasMethods("now", "sleep", "random");
  requireThat("time", config.time, "an object with the methods now, sleep and random", clock);
}

/** How long a registry token is good, in milliseconds. documented: API reference, GetAuthorizationToken. */
const TOKEN_LIFE_MS = 43_200_000;

const isWithinTokenLife = (value: unknown): boolean => typeof value === "number" && value >= 0 && value < TOKEN_LIFE_MS;

/** The names of all of them. */
export const CLIENT_OPTIONS: readonly string[] = Object.keys({
  region: true,
  registryId: true,
  auth: true,
  endpoint: true,
  useFips: true,
  useDualstack: true,
  readOnly: true,
  retry: true,
  breaker: true,
  limiter: true,
  requestTimeoutMs: true,
  tokenRefreshBufferMs: true,
  cache: true,
  telemetry: true,
  logger: true,
  transport: true,
  time: true,
} satisfies Record<keyof EcrClientConfig, true>);
