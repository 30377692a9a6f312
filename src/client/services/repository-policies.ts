import type { LifecycleRule } from "../../policy/lifecycle-rule.js";
import type { PolicyDocument } from "../../policy/policy-document.js";
import type { CallScope } from "../call-scope.js";
import { present } from "../listed.js";
import type { ServiceContext } from "../service-context.js";

/** The lifecycle policy of a repository. */
export interface RepositoryLifecyclePolicy {
  readonly repositoryName: string;
  /** The policy as ECR stores it: JSON. */
  readonly text: string;
  /** The rules with their defaults filled in, the lowest priority number first; undefined when this version of ecrkit cannot read one. */
  readonly rules: readonly LifecycleRule[] | undefined;
  /** When ECR last went by it; undefined before the first time. */
  readonly lastEvaluatedAt: Date | undefined;
}

/** Who may do what with a repository, beside what IAM allows. */
export interface RepositoryPolicy {
  readonly repositoryName: string;
  /** The policy as ECR stores it: JSON, but not with the spaces that it was set with. */
  readonly text: string;
  /** The same, read; undefined when IAM wrote what cannot be set, such as the id of a principal that was deleted. */
  readonly document: PolicyDocument | undefined;
}

/** @throws {EcrError} kind `LifecyclePolicyNotFound` when the repository has none */
export async function readLifecyclePolicy(
  { send, registry }: ServiceContext,
  repositoryName: string,
  scope: CallScope,
): Promise<RepositoryLifecyclePolicy> {
  const answer = await send("GetLifecyclePolicy", { ...registry, repositoryName }, scope);
  const text = present("GetLifecyclePolicy", "lifecyclePolicyText", answer.lifecyclePolicyText);
  const { parseLifecyclePolicy } = await import("../../policy/lifecycle-policy.js");
  const rules = readOrNothing(() => parseLifecyclePolicy(text).rules);
  return { repositoryName, text, rules, lastEvaluatedAt: answer.lastEvaluatedAt };
}

/** @throws {EcrError} kind `RepositoryPolicyNotFound` when the repository has none */
export async function readRepositoryPolicy(
  { send, registry }: ServiceContext,
  repositoryName: string,
  scope: CallScope,
): Promise<RepositoryPolicy> {
  const { policyText } = await send("GetRepositoryPolicy", { ...registry, repositoryName }, scope);
  const text = present("GetRepositoryPolicy", "policyText", policyText);
  const { parsePolicyDocument } = await import("../../policy/policy-document.js");
  return { repositoryName, text, document: readOrNothing(() => parsePolicyDocument(text, "repository")) };
}

/** What ECR has stored is there to be looked at, even where it cannot be understood. */
function readOrNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
