import { buildStsRequest, parseStsResponse } from "../protocol/sts.js";
import { type StsCredentials, type StsOperation, stsOperations } from "../protocol/sts-operations.js";
import type { AssumeRoleAuth, WebIdentityAuth } from "./auth-options.js";
import type { Exchange } from "./exchange.js";

/** The name of a session that is given none. */
const SESSION_NAME = "ecrkit";

/** What STS answers when it is asked for keys. */
export interface SessionKeys {
  readonly Credentials?: StsCredentials | undefined;
}

/** Whoever signs, as STS knows them. */
export interface CallerIdentity {
  readonly Arn?: string | undefined;
  readonly Account?: string | undefined;
}

/** The question to STS who signs. */
export const callerIdentity = (): Exchange<CallerIdentity> =>
  stsExchange(stsOperations.GetCallerIdentity, {}, "the caller");

/** The request for the keys of a role, signed by whoever may assume it. */
export const assumeRoleExchange = (auth: AssumeRoleAuth): Exchange<SessionKeys> =>
  stsExchange(
    stsOperations.AssumeRole,
    {
      RoleArn: auth.roleArn,
      RoleSessionName: auth.sessionName || SESSION_NAME,
      ExternalId: auth.externalId || undefined,
      DurationSeconds: auth.durationSeconds,
    },
    `role "${auth.roleArn}"`,
  );

/** The request for the keys of a role with the token of an identity provider, which stands for a signature. */
export const webIdentityExchange = (auth: WebIdentityAuth, token: string): Exchange<SessionKeys> => ({
  ...stsExchange(
    stsOperations.AssumeRoleWithWebIdentity,
    { RoleArn: auth.roleArn, RoleSessionName: auth.sessionName || SESSION_NAME, WebIdentityToken: token },
    `role "${auth.roleArn}"`,
  ),
  isUnsigned: true,
});

/** Nothing is changed by asking twice. */
const stsExchange = <I, O>(operation: StsOperation<I, O>, input: I, subject: string): Exchange<O> => ({
  operation: operation.name,
  service: "sts",
  access: "read",
  subject: () => subject,
  ...buildStsRequest(operation, input),
  parse: (response) => parseStsResponse(operation, response),
});
