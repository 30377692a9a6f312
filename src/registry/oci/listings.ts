import { takePage } from "../paging.js";
import { invalidParameter } from "../refusals.js";
import type { Caller, DataPage, PageRequest, Target } from "../registry.js";
import { keyOf, type RegistryOf, requireRepository, type State } from "../state.js";
import type { Key, Table } from "../table.js";
import { REGISTRY_QUIRKS, type RegistryQuirks } from "./quirks.js";

/** The names of the registry's repositories. */
export function catalog(state: State, caller: Caller, { account, region }: RegistryOf, page: PageRequest): DataPage {
  return listNames(state, caller, "_catalog", state.tables.repository, [account, region], page);
}

/** The tags of a repository. assumed: without those of archived images, as ListImages does by default. */
export function tags(state: State, caller: Caller, target: Target, page: PageRequest): DataPage {
  requireRepository(state, target);
  const { tag, image } = state.tables;
  const key = keyOf(target);
  const active: Names = {
    *list(prefix, after) {
      for (const [place, digest] of tag.list(prefix, after))
        if (image.get(...key, digest)?.status === undefined) yield [place, digest];
    },
  };
  return listNames(state, caller, "tags/list", active, key, page);
}

/** A listing whose places are names. */
type Names = Pick<Table<unknown>, "list">;

/** ECR's `last` is an opaque token, the OCI specification's the last name of the page before, which need not be there any more. */
function listNames(
  { settings, pages }: State,
  caller: Caller,
  operation: string,
  names: Names,
  prefix: Key,
  { n, last }: PageRequest,
): DataPage {
  const listing = { operation, account: caller.account, of: prefix };
  const { nextPage, pageSize } = REGISTRY_QUIRKS[settings.profile];
  const opaque = nextPage === "token";
  const size = pageSizeOf(pageSize, n);
  const after = opaque ? pages.read(listing, last) : last && [last];
  const { items, next } = takePage(names.list(prefix, after || undefined), size, ([name = ""]) => name);
  return { items, last: opaque ? pages.write(listing, next) : next?.[0] };
}

/** observed text of the upper bound; the lower one's is assumed. documented: the OCI specification answers `n=0` with an empty page. */
function pageSizeOf({ default: usual, max }: RegistryQuirks["pageSize"], n: number = usual): number {
  if (n > max) throw invalidParameter("maxResults", `Member must have value less than or equal to ${max}`);
  if (Number.isFinite(max) && n < 1)
    throw invalidParameter("maxResults", "Member must have value greater than or equal to 1");
  return n;
}
