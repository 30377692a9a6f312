import { randomUUID } from "node:crypto";
import type { AuthOptions } from "./auth-options.js";
import type { AwsCredentials } from "./credentials.js";
import type { Environment } from "./environment.js";

/**
 * A name for whoever the keys belong to that outlives the keys: the role, the long-term key or the profile, else the ARN that STS
 * answers. Where STS does not answer, a name that nobody else has, so that no token is ever served to another principal.
 */
export async function principalOf(
  auth: AuthOptions,
  env: Environment,
  { accessKeyId, sessionToken, accountId = "" }: AwsCredentials,
  askArn: () => Promise<string | undefined>,
): Promise<string> {
  if (auth.kind === "assume-role" || auth.kind === "web-identity") return auth.roleArn;
  if (sessionToken === undefined) return `key:${accessKeyId}`;
  const profile = auth.kind === "default" ? (auth.profile ?? env["AWS_PROFILE"]) : undefined;
  if (profile) return `profile:${accountId}/${profile}`;
  const arn = await askArn().catch(() => undefined);
  return arn ?? `process:${randomUUID()}`;
}

/** The account of whoever the keys belong to; where nobody says, the key itself: its rates are then counted apart. */
export async function accountOf(
  auth: AuthOptions,
  { accountId, accessKeyId }: AwsCredentials,
  askAccount: () => Promise<string | undefined>,
): Promise<string> {
  // documented: IAM user guide, the ARN of a role names its account.
  const role = auth.kind === "assume-role" || auth.kind === "web-identity" ? auth.roleArn.split(":")[4] : undefined;
  return role ?? accountId ?? (await askAccount().catch(() => undefined)) ?? `key:${accessKeyId}`;
}
