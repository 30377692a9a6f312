import { partitionOf } from "../../image/partition.js";
import { verdictOf } from "../../policy/access.js";
import { PolicyError, parsePolicyDocument } from "../../policy/policy-document.js";
import { ServiceError } from "../../protocol/service-error.js";
import { policyDocument } from "../identity/policy-cache.js";
import { policyTextOf } from "../policy-text.js";
import { invalidParameter } from "../refusals.js";
import type { Target } from "../registry.js";
import { repositoryArnOf } from "../repositories.js";
import type { RegistryOf, State } from "../state.js";

/** observed: moto's tests. */
export const registryPolicyNotFound = ({ account }: RegistryOf): ServiceError =>
  new ServiceError(
    "RegistryPolicyNotFoundException",
    `Registry policy does not exist in the registry with id '${account}'`,
  );

/**
 * Reads a registry policy and answers its text as it is given back. documented: the policy scope V2, which takes every ECR action. The words are observed (moto's
 * tests); that an action of another service is a ValidationException is assumed.
 *
 * @throws {ServiceError} InvalidParameterException | ValidationException
 */
export function readRegistryPolicy(text: string): string {
  try {
    const { statements } = parsePolicyDocument(text, "registry");
    const foreign = statements
      .flatMap(({ actions }) => actions.values)
      .find((action) => !/^(\*|ecr:.*)$/i.test(action));
    if (foreign !== undefined)
      throw new ServiceError("ValidationException", `The action '${foreign}' is not an action of Amazon ECR`);
    return policyTextOf(JSON.parse(text));
  } catch (error) {
    throw error instanceof PolicyError ? invalidParameter("PolicyText", "Invalid registry policy provided") : error;
  }
}

/**
 * Whether a registry lets another account do something to one of its repositories, such as to replicate into it. Its own account needs
 * nobody's leave. documented: registry permissions.
 */
export function registryAllows({ tables }: State, target: Target, account: string, action: string): boolean {
  if (account === target.account) return true;
  const text = tables.registryPolicy.get(target.account, target.region);
  if (text === undefined) return false;
  const identity = { account, arn: `arn:${partitionOf(target.region).name}:iam::${account}:root` };
  const resource = repositoryArnOf(target);
  return verdictOf(policyDocument(text, "registry"), { identity, action, resource, context: {} }) === "allow";
}
