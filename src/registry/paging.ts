import { invalidParameter } from "./refusals.js";
import type { Signer } from "./signer.js";
import type { Key } from "./table.js";

/** One page of a listing and where the next one starts. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The place of the last item, when there are more. */
  readonly next?: Key | undefined;
}

/** The first `size` entries as `item` makes them, and whether there are more. Reads one entry further and no more. */
export function takePage<E, T>(
  entries: Iterable<readonly [place: Key, entry: E]>,
  size: number,
  item: (place: Key, entry: E) => T,
): Page<T> {
  const items: T[] = [];
  let last: Key | undefined;
  for (const [place, entry] of entries) {
    if (items.length === size) return { items, next: last };
    items.push(item(place, entry));
    last = place;
  }
  return { items };
}

/** Names and pages exclude each other. documented: DescribeRepositories and DescribeImages; assumed text. @throws {ServiceError} InvalidParameterException */
export function refuseMixedPaging(
  field: string,
  named: readonly unknown[] | undefined,
  { nextToken, maxResults }: { readonly nextToken?: string | undefined; readonly maxResults?: number | undefined },
): void {
  if (named === undefined) return;
  if (nextToken !== undefined) throw invalidParameter("nextToken", `can't be used with ${field}`);
  if (maxResults !== undefined) throw invalidParameter("maxResults", `can't be used with ${field}`);
}

/** What a page's token is good for: the same listing, asked for by the same account. */
interface Listing {
  readonly operation: string;
  /** The account that asks. */
  readonly account: string;
  /** All that chooses the items: registry, repository, filters. Not the page size, which may change between pages. */
  readonly of: readonly (string | undefined)[];
}

/** Reads and writes the opaque tokens of pages. */
export interface PageTokens {
  /** Where the page starts, or undefined for the first one. @throws {ServiceError} InvalidParameterException when the token is not of this listing */
  read(listing: Listing, token: string | undefined): Key | undefined;
  write(listing: Listing, next: Key | undefined): string | undefined;
}

/** Characters of the signature in a token. */
const SIGNATURE_LENGTH = 43;

export function pageTokens(signer: Signer): PageTokens {
  const signedText = ({ operation, account, of }: Listing, place: string): string =>
    JSON.stringify([operation, account, of, place]);
  return {
    read(listing, token) {
      if (token === undefined) return undefined;
      const place = Buffer.from(token.slice(SIGNATURE_LENGTH), "base64url").toString();
      // assumed text
      if (!signer.verify("page", signedText(listing, place), token.slice(0, SIGNATURE_LENGTH)))
        throw invalidParameter("nextToken", "must be the token of a page of this listing");
      return place.split(" ");
    },
    write(listing, next) {
      if (!next) return undefined;
      const place = next.join(" ");
      return signer.sign("page", signedText(listing, place)) + Buffer.from(place).toString("base64url");
    },
  };
}
