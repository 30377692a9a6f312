import { EcrError } from "../../errors.js";
import type { Repository } from "../../protocol/ecr/repositories.js";
import { type CallOptions, startScope } from "../call-scope.js";
import { requireRepository } from "../identifiers.js";
import { listed } from "../listed.js";
import { type Listing, type ListOptions, listing } from "../listing.js";
import { requireOptions } from "../options.js";
import type { ServiceContext } from "../service-context.js";
import { shown } from "../shown.js";

/** Which repositories a listing gives. */
export interface RepositoryFilter {
  /** Only those whose name begins with this, such as `team/`. ECR cannot filter, so all are read and the others left out. */
  readonly prefix?: string | undefined;
}

/** The repositories of the registry. */
export interface Repositories {
  /** All repositories, in ECR's order. @throws {EcrError} of the kinds of `call`, while it is read */
  list(filter?: RepositoryFilter, options?: ListOptions): Listing<Repository>;
  /** One repository. @throws {EcrError} kind `RepositoryNotFound` when there is none of this name */
  get(name: string, options?: CallOptions): Promise<Repository>;
}

/** The service over a client's pipeline. */
export function createRepositories({ send, time, registry }: ServiceContext): Repositories {
  return {
    list(filter = {}, options = {}) {
      requireOptions("filter", filter, "the filter of repositories.list", ["prefix"]);
      const { prefix = "" } = filter;
      if (typeof prefix !== "string")
        throw new EcrError(`filter.prefix must be a text, got ${shown(prefix)}`, { kind: "InvalidParameter" });
      return listing(time, options, async (page, scope) => {
        const { repositories, nextToken } = await send("DescribeRepositories", { ...registry, ...page }, scope);
        return {
          items: listed("DescribeRepositories", repositories).filter(({ repositoryName }) =>
            repositoryName.startsWith(prefix),
          ),
          nextToken,
        };
      });
    },
    async get(name, options) {
      requireRepository(name);
      const input = { ...registry, repositoryNames: [name] };
      const { repositories } = await send("DescribeRepositories", input, startScope(time, options));
      const [repository] = listed("DescribeRepositories", repositories);
      if (repository !== undefined) return repository;
      throw new EcrError(`DescribeRepositories of repository "${name}" was answered without it`, {
        kind: "InvalidResponse",
        operation: "DescribeRepositories",
      });
    },
  };
}
