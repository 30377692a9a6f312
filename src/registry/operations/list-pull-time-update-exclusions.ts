import { takePage } from "../paging.js";
import type { Operation } from "./operation.js";

/** documented: ListPullTimeUpdateExclusions, maxResults. */
const DEFAULT_PAGE = 100;

/** The principals whose pulls do not count, a page at a time, in the order of their ARNs (ECR's is not documented). */
export const listPullTimeUpdateExclusions: Operation<"ListPullTimeUpdateExclusions"> = (
  { tables, pages },
  { account, region },
  { maxResults = DEFAULT_PAGE, nextToken },
) => {
  const listing = { operation: "ListPullTimeUpdateExclusions", account, of: [region] };
  const after = pages.read(listing, nextToken);
  const entries = tables.pullTimeExclusion.list([account, region], after);
  const { items, next } = takePage(entries, maxResults, ([principalArn = ""]) => principalArn);
  return { pullTimeUpdateExclusions: items, nextToken: pages.write(listing, next) };
};
