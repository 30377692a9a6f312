import { verdictOf } from "../policy/access.js";
import { type PolicyDocument, PolicyError, parsePolicyDocument } from "../policy/policy-document.js";
import { ServiceError } from "../protocol/service-error.js";
import { callerContext, identityOf, knownCaller } from "./identity/known-caller.js";
import { policyTextOf } from "./policy-text.js";
import { isPublic } from "./public-region.js";
import { invalidParameter } from "./refusals.js";
import type { Caller, Target } from "./registry.js";
import { repositoryArnOf } from "./repositories.js";
import type { State } from "./state.js";

/** observed text: moto's tests. It does not say what is wrong. */
const invalidPolicy = (): ServiceError => invalidParameter("PolicyText", "Invalid repository policy provided");

/** observed text */
export const repositoryPolicyNotFound = ({ account, repositoryName }: Target): ServiceError =>
  new ServiceError(
    "RepositoryPolicyNotFoundException",
    `Repository policy does not exist for the repository with name '${repositoryName}' in the registry with id '${account}'`,
  );

/** A repository policy that may be stored: as the evaluator reads it, and the text that is given back. */
export interface RepositoryPolicy {
  readonly document: PolicyDocument;
  readonly text: string;
}

/**
 * Reads the policy of a repository of `target`'s kind of registry.
 *
 * @throws {ServiceError} InvalidParameterException when it is no policy, or names actions of another service (assumed)
 */
export function readRepositoryPolicy(target: Pick<Target, "region">, text: string): RepositoryPolicy {
  try {
    const document = parsePolicyDocument(text, "repository");
    // observed (aws-cdk #24314, ECR user guide #20): a repository's policy is about that repository and may not name a resource.
    if (document.statements.some(({ resources }) => resources !== undefined)) throw invalidPolicy();
    const prefix = `${serviceOf(target)}:`;
    const isOwn = (action: string): boolean => action === "*" || action.toLowerCase().startsWith(prefix);
    if (!document.statements.every(({ actions }) => actions.values.every(isOwn))) throw invalidPolicy();
    return { document, text: policyTextOf(JSON.parse(text)) };
  } catch (error) {
    throw error instanceof PolicyError ? invalidPolicy() : error;
  }
}

/**
 * Refuses a policy that would keep its author from setting another: one that denies it, or that does not allow it to another account.
 * documented: SetRepositoryPolicy, force; assumed text.
 *
 * @throws {ServiceError} InvalidParameterException
 */
export function refuseLockOut(state: State, { document }: RepositoryPolicy, caller: Caller, target: Target): void {
  const known = knownCaller(state, caller);
  const identity = identityOf(known);
  const verdict = verdictOf(document, {
    identity,
    action: `${serviceOf(target)}:SetRepositoryPolicy`,
    resource: repositoryArnOf(target),
    context: callerContext(known, state.time.now()),
  });
  if (verdict === "deny" || (verdict === "silent" && identity.account !== target.account))
    throw invalidParameter(
      "PolicyText",
      "The policy would prevent the caller from setting another policy on this repository; set force to set it nevertheless",
    );
}

const serviceOf = (target: Pick<Target, "region">): "ecr" | "ecr-public" => (isPublic(target) ? "ecr-public" : "ecr");
