import { refusalOf } from "../../policy/access.js";
import type { Role } from "../../policy/accounts.js";
import type { RequestContext } from "../../policy/condition.js";
import type { AssumeRoleRequest, AssumeRoleResponse } from "../../protocol/sts-operations.js";
import { callerContext, identityOf, type KnownCaller, knownCaller, policiesOf } from "../identity/known-caller.js";
import type { Caller, CallerSession } from "../registry.js";
import type { State } from "../state.js";
import { accessDenied, notAuthorized } from "./refusals.js";
import { openRoleSession } from "./role-session.js";
import { findRole, type RoleRef, readRoleArn } from "./roles.js";

/** A session of a role whose trust policy, and whose caller's account, let the caller have one. */
export function assumeRole(state: State, caller: Caller, input: AssumeRoleRequest): AssumeRoleResponse {
  const ref = readRoleArn(input.RoleArn);
  const known = knownCaller(state, caller);
  // documented: the root of an account may assume no role. In open mode every access key is a root, and may.
  if (known.arn.kind === "root" && state.settings.auth === "strict")
    throw accessDenied("Roles may not be assumed by root accounts.");
  const role = findRole(state, ref);
  if (!role) throw notAuthorized(caller.arn, "sts:AssumeRole", ref.arn);
  const session = sessionOf(known, input);
  for (const action of actionsOf(input)) requireTrust(state, known, { action, ref, role }, input);
  const opened = openRoleSession(state, ref, role, input, { session, chained: known.arn.kind === "session" });
  return { ...opened, SourceIdentity: session.sourceIdentity };
}

/** documented: IAM user guide, session tags and source identity: each needs its own permission. */
const actionsOf = ({ Tags, SourceIdentity }: AssumeRoleRequest): readonly string[] => [
  "sts:AssumeRole",
  ...(Tags && Tags.length > 0 ? ["sts:TagSession"] : []),
  ...(SourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
];

/** What the session takes over from the caller's and what it is given. documented: transitive tags and the source identity stay for the whole chain. */
function sessionOf({ session }: KnownCaller, input: AssumeRoleRequest): CallerSession {
  const transitive = session.transitiveTagKeys ?? [];
  const inherited = Object.entries(session.tags ?? {}).filter(([key]) => transitive.includes(key));
  const given = (input.Tags ?? []).map(({ Key, Value }) => [Key, Value] as const);
  const tags = Object.fromEntries([...given, ...inherited]);
  const transitiveTagKeys = [...new Set([...transitive, ...(input.TransitiveTagKeys ?? [])])];
  return {
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
    sourceIdentity: session.sourceIdentity ?? input.SourceIdentity,
  };
}

function requireTrust(
  state: State,
  known: KnownCaller,
  { action, ref, role }: { readonly action: string; readonly ref: RoleRef; readonly role: Role },
  input: AssumeRoleRequest,
): void {
  const request = { identity: identityOf(known), action, resource: ref.arn, context: contextOf(state, known, input) };
  const refusal = refusalOf(request, {
    ...policiesOf(known),
    resource: [role.trust],
    owner: ref.account,
    resourceMustAllow: true,
  });
  if (refusal) throw notAuthorized(known.caller.arn, action, ref.arn);
}

/** documented: IAM user guide, condition keys of AWS STS. */
function contextOf(state: State, known: KnownCaller, input: AssumeRoleRequest): RequestContext {
  const tags = input.Tags ?? [];
  return {
    ...callerContext(known, state.time.now()),
    "sts:rolesessionname": [input.RoleSessionName],
    ...(input.ExternalId === undefined ? {} : { "sts:externalid": [input.ExternalId] }),
    ...(input.SourceIdentity === undefined ? {} : { "sts:sourceidentity": [input.SourceIdentity] }),
    ...(input.TransitiveTagKeys === undefined ? {} : { "sts:transitivetagkeys": input.TransitiveTagKeys }),
    // assumed: any code of any device is right, for there is no device here.
    ...(input.SerialNumber === undefined ? {} : { "aws:multifactorauthpresent": ["true"] }),
    ...(tags.length === 0 ? {} : { "aws:tagkeys": tags.map(({ Key }) => Key) }),
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:requesttag/${Key.toLowerCase()}`, [Value]])),
  };
}
