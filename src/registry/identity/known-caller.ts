import type { Identity, Policies } from "../../policy/access.js";
import type { RequestContext } from "../../policy/condition.js";
import { managedPolicy } from "../../policy/managed-policies.js";
import { type PolicyDocument, parsePolicyDocument } from "../../policy/policy-document.js";
import type { Caller, CallerSession } from "../registry.js";
import type { State } from "../state.js";
import { policyDocument } from "./policy-cache.js";
import { type CallerArn, factsOf, type PrincipalFacts, parseCallerArn } from "./principals.js";
import { uniqueIdOf } from "./unique-id.js";

/** A caller with what the accounts file and its session say of it. */
export interface KnownCaller {
  readonly caller: Caller;
  readonly arn: CallerArn;
  readonly facts: PrincipalFacts;
  readonly session: CallerSession;
  /** Whether its account lets it do everything. */
  readonly isUnlimited: boolean;
}

const NO_SESSION: CallerSession = {};

export function knownCaller({ settings }: Pick<State, "settings">, caller: Caller): KnownCaller {
  const arn = parseCallerArn(caller.arn);
  const facts = factsOf(settings.accounts, arn);
  const session = caller.session ?? NO_SESSION;
  const isUnlimited = facts.policies === undefined && session.policy === undefined && session.policyArns === undefined;
  return { caller, arn, facts, session, isUnlimited };
}

/** The caller as policies name it. */
export const identityOf = ({ caller, arn, facts }: KnownCaller): Identity => ({
  account: caller.account,
  arn: caller.arn,
  roleArn:
    facts.roleArn ??
    (arn.kind === "session" ? `arn:${arn.partition}:iam::${arn.account}:role/${arn.roleName}` : undefined),
});

const EVERYTHING: readonly PolicyDocument[] = [
  parsePolicyDocument(
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    "identity",
  ),
];

/** What the caller's own account and its session allow it. */
export const policiesOf = ({ facts, session }: KnownCaller): Pick<Policies, "identity" | "session"> => ({
  identity: facts.policies ?? EVERYTHING,
  session: sessionPolicies(session),
});

function sessionPolicies({ policy, policyArns }: CallerSession): readonly PolicyDocument[] | undefined {
  if (policy === undefined && policyArns === undefined) return undefined;
  const managed = (policyArns ?? []).flatMap((arn) => managedPolicy(arn) ?? []);
  return policy === undefined ? managed : [policyDocument(policy, "identity"), ...managed];
}

/** The unique id of a caller, as `aws:userid` and GetCallerIdentity have it. documented: IAM user guide, unique identifiers. */
export function userIdOf({ caller, arn }: KnownCaller): string {
  if (arn.kind === "session") return `${uniqueIdOf("AROA", `${arn.account}/${arn.roleName}`)}:${arn.sessionName}`;
  return arn.kind === "user" ? uniqueIdOf("AIDA", `${arn.account}/${caller.arn}`) : caller.account;
}

/** What conditions may ask of the caller and the moment. documented: IAM user guide, global condition keys. */
export function callerContext(known: KnownCaller, nowMs: number): RequestContext {
  const { caller, arn, facts, session } = known;
  const tags = Object.entries({ ...facts.tags, ...session.tags });
  return {
    "aws:principalarn": [identityOf(known).roleArn ?? caller.arn],
    "aws:principalaccount": [caller.account],
    "aws:principaltype": [PRINCIPAL_TYPES[arn.kind]],
    "aws:userid": [userIdOf(known)],
    "aws:currenttime": [new Date(nowMs).toISOString()],
    "aws:epochtime": [String(Math.floor(nowMs / 1000))],
    "aws:viaawsservice": ["false"],
    ...(arn.kind === "user" ? { "aws:username": [arn.name] } : {}),
    ...(facts.organization === undefined ? {} : { "aws:principalorgid": [facts.organization] }),
    ...(session.sourceIdentity === undefined ? {} : { "aws:sourceidentity": [session.sourceIdentity] }),
    ...(session.mfa === undefined ? {} : { "aws:multifactorauthpresent": [String(session.mfa)] }),
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:principaltag/${key.toLowerCase()}`, [value]])),
  };
}

const PRINCIPAL_TYPES = { root: "Account", user: "User", session: "AssumedRole", other: "Anonymous" } as const;
