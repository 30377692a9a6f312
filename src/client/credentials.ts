import { EcrError } from "../errors.js";
import { Secret } from "../secret.js";
import type { Time } from "../time.js";

/** The AWS keys that requests are signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** Present with temporary keys. */
  readonly sessionToken?: Secret | undefined;
  /** Milliseconds since the epoch; absent with keys that do not expire. */
  readonly expiresAtMs?: number | undefined;
  /** Twelve digits, where the source of the keys knows them. */
  readonly accountId?: string | undefined;
}

/** The credentials of a client, ready when they are needed. */
export interface CredentialSource {
  /** The keys if they are at hand and good. Starts a renewal in the background when they expire soon. */
  current(): AwsCredentials | undefined;
  /** The keys, waiting for them if need be. @throws {EcrError} kind `InvalidCredentials` when there are none */
  get(): Promise<AwsCredentials>;
  /** Replaces keys that the service refused; does nothing if they have been replaced already. */
  renew(refused: AwsCredentials | undefined): Promise<void>;
}

/** Keys are renewed so long before they expire, in milliseconds, as the AWS SDKs do. */
const RENEWAL_BUFFER_MS = 300_000;
/** Milliseconds before a background renewal is tried again: a source may go on giving keys that expire soon. */
const RENEWAL_PAUSE_MS = 30_000;

/** Keeps what `load` gives until it expires; asks one caller at a time. `load` is told whether it must look anew. */
export function credentialSource(time: Time, load: (anew: boolean) => Promise<AwsCredentials>): CredentialSource {
  let held: AwsCredentials | undefined;
  let loading: Promise<AwsCredentials> | undefined;
  let pausedUntilMs = 0;

  const start = (anew: boolean): Promise<AwsCredentials> => {
    loading ??= load(anew)
      .then((credentials) => {
        held = credentials;
        return credentials;
      })
      .finally(() => {
        loading = undefined;
        pausedUntilMs = time.now() + RENEWAL_PAUSE_MS;
      });
    return loading;
  };

  const current = (): AwsCredentials | undefined => {
    if (held?.expiresAtMs === undefined) return held;
    const nowMs = time.now();
    if (nowMs >= held.expiresAtMs) return undefined;
    // Nobody waits for this renewal: its failure matters only when the keys have expired, and then it is met again.
    if (nowMs >= held.expiresAtMs - RENEWAL_BUFFER_MS && nowMs >= pausedUntilMs) start(true).catch(() => undefined);
    return held;
  };

  return {
    current,
    get: async () => current() ?? start(held !== undefined),
    async renew(refused) {
      if (held === refused) await start(true);
    },
  };
}

/** Keys as AWS's providers and callers spell them. */
export interface PlainCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string | Secret;
  readonly sessionToken?: string | Secret | undefined;
  readonly expiration?: Date | undefined;
  readonly accountId?: string | undefined;
}

/** What a key, a secret or a session token must be: two of them go into headers, and no AWS key holds anything else. */
export const KEY_DEMAND = "text of visible ASCII characters, without a space or a line break";

/** Whether a value can be an access key id, a secret access key or a session token. */
export function isKey(value: unknown): boolean {
  const text = typeof value === "object" && value !== null && "reveal" in value ? (value as Secret).reveal() : value;
  return typeof text === "string" && /^[!-~]+$/.test(text);
}

/** The keys with their secrets hidden. @throws {EcrError} kind `InvalidCredentials` when one of them is missing or malformed */
export function hideSecrets(plain: PlainCredentials, source: string): AwsCredentials {
  const problem = problemOf(plain);
  if (problem !== undefined) throw new EcrError(`${source} gave ${problem}`, { kind: "InvalidCredentials" });
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = plain;
  return {
    accessKeyId,
    secretAccessKey: asSecret(secretAccessKey),
    ...(sessionToken && { sessionToken: asSecret(sessionToken) }),
    ...(expiration && { expiresAtMs: expiration.getTime() }),
    ...(accountId && { accountId }),
  };
}

/** What is wrong with keys, without showing any of them. */
function problemOf(plain: PlainCredentials | null | undefined): string | undefined {
  if (typeof plain !== "object" || plain === null) return "no keys";
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = plain;
  if (!accessKeyId || !secretAccessKey) return `no ${accessKeyId ? "secretAccessKey" : "accessKeyId"}`;
  for (const [name, value] of Object.entries({ accessKeyId, secretAccessKey, sessionToken }))
    if (value && !isKey(value)) return `an unusable ${name}: it must be ${KEY_DEMAND}`;
  return expiration && !(expiration instanceof Date) ? "an expiration that is no Date" : undefined;
}

const asSecret = (value: string | Secret): Secret => (typeof value === "string" ? new Secret(value) : value);
