import type { ImageReferrer, ListImageReferrersRequest } from "../../protocol/ecr/images.js";
import { DIGEST_PATTERN, isImageDigest } from "../images.js";
import { takePage } from "../paging.js";
import { upstreamReferrers } from "../pull-through/pull-through.js";
import { invalidParameter } from "../refusals.js";
import type { Referrer, Target } from "../registry.js";
import { keyOf, requireRepository, type State, targetOf } from "../state.js";
import { imageStatus } from "../storage-class.js";
import type { Key } from "../table.js";
import type { Operation } from "./operation.js";

/** documented: ListImageReferrers, maxResults. */
const DEFAULT_PAGE = 20;

/** A page of what refers to a digest, which need not be there itself (assumed: the model has no error for it). */
export const listImageReferrers: Operation<"ListImageReferrers"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const { subjectId, filter = {}, maxResults = DEFAULT_PAGE } = input;
  if (!isImageDigest(subjectId.imageDigest))
    throw invalidParameter("subjectId.imageDigest", `must satisfy regular expression '${DIGEST_PATTERN}'`);
  requireRepository(state, target);
  const { artifactTypes = [], artifactStatus } = filter;
  const of = [target.account, target.region, target.repositoryName, subjectId.imageDigest, artifactStatus];
  const listing = { operation: "ListImageReferrers", account: caller.account, of: [...of, ...artifactTypes] };
  const after = state.pages.read(listing, input.nextToken);
  // documented: for a cached repository the upstream is asked as well.
  const upstream = await upstreamReferrers(state, caller, target, subjectId.imageDigest);
  const { items, next } = takePage(only(state, target, input, upstream, after), maxResults, (_, referrer) => referrer);
  return { referrers: items, nextToken: state.pages.write(listing, next) };
};

/** documented: active ones alone when no status is asked for. */
function* only(
  { tables }: State,
  target: Target,
  { subjectId, filter = {} }: ListImageReferrersRequest,
  upstream: readonly Referrer[],
  after: Key | undefined,
): Iterable<readonly [place: Key, referrer: ImageReferrer]> {
  const { artifactTypes = [], artifactStatus: wanted = "ACTIVE" } = filter;
  const here = tables.referrer.list([...keyOf(target), subjectId.imageDigest], after);
  for (const [place, referrer] of upstream.length === 0 ? here : withUpstream(here, upstream, after)) {
    if (artifactTypes.length > 0 && !artifactTypes.includes(referrer.artifactType ?? "")) continue;
    const image = tables.image.get(...keyOf(target), referrer.digest);
    // What is still upstream alone is active there.
    const status = image ? imageStatus(image) : "ACTIVE";
    if (wanted === "ANY" || wanted === status) yield [place, describe(referrer, status)];
  }
}

/** What refers to a digest here and upstream, each once, in the order of the digests. */
const withUpstream = (
  here: Iterable<readonly [place: Key, referrer: Referrer]>,
  upstream: readonly Referrer[],
  [last = ""]: Key = [],
): readonly (readonly [place: Key, referrer: Referrer])[] => {
  const further = upstream
    .filter(({ digest }) => digest > last)
    .map((referrer) => [[referrer.digest], referrer] as const);
  const byDigest = new Map([...further, ...here].map((entry) => [entry[1].digest, entry]));
  return [...byDigest.values()].sort(([, a], [, b]) => (a.digest < b.digest ? -1 : 1));
};

const describe = (referrer: Referrer, artifactStatus: ImageReferrer["artifactStatus"]): ImageReferrer => ({
  ...referrer,
  artifactStatus,
});
