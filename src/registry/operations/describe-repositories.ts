import type { DescribeRepositoriesRequest, Repository } from "../../protocol/ecr/repositories.js";
import { refuseMixedPaging, takePage } from "../paging.js";
import type { RepositoryRecord } from "../records.js";
import { describeRepository } from "../repositories.js";
import { type RegistryOf, registryOf, requireRepository, type State } from "../state.js";
import type { Key } from "../table.js";
import type { Operation } from "./operation.js";

/** documented: DescribeRepositories, maxResults. */
const DEFAULT_PAGE = 100;

/** The repositories that are named, or all of them, a page at a time, in the order of their names (ECR's is not documented). */
export const describeRepositories: Operation<"DescribeRepositories"> = (state, caller, input) => {
  refuseMixedPaging("repositoryNames", input.repositoryNames, input);
  const registry = registryOf(caller, input.registryId);
  if (input.repositoryNames) return { repositories: named(state, registry, input.repositoryNames) };
  return listed(state, registry, caller.account, input);
};

/** Whole or not at all: one unknown name fails the call. */
const named = (state: State, registry: RegistryOf, names: readonly string[]): readonly Repository[] =>
  [...new Set(names)].map((repositoryName) => {
    const target = { ...registry, repositoryName };
    return describeRepository(state, target, requireRepository(state, target));
  });

function listed(state: State, registry: RegistryOf, account: string, input: DescribeRepositoriesRequest) {
  const listing = { operation: "DescribeRepositories", account, of: [registry.account, registry.region] };
  const after = state.pages.read(listing, input.nextToken);
  const { items, next } = takePage(
    state.tables.repository.list([registry.account, registry.region], after),
    input.maxResults ?? DEFAULT_PAGE,
    ([repositoryName = ""]: Key, record: RepositoryRecord) =>
      describeRepository(state, { ...registry, repositoryName }, record),
  );
  return { repositories: items, nextToken: state.pages.write(listing, next) };
}
