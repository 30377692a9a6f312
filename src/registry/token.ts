import { isPublic } from "./public-region.js";
import type { Caller, LoginResult } from "./registry.js";
import type { Signer } from "./signer.js";

/** How long an authorization token is good. documented: GetAuthorizationToken, 12 hours. */
const TOKEN_LIFE_MS = 12 * 60 * 60 * 1000;

/** What a token says: the principal that asked for it, and the account whose registry it is for. */
interface Claims {
  readonly caller: Caller;
  readonly registryId: string;
}

/**
 * The password inside an authorization token. The member names, type and version are those of ECR's own (version "2": assumed, "3" of ECR Public: documented); payload
 * and datakey are opaque to clients: here the claims and their signature.
 */
interface Password {
  readonly payload: string;
  readonly datakey: string;
  readonly version: "2" | "3";
  readonly type: "DATA_KEY";
  /** Epoch seconds. */
  readonly expiration: number;
}

/** An authorization token: base64 of `AWS:` and the password. */
export interface MintedToken {
  readonly authorizationToken: string;
  readonly expiresAtMs: number;
}

/** A token that {@link readPassword} takes for the next 12 hours, for the caller's own registry or another account's. */
export function mintToken(
  signer: Signer,
  nowMs: number,
  caller: Caller,
  registryId: string = caller.account,
): MintedToken {
  const expiration = Math.floor((nowMs + TOKEN_LIFE_MS) / 1000);
  const payload = base64(JSON.stringify({ caller, registryId } satisfies Claims));
  const datakey = signer.sign("token", signedText(payload, expiration));
  const version = isPublic(caller) ? "3" : "2";
  const password: Password = { payload, datakey, version, type: "DATA_KEY", expiration };
  return { authorizationToken: base64(`AWS:${base64(JSON.stringify(password))}`), expiresAtMs: expiration * 1000 };
}

/** Who holds `password`, if this registry minted it and it has not expired. */
export function readPassword(signer: Signer, nowMs: number, password: string): LoginResult {
  const login = verified.get(signer)?.get(password) ?? verify(signer, password);
  if (login === undefined) return { ok: false, reason: "invalid" };
  return nowMs < login.expiresAtMs ? login.result : { ok: false, reason: "expired" };
}

/** A password whose signature is right. */
interface VerifiedLogin {
  readonly expiresAtMs: number;
  readonly result: LoginResult;
}

/** Passwords that are kept once they are verified: a client sends the same one with every request of a push or pull. */
const KEPT = 1_000;

const verified = new WeakMap<Signer, Map<string, VerifiedLogin>>();

function verify(signer: Signer, password: string): VerifiedLogin | undefined {
  const parsed = parsePassword(password);
  if (!parsed || !signer.verify("token", signedText(parsed.payload, parsed.expiration), parsed.datakey))
    return undefined;
  const claims = JSON.parse(fromBase64(parsed.payload)) as Claims;
  const login: VerifiedLogin = { expiresAtMs: parsed.expiration * 1000, result: { ok: true, ...claims } };
  const kept = verified.get(signer) ?? new Map<string, VerifiedLogin>();
  const [oldest] = kept.size < KEPT ? [] : kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
  verified.set(signer, kept.set(password, login));
  return login;
}

function parsePassword(password: string): Pick<Password, "payload" | "datakey" | "expiration"> | undefined {
  try {
    const { payload, datakey, expiration } = JSON.parse(fromBase64(password)) as Record<string, unknown>;
    return typeof payload === "string" && typeof datakey === "string" && typeof expiration === "number"
      ? { payload, datakey, expiration }
      : undefined;
  } catch {
    // Not base64 of a JSON object: somebody else's password, or a mistyped one.
    return undefined;
  }
}

const signedText = (payload: string, expiration: number): string => `${payload}.${expiration}`;
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const fromBase64 = (text: string): string => Buffer.from(text, "base64").toString();
