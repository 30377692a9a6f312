import { parseLifecyclePolicy } from "../../policy/lifecycle-policy.js";
import { LifecyclePolicyError } from "../../policy/lifecycle-schema.js";
import { ServiceError } from "../../protocol/service-error.js";
import { invalidParameter } from "../refusals.js";
import type { Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import type { LifecyclePolicyRecord } from "./lifecycle-records.js";

/**
 * A policy's text as ECR stores it: the document without white space. observed: the AWS CLI's example of put-lifecycle-policy, which sends a
 * file of many lines and gets one. Its words about a policy that it would not store are observed too.
 * @throws {ServiceError} InvalidParameterException
 */
export function readPolicyText(text: string): string {
  try {
    parseLifecyclePolicy(text);
  } catch (error) {
    if (!(error instanceof LifecyclePolicyError)) throw error;
    throw invalidParameter("LifecyclePolicyText", `Lifecycle policy validation failure: ${error.detail}`);
  }
  return JSON.stringify(JSON.parse(text));
}

/** @throws {ServiceError} LifecyclePolicyNotFoundException */
export function requirePolicy({ tables }: Pick<State, "tables">, target: Target): LifecyclePolicyRecord {
  const policy = tables.lifecyclePolicy.get(...keyOf(target));
  if (!policy) throw lifecyclePolicyNotFound(target);
  return policy;
}

/** observed text */
const lifecyclePolicyNotFound = ({ account, repositoryName }: Target): ServiceError =>
  new ServiceError(
    "LifecyclePolicyNotFoundException",
    `Lifecycle policy does not exist for the repository with name '${repositoryName}' in the registry with id '${account}'`,
  );

/** What GetLifecyclePolicy and DeleteLifecyclePolicy answer. documented: the time is 0 before the first run. */
export const describePolicy = (
  { account, repositoryName }: Target,
  { text, evaluatedAtMs = 0 }: LifecyclePolicyRecord,
): {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly lifecyclePolicyText: string;
  readonly lastEvaluatedAt: Date;
} => ({
  registryId: account,
  repositoryName,
  lifecyclePolicyText: text,
  lastEvaluatedAt: new Date(evaluatedAtMs),
});
