import { refusalOf } from "../../policy/access.js";
import type { RequestContext } from "../../policy/condition.js";
import type {
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
} from "../../protocol/sts-operations.js";
import type { State } from "../state.js";
import { accessDenied, invalidIdentityToken } from "./refusals.js";
import { openRoleSession } from "./role-session.js";
import { findRole, type RoleRef, readRoleArn } from "./roles.js";
import { readWebIdentity, requireCurrent, requireIssued, type WebIdentity } from "./web-identity-token.js";

/**
 * A session of a role for whoever an identity provider of the role's account vouches for. In an account that the accounts file does not name,
 * every provider is trusted unless authentication is strict; a signature is verified where the file has the provider's keys. The token ends by
 * the machine's clock, for its provider knows no other; the session that it opens ends by the registry's.
 */
export function assumeRoleWithWebIdentity(
  state: State,
  input: AssumeRoleWithWebIdentityRequest,
): AssumeRoleWithWebIdentityResponse {
  const ref = readRoleArn(input.RoleArn);
  const identity = readWebIdentity(input.WebIdentityToken);
  requireCurrent(identity, state.realTime.now());
  requireProvider(state, ref, input.WebIdentityToken, identity);
  const role = findRole(state, ref);
  const provider = `arn:${ref.partition}:iam::${ref.account}:oidc-provider/${issuerName(identity)}`;
  const refusal =
    role &&
    refusalOf(
      {
        identity: { account: ref.account, arn: provider, federated: provider },
        action: "sts:AssumeRoleWithWebIdentity",
        resource: ref.arn,
        context: contextOf(state, input, identity, provider),
      },
      { identity: [], resource: [role.trust], owner: ref.account, resourceMustAllow: true },
    );
  // observed text
  if (!role || refusal) throw accessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity");
  return {
    ...openRoleSession(state, ref, role, input, { session: {}, chained: false }),
    SubjectFromWebIdentityToken: identity.subject,
    Provider: provider,
    Audience: identity.audiences[0],
  };
}

/** An issuer as it is named in ARNs and conditions: without its scheme. */
const issuerName = ({ issuer }: WebIdentity): string => issuer.replace(/^https:\/\//, "").replace(/\/$/, "");

/** @throws {ServiceError} InvalidIdentityToken */
function requireProvider({ settings }: State, { account }: RoleRef, token: string, identity: WebIdentity): void {
  const known = settings.accounts.accounts.get(account);
  if (!known && settings.auth === "open") return;
  const provider = known?.identityProviders.get(issuerName(identity));
  // observed text
  if (!provider) throw invalidIdentityToken(`No OpenIDConnect provider found in your account for ${identity.issuer}`);
  requireIssued(token, identity, provider);
}

/** documented: IAM user guide, keys for OpenID Connect federation. */
function contextOf(
  state: State,
  { RoleSessionName: sessionName }: AssumeRoleWithWebIdentityRequest,
  identity: WebIdentity,
  provider: string,
): RequestContext {
  const nowMs = state.time.now();
  return {
    [`${issuerName(identity).toLowerCase()}:aud`]: identity.audiences,
    [`${issuerName(identity).toLowerCase()}:sub`]: [identity.subject],
    "aws:federatedprovider": [provider],
    "aws:currenttime": [new Date(nowMs).toISOString()],
    "aws:epochtime": [String(Math.floor(nowMs / 1000))],
    "sts:rolesessionname": [sessionName],
  };
}
