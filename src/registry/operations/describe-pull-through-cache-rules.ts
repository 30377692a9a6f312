import { refuseMixedPaging, takePage } from "../paging.js";
import type { PullThroughRuleRecord } from "../pull-through/pull-through-records.js";
import { describeRule, requireRule } from "../pull-through/rules.js";
import { prefixKey } from "../settings/prefixes.js";
import { registryOf } from "../state.js";
import type { Key } from "../table.js";
import type { Operation } from "./operation.js";

/** documented: DescribePullThroughCacheRules, maxResults. */
const DEFAULT_PAGE = 100;

/** The rules that are named, whole or not at all, or all of them, a page at a time, in the order of their prefixes. */
export const describePullThroughCacheRules: Operation<"DescribePullThroughCacheRules"> = (state, caller, input) => {
  const { ecrRepositoryPrefixes: prefixes, maxResults = DEFAULT_PAGE } = input;
  refuseMixedPaging("ecrRepositoryPrefixes", prefixes, input);
  const registry = registryOf(caller, input.registryId);
  const { account, region } = registry;
  if (prefixes) {
    const named = [...new Map(prefixes.map((prefix) => [prefixKey(prefix), prefix])).values()];
    return {
      pullThroughCacheRules: named.map((prefix) => describeRule(account, requireRule(state, registry, prefix))),
    };
  }
  const listing = { operation: "DescribePullThroughCacheRules", account: caller.account, of: [account, region] };
  const after = state.pages.read(listing, input.nextToken);
  const { items, next } = takePage(
    state.tables.pullThroughRule.list([account, region], after),
    maxResults,
    (_place: Key, rule: PullThroughRuleRecord) => describeRule(account, rule),
  );
  return { pullThroughCacheRules: items, nextToken: state.pages.write(listing, next) };
};
