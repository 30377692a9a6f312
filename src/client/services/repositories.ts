import { EcrError } from "../../errors.js";
import type { Repository } from "../../protocol/ecr/repositories.js";
import { type CallOptions, type CallScope, startScope } from "../call-scope.js";
import { isText, requireThat } from "../config-check.js";
import { requireRepository } from "../identifiers.js";
import { listed } from "../listed.js";
import { type Listing, type ListOptions, listing } from "../listing.js";
import { requireOptions } from "../options.js";
import type { ServiceContext } from "../service-context.js";
import { type RepositoryBatch, repositoriesByName } from "./repositories-by-name.js";
import {
  type RepositoryLifecyclePolicy,
  type RepositoryPolicy,
  readLifecyclePolicy,
  readRepositoryPolicy,
} from "./repository-policies.js";

/** Which repositories a listing gives. */
export interface RepositoryFilter {
  /** Only those whose name begins with this, such as `team/`. ECR cannot filter, so all are read and the others left out. */
  readonly prefix?: string | undefined;
}

/** The repositories of the registry, and what is set on each. */
export interface Repositories {
  /** All repositories, in ECR's order. @throws {EcrError} of the kinds of `call`, while it is read */
  list(filter?: RepositoryFilter, options?: ListOptions): Listing<Repository>;
  /** One repository. @throws {EcrError} kind `RepositoryNotFound` when there is none of this name */
  get(name: string, options?: CallOptions): Promise<Repository>;
  /** Repositories by name, in that order and each once; any number of names. Those that are unknown are among the `failures`. */
  batchGet(names: readonly string[], options?: CallOptions): Promise<RepositoryBatch>;
  /** Which images ECR expires or archives by itself. @throws {EcrError} kind `LifecyclePolicyNotFound` when there is no policy */
  lifecyclePolicy(name: string, options?: CallOptions): Promise<RepositoryLifecyclePolicy>;
  /** Who may do what with it. @throws {EcrError} kind `RepositoryPolicyNotFound` when there is no policy */
  policy(name: string, options?: CallOptions): Promise<RepositoryPolicy>;
  /** Its resource tags, which are for cost and access and name no image. Asks for the repository's ARN first. */
  tags(name: string, options?: CallOptions): Promise<ReadonlyMap<string, string>>;
}

/** The service over a client's pipeline. */
export function createRepositories(context: ServiceContext): Repositories {
  const { send, time, registry } = context;
  const begin = (name: string, options: CallOptions | undefined): CallScope => {
    requireRepository(name);
    return startScope(time, options);
  };
  return {
    list(filter = {}, options = {}) {
      requireOptions("filter", filter, "the filter of repositories.list", ["prefix"]);
      const { prefix = "" } = filter;
      requireThat("filter.prefix", prefix, "a text", isText);
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
      return getRepository(context, name, begin(name, options));
    },
    async batchGet(names, options) {
      requireThat("names", names, "a list of repository names", Array.isArray);
      for (const name of names) requireRepository(name);
      return repositoriesByName(context, names, startScope(time, options));
    },
    async lifecyclePolicy(name, options) {
      return readLifecyclePolicy(context, name, begin(name, options));
    },
    async policy(name, options) {
      return readRepositoryPolicy(context, name, begin(name, options));
    },
    async tags(name, options) {
      const scope = begin(name, options);
      const { repositoryArn } = await getRepository(context, name, scope);
      const { tags } = await send("ListTagsForResource", { resourceArn: repositoryArn }, scope);
      return new Map(listed("ListTagsForResource", tags).map(({ Key, Value }) => [Key, Value]));
    },
  };
}

async function getRepository({ send, registry }: ServiceContext, name: string, scope: CallScope): Promise<Repository> {
  const { repositories } = await send("DescribeRepositories", { ...registry, repositoryNames: [name] }, scope);
  const [repository] = listed("DescribeRepositories", repositories);
  if (repository !== undefined) return repository;
  throw new EcrError(`DescribeRepositories of repository "${name}" was answered without it`, {
    kind: "InvalidResponse",
    operation: "DescribeRepositories",
  });
}
