import type { Time } from "../time.js";
import type { AuthOptions } from "./auth-options.js";
import type { ResolvedConfig } from "./config.js";
import { type Connection, connect } from "./connection.js";
import { sourceOf } from "./credential-sources.js";
import type { CredentialSource } from "./credentials.js";
import type { Wire } from "./distribution/wire.js";
import { locate, type Place } from "./environment.js";
import { accountOf, principalOf } from "./principal.js";
import { type CallerIdentity, callerIdentity } from "./sts-exchange.js";

/** What stands once region and endpoint are known. */
export interface Line {
  readonly place: Place;
  readonly connection: Connection;
  /** The same without AWS's signature, for a registry's own `/v2/` and the URLs of layers. */
  readonly wire: Wire;
  readonly credentials: CredentialSource;
  /** What an answer depends on beside its input: endpoint, region and principal. */
  readonly keyPrefix: () => Promise<string>;
}

/** Longest time to ask STS who the caller is, in milliseconds: the answer only names a cache entry, or a rate. */
const IDENTITY_TIMEOUT_MS = 5_000;

/** Finds out where calls go, and connects. `shared` holds the sources of keys that several clients use. */
export async function openLine(config: ResolvedConfig, shared?: Map<AuthOptions, CredentialSource>): Promise<Line> {
  const { auth, time, transport, ownsTransport, retry, requestTimeoutMs, limiter } = config;
  const { env } = process;
  await config.observer.ready();
  const place = await locate({ ...config, profile: profileOf(auth) }, env);
  const { region } = place;
  const breakerOf = config.breakersOf?.(region);
  const parts = { place, transport, retry, requestTimeoutMs, time, breakerOf };
  // STS publishes no rate, and asking it for keys must not wait for whose rates are counted.
  const stsOf = (credentials: CredentialSource): Connection => connect({ ...parts, credentials });
  const own = { env, time, region, stsOf, shared, ...(!ownsTransport && { transport }) };
  const credentials = sourceOf(auth, own);
  const who = identity(stsOf(credentials), time);
  const account = limiter?.isShared
    ? await accountOf(auth, await credentials.get(), async () => (await who()).Account)
    : "own";
  const isAws = place.isAws && transport.isLocal !== true;
  const wire = { ...parts, limiter: limiter?.limiterFor(isAws), account };
  let principal: Promise<string> | undefined;
  return {
    place,
    connection: connect({ ...wire, credentials }),
    wire: {
      ...wire,
      get observer() {
        return config.observer.current();
      },
      readOnly: config.readOnly,
    },
    credentials,
    async keyPrefix() {
      const keys = await credentials.get();
      principal ??= principalOf(auth, env, keys, async () => (await who()).Arn);
      return `${place.endpointOf("ecr").host} ${region} ${await principal}`;
    },
  };
}

/** The profile of AWS's files that is used, if one is named. */
const profileOf = (auth: AuthOptions): string | undefined => {
  if (auth.kind === "default") return auth.profile;
  return auth.kind === "assume-role" && auth.source !== undefined ? profileOf(auth.source) : undefined;
};

/** Asks STS who the caller is; once it has answered, it is not asked again. */
function identity(sts: Connection, time: Time): () => Promise<CallerIdentity> {
  let known: Promise<CallerIdentity> | undefined;
  return () => {
    known ??= sts.send(callerIdentity(), { deadlineMs: time.now() + IDENTITY_TIMEOUT_MS }).catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
