import { randomUUID } from "node:crypto";
import { buildStsRequest, parseStsResponse } from "../protocol/sts.js";
import { stsOperations } from "../protocol/sts-operations.js";
import type { AuthOptions } from "./auth-options.js";
import type { AwsCredentials } from "./credentials.js";
import type { Environment } from "./environment.js";
import type { Exchange } from "./exchange.js";

/** The question to STS who signs. */
export function callerIdentity(): Exchange<{ readonly Arn?: string | undefined }> {
  const { GetCallerIdentity } = stsOperations;
  return {
    operation: "GetCallerIdentity",
    service: "sts",
    access: "read",
    subject: () => "the caller",
    ...buildStsRequest(GetCallerIdentity, {}),
    parse: (response) => parseStsResponse(GetCallerIdentity, response),
  };
}

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
