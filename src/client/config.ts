import type { TokenStore } from "../cache/token-store.js";
import { EcrError } from "../errors.js";
import { isRegion } from "../image/partition.js";
import { type RetryOptions, type RetryPolicy, retryPolicy } from "../resilience/retry.js";
import { systemTime, type Time } from "../time.js";
import { network } from "../transport/network.js";
import type { Transport } from "../transport/transport.js";
import { copyOfAuth } from "./auth-check.js";
import type { AuthOptions } from "./auth-options.js";
import { requireTimeout } from "./call-scope.js";
import { endpointOf } from "./endpoint.js";
import { requireOptions } from "./options.js";
import { shown } from "./shown.js";

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
  /** How failed calls are tried again; false sends each once and renews no credentials. @default see `RetryOptions` */
  readonly retry?: Omit<RetryOptions, "time"> | false | undefined;
  /** Longest time for one attempt until its answer has come whole, in milliseconds. `timeoutMs` of a call bounds all of them with their waits. @default 30_000 */
  readonly requestTimeoutMs?: number | undefined;
  /** How long before its expiry a registry token is renewed in the background, in milliseconds below 12 hours. @default 300_000 */
  readonly tokenRefreshBufferMs?: number | undefined;
  /** Keeps registry tokens; one store may serve several clients. @default one in memory for this client */
  readonly tokenStore?: TokenStore | undefined;
  /** Carries the requests. It stays the caller's: `close` does not destroy it. @default `network()`, with sockets of its own */
  readonly transport?: Transport | undefined;
  /** @default the machine's clock, timers and chance */
  readonly time?: Time | undefined;
}

/** An {@link EcrClientConfig} that has been looked at: defaults filled in, every value in its range. */
export interface ResolvedConfig extends Pick<EcrClientConfig, "region" | "registryId" | "endpoint" | "tokenStore"> {
  readonly auth: AuthOptions;
  readonly useFips?: boolean | undefined;
  readonly useDualstack?: boolean | undefined;
  /** Undefined sends every call once. */
  readonly retry: RetryPolicy | undefined;
  readonly requestTimeoutMs: number;
  readonly tokenRefreshBufferMs: number;
  readonly transport: Transport;
  /** The transport is the client's own, so `close` destroys it, and AWS's providers keep to theirs. */
  readonly ownsTransport: boolean;
  readonly time: Time;
}

/** Checks the options, once, and fills in the defaults. @throws {EcrError} kind `InvalidParameter`, naming the option and its value */
export function resolveConfig(config: EcrClientConfig): ResolvedConfig {
  requireOptions("config", config, "createEcrClient", Object.keys(OPTIONS));
  const {
    region,
    registryId,
    auth = { kind: "default" },
    endpoint,
    useFips,
    useDualstack,
    retry = {},
    requestTimeoutMs = 30_000,
    tokenRefreshBufferMs = 300_000,
    tokenStore,
    transport,
    time = systemTime,
  } = config;
  requireThat("region", region, "the name of an AWS region such as us-east-1", isText, isRegion);
  requireThat("registryId", registryId, "an account's 12 digits", isText, (id) => /^[0-9]{12}$/.test(id));
  requireThat("useFips", useFips, "true or false", isBoolean);
  requireThat("useDualstack", useDualstack, "true or false", isBoolean);
  requireTimeout("requestTimeoutMs", requestTimeoutMs);
  const within12h = "a number of milliseconds from 0 to below 12 hours, a token's life";
  requireThat("tokenRefreshBufferMs", tokenRefreshBufferMs, within12h, isWithinTokenLife);
  if (retry !== false) requireThat("retry", retry, "an object of options, or false", isObject);
  requireThat("transport", transport, "an object with a method handle", hasMethods("handle"));
  requireThat("time", time, "an object with the methods now, sleep and random", hasMethods("now", "sleep", "random"));
  requireThat(
    "tokenStore",
    tokenStore,
    "an object with the methods get, set and delete",
    hasMethods("get", "set", "delete"),
  );
  if (endpoint !== undefined)
    endpointOf({ service: "ecr", region: region ?? "us-east-1", useFips, useDualstack, endpoint });
  return {
    region,
    registryId,
    auth: copyOfAuth(auth),
    endpoint: endpoint === undefined ? undefined : String(endpoint),
    useFips,
    useDualstack,
    retry: retry === false ? undefined : retryPolicy({ ...retry, time }),
    requestTimeoutMs,
    tokenRefreshBufferMs,
    tokenStore,
    transport: transport ?? network(),
    ownsTransport: transport === undefined,
    time,
  };
}

const OPTIONS: Readonly<Record<keyof EcrClientConfig, true>> = {
  region: true,
  registryId: true,
  auth: true,
  endpoint: true,
  useFips: true,
  useDualstack: true,
  retry: true,
  requestTimeoutMs: true,
  tokenRefreshBufferMs: true,
  tokenStore: true,
  transport: true,
  time: true,
};

/** How long a registry token is good, in milliseconds. documented: API reference, GetAuthorizationToken. */
const TOKEN_LIFE_MS = 43_200_000;

/** Refuses a value that is given and fails a test. */
function requireThat<T>(
  name: string,
  value: T | undefined,
  expected: string,
  ...tests: readonly ((value: T) => boolean)[]
): void {
  if (value === undefined || tests.every((test) => test(value))) return;
  throw new EcrError(`${name} must be ${expected}, got ${shown(value)}`, { kind: "InvalidParameter" });
}

const isText = (value: unknown): boolean => typeof value === "string";
const isWithinTokenLife = (value: unknown): boolean => typeof value === "number" && value >= 0 && value < TOKEN_LIFE_MS;
const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const hasMethods =
  (...names: readonly string[]) =>
  (value: unknown): boolean =>
    isObject(value) && names.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === "function");
