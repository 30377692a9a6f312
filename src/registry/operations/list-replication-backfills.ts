import { takePage } from "../paging.js";
import { describeBackfill, isKept } from "../replication/backfills.js";
import type { BackfillRecord } from "../replication/replication-records.js";
import { registryOf } from "../state.js";
import type { Key } from "../table.js";
import type { Operation } from "./operation.js";

/** documented: ListReplicationBackfills, maxResults. */
const DEFAULT_PAGE = 25;

/** The backfills of a registry, a page at a time, in the order of their ids (ECR's is not documented). */
export const listReplicationBackfills: Operation<"ListReplicationBackfills"> = (state, caller, input) => {
  const { account, region } = registryOf(caller, input.registryId);
  const listing = { operation: "ListReplicationBackfills", account: caller.account, of: [account, region] };
  const after = state.pages.read(listing, input.nextToken);
  const kept = function* (): Iterable<readonly [Key, BackfillRecord]> {
    for (const entry of state.tables.backfill.list([account, region], after)) if (isKept(state, entry[1])) yield entry;
  };
  const { items, next } = takePage(kept(), input.maxResults ?? DEFAULT_PAGE, ([id = ""], backfill) =>
    describeBackfill(id, backfill),
  );
  return { registryId: account, backfills: items, nextToken: state.pages.write(listing, next) };
};
