import type { StsCredentials } from "../../protocol/sts-operations.js";
import type { MintedSession } from "../identity/sessions.js";

/** Temporary keys as STS answers them. */
export const credentialsOf = (minted: MintedSession): StsCredentials => ({
  AccessKeyId: minted.accessKeyId,
  SecretAccessKey: minted.secretAccessKey,
  SessionToken: minted.sessionToken,
  Expiration: new Date(minted.expiresAtMs),
});
