import { EcrError } from "../errors.js";
import type { Time } from "../time.js";
import { type CallOptions, type CallScope, requireCallOptions } from "./call-scope.js";
import { shown } from "./shown.js";

/**
 * What a `list` call gives: nothing is asked for until it is read. Iterating gives one item after the other and fetches a page when the
 * one before is used up; every reading starts anew at the first page.
 */
export interface Listing<T> extends AsyncIterable<T> {
  /** The same, a page at a time. */
  pages(): AsyncIterable<readonly T[]>;
  /** Every item at once. */
  all(): Promise<readonly T[]>;
}

/** How a listing is read. */
export interface ListOptions extends CallOptions {
  /** Most items that one request asks for, 1 to 1,000. @default 1_000, the fewest requests */
  readonly pageSize?: number | undefined;
}

/** One answer of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string | undefined;
}

/** Most results in one page. documented: API reference, `maxResults`. */
const MAX_PAGE_SIZE = 1_000;

/** A listing over an operation that answers in pages, of which the largest has 1,000 items unless it is another one. */
export function listing<T>(
  time: Time,
  options: ListOptions,
  fetchPage: (page: { nextToken: string | undefined; maxResults: number }, scope: CallScope) => Promise<Page<T>>,
  largestPage: number = MAX_PAGE_SIZE,
): Listing<T> {
  requireCallOptions(options, ["pageSize"]);
  const { signal, timeoutMs, caller, pageSize = largestPage } = options;
  if (!(Number.isSafeInteger(pageSize) && pageSize >= 1 && pageSize <= largestPage))
    throw new EcrError(`pageSize must be an integer from 1 to ${largestPage}, got ${shown(pageSize)}`, {
      kind: "InvalidParameter",
    });

  async function* pages(): AsyncGenerator<readonly T[]> {
    let nextToken: string | undefined;
    let waitedMs = 0;
    do {
      const startMs = time.now();
      const deadlineMs = timeoutMs === undefined ? undefined : startMs + timeoutMs - waitedMs;
      const page = await fetchPage({ nextToken, maxResults: pageSize }, { signal, deadlineMs, caller });
      waitedMs += time.now() - startMs;
      if (page.nextToken !== undefined && page.nextToken === nextToken)
        throw new EcrError("the service answered the same nextToken twice, so the listing would never end", {
          kind: "InvalidResponse",
        });
      nextToken = page.nextToken;
      yield page.items;
    } while (nextToken);
  }
  return listingOf(pages);
}

/** A listing over pages that come from anywhere. */
export const listingOf = <T>(pages: () => AsyncIterable<readonly T[]>): Listing<T> => ({
  pages,
  async all() {
    const items: T[] = [];
    for await (const page of pages()) for (const item of page) items.push(item);
    return items;
  },
  async *[Symbol.asyncIterator]() {
    for await (const page of pages()) yield* page;
  },
});
