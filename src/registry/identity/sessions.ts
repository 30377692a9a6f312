import { randomBytes } from "node:crypto";
import { partitionOf } from "../../image/partition.js";
import { Secret } from "../../secret.js";
import type { Caller, CallerSession, Credential } from "../registry.js";
import type { Signer } from "../signer.js";
import type { State } from "../state.js";

/** What a session token says. */
interface Claims {
  readonly accessKeyId: string;
  readonly account: string;
  readonly arn: string;
  readonly session: CallerSession;
  readonly expiresAtMs: number;
}

/** Temporary keys as STS hands them out. */
export interface MintedSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAtMs: number;
}

/** Keys for a session that ends `durationS` seconds from now. Nothing is kept: the token says all, signed. */
export function mintSession(
  { signer, time }: Pick<State, "signer" | "time">,
  { account, arn, session }: Omit<Claims, "accessKeyId" | "expiresAtMs">,
  durationS: number,
): MintedSession {
  // documented: IAM, unique identifiers: temporary keys begin with ASIA.
  const accessKeyId = `ASIA${randomId(16)}`;
  const expiresAtMs = (Math.floor(time.now() / 1000) + durationS) * 1000;
  const claims: Claims = { accessKeyId, account, arn, session, expiresAtMs };
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  const sessionToken = `${payload}.${signer.sign("session", payload)}`;
  return { accessKeyId, secretAccessKey: secretOf(signer, accessKeyId), sessionToken, expiresAtMs };
}

/** Who holds an access key of the accounts file, or one that {@link mintSession} made, which comes with its token. */
export function credentialOf(
  { settings, signer, time }: Pick<State, "settings" | "signer" | "time">,
  accessKeyId: string,
  sessionToken: string | undefined,
): Credential | undefined {
  if (sessionToken !== undefined) {
    const claims = readToken(signer, sessionToken);
    if (claims?.accessKeyId !== accessKeyId) return undefined;
    const { account, arn, session, expiresAtMs } = claims;
    return {
      secretAccessKey: new Secret(secretOf(signer, accessKeyId)),
      sessionToken,
      expired: time.now() >= expiresAtMs,
      caller: (region): Caller => ({ account, region, arn, session }),
    };
  }
  const key = settings.accounts.accessKeys.get(accessKeyId);
  if (!key) return undefined;
  const { account, userName, secretAccessKey } = key;
  const user = userName === undefined ? undefined : settings.accounts.accounts.get(account)?.users.get(userName);
  const resource = userName === undefined ? "root" : `user${user?.path ?? "/"}${userName}`;
  return {
    secretAccessKey,
    expired: false,
    caller: (region): Caller => ({
      account,
      region,
      arn: `arn:${partitionOf(region).name}:iam::${account}:${resource}`,
    }),
  };
}

function readToken(signer: Signer, token: string): Claims | undefined {
  const [payload = "", signature = ""] = token.split(".");
  if (!signer.verify("session", payload, signature)) return undefined;
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
}

/** As long as AWS's own, 40 characters. */
const secretOf = (signer: Signer, accessKeyId: string): string => signer.sign("session-key", accessKeyId).slice(0, 40);

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Characters of base32. */
const randomId = (length: number): string =>
  Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
