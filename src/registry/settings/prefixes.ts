import type { Key } from "../table.js";

/** The prefix that every name has. documented: templates and pull-through cache rules. */
const ROOT = "ROOT";

/** A prefix as it is kept: the trailing `/` that ECR implies is left out. */
export const prefixKey = (prefix: string): string => prefix.replace(/\/$/, "");

/** A record that is kept by prefix and the rest of the name that it was found for. */
interface PrefixMatch<R> {
  readonly record: R;
  readonly rest: string;
}

/** The record whose prefix is the longest that a name has, of those that `fits` takes; one of ROOT comes last. documented */
export function longestPrefix<R>(
  records: Iterable<readonly [rest: Key, record: R]>,
  repositoryName: string,
  fits: (record: R) => boolean = () => true,
): PrefixMatch<R> | undefined {
  let root: PrefixMatch<R> | undefined;
  let longest: PrefixMatch<R> | undefined;
  for (const [[prefix = ""], record] of records) {
    if (!fits(record)) continue;
    if (prefix === ROOT) root = { record, rest: repositoryName };
    // Sorted by prefix, one that extends another comes after it.
    else if (repositoryName.startsWith(`${prefix}/`))
      longest = { record, rest: repositoryName.slice(prefix.length + 1) };
  }
  return longest ?? root;
}

/** A name below a prefix. */
export const below = (prefix: string, name: string): string =>
  prefixKey(prefix) === ROOT ? name : `${prefixKey(prefix)}/${name}`;
