import { conditionHolds, type RequestContext } from "./condition.js";
import type { PolicyDocument, Principal, Selection, Statement } from "./policy-document.js";
import { matchesPattern } from "./wildcard.js";

/** Who asks. */
export interface Identity {
  readonly account: string;
  /** The principal, such as `arn:aws:iam::111122223333:user/ci` or `arn:aws:sts::111122223333:assumed-role/deploy/run-1`. */
  readonly arn: string;
  /** The role behind a session: a policy that names the role means its sessions too. */
  readonly roleArn?: string | undefined;
  /** Set when an AWS service asks, such as `replication.ecr.amazonaws.com`. */
  readonly service?: string | undefined;
  /** Set when an identity provider vouches for the one who asks: its ARN, or its name where it is known to AWS. */
  readonly federated?: string | undefined;
}

/** What is asked for. */
export interface AccessRequest {
  readonly identity: Identity;
  /** The IAM action, such as `ecr:PutImage`. */
  readonly action: string;
  /** The resource's ARN, or `*` for an action without one. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** What one policy says to a request. `silent` is neither; `delegate` allows the caller's account, which must allow the caller itself. */
export type Verdict = "allow" | "delegate" | "deny" | "silent";

/** What a policy says to a request: a matching Deny beats every Allow. */
export function verdictOf(policy: PolicyDocument, request: AccessRequest): Verdict {
  const matching = policy.statements.filter((statement) => applies(statement, request));
  if (matching.some(({ effect }) => effect === "Deny")) return "deny";
  if (matching.length === 0) return "silent";
  return matching.every((statement) => isDelegation(statement, request.identity)) ? "delegate" : "allow";
}

/** The kinds of policy that AWS's messages tell apart. */
type PolicyType = "identity-based" | "resource-based" | "session";

/** Why a request is refused: a Deny in that kind of policy, or no Allow in any of it. */
export interface Refusal {
  readonly type: PolicyType;
  readonly explicit: boolean;
}

/** The policies that bear on a request. */
export interface Policies {
  /** What the caller may do, by its own account's word. */
  readonly identity: readonly PolicyDocument[];
  /** What limits the caller's session, if anything does. */
  readonly session?: readonly PolicyDocument[] | undefined;
  /** What hangs on the resource and on its registry. */
  readonly resource: readonly PolicyDocument[];
  /** The account that owns the resource. */
  readonly owner: string;
  /** Whether a policy of the resource must allow it even within the account, as to assume a role. @default false */
  readonly resourceMustAllow?: boolean | undefined;
}

/**
 * Decides a request: within one account an identity policy or a resource policy that names the caller may allow it, across accounts both
 * must; a session policy must as well; any Deny refuses it. documented: IAM user guide, policy evaluation logic.
 */
export function refusalOf(
  request: AccessRequest,
  { identity, session, resource, owner, resourceMustAllow = false }: Policies,
): Refusal | undefined {
  const byIdentity = judge(identity, request);
  const bySession = session ? judge(session, request) : "allow";
  const byResource = judge(resource, request);
  if (byIdentity === "deny") return { type: "identity-based", explicit: true };
  if (byResource === "deny") return { type: "resource-based", explicit: true };
  if (bySession === "deny") return { type: "session", explicit: true };
  const sameAccount = request.identity.account === owner;
  const resourceAllows = byResource === "allow" || byResource === "delegate";
  if (!resourceAllows && (resourceMustAllow || (!sameAccount && byIdentity === "allow")))
    return { type: "resource-based", explicit: false };
  if (byIdentity !== "allow" && !(sameAccount && byResource === "allow"))
    return { type: "identity-based", explicit: false };
  return bySession === "allow" ? undefined : { type: "session", explicit: false };
}

/** What several policies say together. */
function judge(policies: readonly PolicyDocument[], request: AccessRequest): Verdict {
  const verdicts = policies.map((policy) => verdictOf(policy, request));
  return (["deny", "allow", "delegate"] as const).find((verdict) => verdicts.includes(verdict)) ?? "silent";
}

/**
 * The end of AWS's message for a refusal: `because no identity-based policy allows the ecr:PutImage action`.
 * documented: IAM user guide, troubleshooting access denied messages.
 */
export const refusalText = ({ type, explicit }: Refusal, action: string): string =>
  explicit
    ? `with an explicit deny in ${type === "identity-based" ? "an" : "a"} ${type} policy`
    : `because no ${type} policy allows the ${action} action`;

function applies(statement: Statement, request: AccessRequest): boolean {
  const { actions, principals, resources, conditions } = statement;
  const action = request.action.toLowerCase();
  return (
    selects(actions, (pattern) => matchesPattern(pattern.toLowerCase(), action)) &&
    (principals === undefined || selects(principals, (principal) => isPrincipal(principal, request.identity))) &&
    (resources === undefined || selects(resources, (pattern) => matchesPattern(pattern, request.resource))) &&
    conditions.every((condition) => conditionHolds(condition, request.context))
  );
}

/**
 * Whether a statement reaches the caller only as one of its account: then the account's own policies decide whether it may.
 * documented: IAM user guide, AWS account principals.
 */
function isDelegation({ principals }: Statement, identity: Identity): boolean {
  if (principals === undefined || principals.not || isRoot(identity.arn)) return false;
  return principals.values
    .filter((principal) => isPrincipal(principal, identity))
    .every((principal) => principal.kind === "aws" && isRoot(principal.value));
}

const isRoot = (arn: string): boolean => arn.endsWith(":root");

const selects = <T>({ not, values }: Selection<T>, matches: (value: T) => boolean): boolean =>
  values.some(matches) !== not;

function isPrincipal(principal: Principal, identity: Identity): boolean {
  switch (principal.kind) {
    case "everyone":
      return true;
    case "service":
      return principal.value === identity.service;
    case "federated":
      return principal.value === identity.federated;
    case "aws":
      return (
        identity.service === undefined &&
        identity.federated === undefined &&
        (principal.value === identity.arn ||
          principal.value === identity.roleArn ||
          principal.value.replace(/^arn:[a-z-]+:/, "") === `iam::${identity.account}:root`)
      );
  }
}
