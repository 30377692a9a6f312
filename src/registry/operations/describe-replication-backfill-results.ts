import type { ReplicationBackfillResult } from "../../protocol/ecr/replication.js";
import { takePage } from "../paging.js";
import { describeBackfill, hasEnded, requireBackfill } from "../replication/backfills.js";
import { registryOf } from "../state.js";
import type { Key } from "../table.js";
import type { Operation } from "./operation.js";

/** documented: DescribeReplicationBackfillResults, maxResults. */
const DEFAULT_PAGE = 100;

/** How far a backfill is, and once it has ended how each copy went, a page at a time. */
export const describeReplicationBackfillResults: Operation<"DescribeReplicationBackfillResults"> = (
  state,
  caller,
  { registryId, replicationBackfillId: id, resultStatusFilter, maxResults = DEFAULT_PAGE, nextToken },
) => {
  const registry = registryOf(caller, registryId);
  const { account, region } = registry;
  const backfill = requireBackfill(state, registry, id);
  const of = [account, region, id, resultStatusFilter];
  const listing = { operation: "DescribeReplicationBackfillResults", account: caller.account, of };
  const after = state.pages.read(listing, nextToken);
  const results = function* (): Iterable<readonly [Key, ReplicationBackfillResult]> {
    for (const [place, { result }] of state.tables.backfillItem.list([account, region, id], after))
      if (result && (resultStatusFilter ?? result.status) === result.status) yield [place, result];
  };
  // documented: results only of a backfill that has ended.
  const { items, next } = takePage(hasEnded(backfill) ? results() : [], maxResults, (_place, result) => result);
  return {
    registryId: account,
    ...describeBackfill(id, backfill),
    results: hasEnded(backfill) ? items : undefined,
    nextToken: state.pages.write(listing, next),
  };
};
