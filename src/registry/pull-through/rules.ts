import type { PullThroughCacheRule } from "../../protocol/ecr/pull-through-cache.js";
import { ServiceError } from "../../protocol/service-error.js";
import { invalidParameter } from "../refusals.js";
import type { Target } from "../registry.js";
import { below, longestPrefix, prefixKey } from "../settings/prefixes.js";
import type { RegistryOf, State } from "../state.js";
import { parseRoleArn } from "../sts/roles.js";
import type { PullThroughRuleRecord } from "./pull-through-records.js";
import { requireSecret } from "./secrets.js";
import { ecrRegistryOf, needsLogin, upstreamRegistryOf, urlOf } from "./upstreams.js";

/** documented: service quotas. */
export const MAX_RULES = 50;

/** assumed text */
export const ruleAlreadyExists = ({ account }: RegistryOf, prefix: string): ServiceError =>
  new ServiceError(
    "PullThroughCacheRuleAlreadyExistsException",
    `A pull through cache rule with ecrRepositoryPrefix '${prefix}' already exists in the registry with id '${account}'`,
  );

/** @throws {ServiceError} PullThroughCacheRuleNotFoundException (text: assumed) */
export function requireRule({ tables }: State, { account, region }: RegistryOf, prefix: string): PullThroughRuleRecord {
  const rule = tables.pullThroughRule.get(account, region, prefixKey(prefix));
  if (!rule)
    throw new ServiceError(
      "PullThroughCacheRuleNotFoundException",
      `The pull through cache rule with ecrRepositoryPrefix '${prefix}' does not exist in the registry with id '${account}'`,
    );
  return rule;
}

/**
 * Refuses a rule that could not work. documented: which upstreams there are and which need a secret or a role; texts and codes: assumed.
 *
 * @throws {ServiceError} UnsupportedUpstreamRegistryException | ValidationException | InvalidParameterException, and those of a secret
 */
export function requireUsableRule(state: State, registry: RegistryOf, rule: PullThroughRuleRecord): void {
  const { upstreamRegistryUrl, upstreamRegistry, credentialArn, customRoleArn } = rule;
  const known = upstreamRegistryOf(upstreamRegistryUrl);
  if (known === undefined && urlOf(state, rule) === undefined)
    throw new ServiceError(
      "UnsupportedUpstreamRegistryException",
      `The upstream registry '${upstreamRegistryUrl}' is not supported`,
    );
  if (known !== undefined && upstreamRegistry !== known)
    throw new ServiceError(
      "ValidationException",
      `The upstream registry URL '${upstreamRegistryUrl}' is one of ${known}`,
    );
  if (credentialArn !== undefined) requireSecret(state, registry, credentialArn);
  else if (needsLogin(upstreamRegistry))
    throw invalidParameter("credentialArn", `A secret is required for the upstream registry ${upstreamRegistry}`);
  const account = ecrRegistryOf(upstreamRegistryUrl)?.account;
  if (account === undefined || account === registry.account) return;
  if (customRoleArn === undefined)
    throw invalidParameter("customRoleArn", "A role is required for an upstream registry of another account");
  if (parseRoleArn(customRoleArn)?.account !== registry.account)
    throw invalidParameter("customRoleArn", `The role must be one of the account ${registry.account}`);
}

/** A rule and what a repository of its is called upstream. */
export interface RuleMatch {
  readonly rule: PullThroughRuleRecord;
  readonly upstreamName: string;
}

/** The rule that fills a repository: the one with the longest prefix. */
export function ruleFor({ tables }: State, { account, region, repositoryName }: Target): RuleMatch | undefined {
  const match = longestPrefix(tables.pullThroughRule.list([account, region]), repositoryName);
  return match && { rule: match.record, upstreamName: below(match.record.upstreamRepositoryPrefix, match.rest) };
}

/** A rule as ECR describes it. */
export const describeRule = (
  registryId: string,
  { createdAtMs, updatedAtMs, ...rule }: PullThroughRuleRecord,
): PullThroughCacheRule => ({
  ...rule,
  registryId,
  createdAt: new Date(createdAtMs),
  updatedAt: new Date(updatedAtMs),
});
