import type { Role } from "../../policy/accounts.js";
import { managedPolicy } from "../../policy/managed-policies.js";
import { PolicyError, parsePolicyDocument } from "../../policy/policy-document.js";
import type { AssumeRoleResponse } from "../../protocol/sts-operations.js";
import { knownCaller, userIdOf } from "../identity/known-caller.js";
import { mintSession } from "../identity/sessions.js";
import type { CallerSession } from "../registry.js";
import type { State } from "../state.js";
import { credentialsOf } from "./credentials.js";
import { malformedPolicy, validationError } from "./refusals.js";
import type { RoleRef } from "./roles.js";

/** documented: STS API reference, DurationSeconds. */
const DEFAULT_DURATION_S = 3_600;
/** documented: IAM user guide, role chaining. */
const CHAINED_DURATION_S = 3_600;

interface SessionRequest {
  readonly RoleSessionName: string;
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined;
  readonly Policy?: string | undefined;
  readonly DurationSeconds?: number | undefined;
}

/** The session of a role that may be assumed. @throws {ServiceError} ValidationError | MalformedPolicyDocument */
export function openRoleSession(
  state: State,
  ref: RoleRef,
  role: Role,
  request: SessionRequest,
  { session, chained }: { readonly session: CallerSession; readonly chained: boolean },
): Required<Pick<AssumeRoleResponse, "Credentials" | "AssumedRoleUser" | "PackedPolicySize">> {
  const { DurationSeconds: durationS = DEFAULT_DURATION_S, RoleSessionName: sessionName } = request;
  // observed texts
  if (durationS > role.maxSessionDurationS)
    throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  if (chained && durationS > CHAINED_DURATION_S)
    throw validationError(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  const limits = readLimits(request);
  const arn = `arn:${ref.partition}:sts::${ref.account}:assumed-role/${ref.name}/${sessionName}`;
  const caller = { account: ref.account, region: "", arn };
  const minted = mintSession(state, { account: ref.account, arn, session: { ...session, ...limits } }, durationS);
  return {
    Credentials: credentialsOf(minted),
    AssumedRoleUser: { AssumedRoleId: userIdOf(knownCaller(state, caller)), Arn: arn },
    PackedPolicySize: packedPercent(request, session),
  };
}

/** What limits a session. A policy that is none is refused now, not when it is first asked. */
function readLimits({
  Policy: policy,
  PolicyArns: arns,
}: SessionRequest): Pick<CallerSession, "policy" | "policyArns"> {
  if (policy !== undefined) requirePolicy(policy);
  const policyArns = arns?.map(({ arn = "" }) => {
    if (managedPolicy(arn)) return arn;
    throw malformedPolicy(`The local ECR has no policy ${arn}; give the document as Policy`);
  });
  return { policy, policyArns: policyArns && policyArns.length > 0 ? policyArns : undefined };
}

function requirePolicy(policy: string): void {
  try {
    parsePolicyDocument(policy, "identity");
  } catch (error) {
    throw error instanceof PolicyError ? malformedPolicy(`Invalid policy: ${error.message}`) : error;
  }
}

/** assumed: that the limit is that of the plain texts, 2,048 characters; AWS packs them in a way that it does not tell. */
const packedPercent = ({ Policy: policy = "" }: SessionRequest, { tags = {} }: CallerSession): number =>
  Math.min(100, Math.ceil(((policy.length + JSON.stringify(tags).length - 2) / 2_048) * 100));
