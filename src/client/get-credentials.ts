import type { Secret } from "../secret.js";
import type { AssumeRoleAuth, AuthOptions } from "./auth-options.js";
import { type CallOptions, startScope, withinScope } from "./call-scope.js";
import { type EcrClientConfig, type ResolvedConfig, resolveConfig } from "./config.js";
import { type Connection, connect } from "./connection.js";
import { sourceOf } from "./credential-sources.js";
import type { CredentialSource } from "./credentials.js";
import { locate } from "./environment.js";
import { opener } from "./opener.js";

/** AWS keys, their secrets hidden. They fit where keys are given: `provide` of an `auth` may return them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** Present with temporary keys. */
  readonly sessionToken?: Secret | undefined;
  /** Absent with keys that do not expire. */
  readonly expiration?: Date | undefined;
  /** Twelve digits, where the source of the keys knows them. */
  readonly accountId?: string | undefined;
}

/** How keys are got: as a client gets its own. `signal` and `timeoutMs` bound the whole. */
export type CredentialsOptions = CallOptions &
  Pick<
    EcrClientConfig,
    "region" | "endpoint" | "useFips" | "useDualstack" | "retry" | "requestTimeoutMs" | "transport" | "time"
  >;

/** How a role is assumed. */
export type AssumeRoleOptions = CredentialsOptions & Omit<AssumeRoleAuth, "kind" | "roleArn">;

/**
 * The keys that `auth` stands for, got now. A client needs no help with this: it keeps its own, and renews them before they expire.
 *
 * @throws {EcrError} kind `InvalidCredentials` when they cannot be had, `InvalidParameter` when an option is not what it must be
 */
export async function getCredentials(
  auth: AuthOptions = { kind: "default" },
  options: CredentialsOptions = {},
): Promise<Credentials> {
  const { signal, timeoutMs, caller, ...given } = options;
  const config = resolveConfig({ ...given, auth });
  const scope = startScope(config.time, { signal, timeoutMs, caller });
  const { region = "its region" } = config;
  const late = () => ({ operation: "getCredentials", subject: `auth ${auth.kind}`, region, attempts: 0 });
  try {
    const keys = await withinScope(sourceFor(config).get(), scope, config.time, late);
    const { expiresAtMs, ...others } = keys;
    return { ...others, ...(expiresAtMs !== undefined && { expiration: new Date(expiresAtMs) }) };
  } finally {
    if (config.ownsTransport) config.transport.destroy?.();
  }
}

/**
 * The keys of a role, assumed now with those of `source` or of the default chain.
 *
 * @throws {EcrError} kind `InvalidCredentials` when they cannot be had, `InvalidParameter` when an option is not what it must be
 */
export async function assumeRole(roleArn: string, options: AssumeRoleOptions = {}): Promise<Credentials> {
  const { signal, timeoutMs, caller, region, endpoint, useFips, useDualstack, ...others } = options;
  const { retry, requestTimeoutMs, transport, time, ...role } = others;
  const place = { region, endpoint, useFips, useDualstack };
  return getCredentials(
    { kind: "assume-role", roleArn, ...role },
    { signal, timeoutMs, caller, ...place, retry, requestTimeoutMs, transport, time },
  );
}

/** A source that finds out where STS is only if it has to ask it. */
function sourceFor(config: ResolvedConfig): CredentialSource {
  const { auth, region, time, transport, ownsTransport, retry, requestTimeoutMs } = config;
  const { env } = process;
  const place = opener(() => locate(config, env));
  const stsOf = (credentials: CredentialSource): Connection => {
    const sts = opener(async () =>
      connect({ place: await place.open(), credentials, transport, retry, requestTimeoutMs, time }),
    );
    return { send: async (exchange, scope) => (await sts.open()).send(exchange, scope) };
  };
  return sourceOf(auth, { env, time, region, stsOf, ...(!ownsTransport && { transport }) });
}
