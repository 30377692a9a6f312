import type { GetLifecyclePolicyPreviewRequest } from "../../protocol/ecr/lifecycle.js";
import type { LifecycleImageAction, LifecyclePreviewRecord } from "../lifecycle/lifecycle-records.js";
import { describeResult, describeSummary, previewStatus, requirePreview } from "../lifecycle/preview.js";
import { refuseMixedPaging, takePage } from "../paging.js";
import type { Target } from "../registry.js";
import { keyOf, requireRepository, type State, targetOf } from "../state.js";
import type { Key } from "../table.js";
import type { Operation } from "./operation.js";

/** documented: GetLifecyclePolicyPreview, maxResults. */
const DEFAULT_PAGE = 100;

/** Where the last preview stands and, once it is complete, what the policy would do, oldest image first. */
export const getLifecyclePolicyPreview: Operation<"GetLifecyclePolicyPreview"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  refuseMixedPaging("imageIds", input.imageIds, input);
  requireRepository(state, target);
  const preview = requirePreview(state, target);
  const status = previewStatus(state, preview);
  const page = resultsOf(state, target, caller.account, input, preview);
  const { account: registryId, repositoryName } = target;
  const answer = { registryId, repositoryName, lifecyclePolicyText: preview.text, status };
  // assumed: a preview that is not complete has no results and no summary.
  if (status !== "COMPLETE") return { ...answer, previewResults: [] };
  return { ...answer, ...page, summary: describeSummary(preview) };
};

function resultsOf(
  state: State,
  target: Target,
  account: string,
  input: GetLifecyclePolicyPreviewRequest,
  { startedAtMs }: LifecyclePreviewRecord,
) {
  const of = [target.account, target.region, target.repositoryName, input.filter?.tagStatus, String(startedAtMs)];
  const listing = { operation: "GetLifecyclePolicyPreview", account, of };
  const after = state.pages.read(listing, input.nextToken);
  const results = state.tables.lifecyclePreviewResult.list(keyOf(target), after);
  // Identifiers are not paged: there are no more of them than fit on a page.
  const { items, next } = takePage(only(results, input), input.maxResults ?? DEFAULT_PAGE, (_, action) =>
    describeResult(action),
  );
  return { previewResults: items, nextToken: state.pages.write(listing, next) };
}

/** The results that are asked for. assumed: an identifier without a result is passed over. */
function* only(
  results: Iterable<readonly [place: Key, action: LifecycleImageAction]>,
  { imageIds, filter = {} }: GetLifecyclePolicyPreviewRequest,
): Iterable<readonly [place: Key, action: LifecycleImageAction]> {
  const { tagStatus = "ANY" } = filter;
  for (const [place, action] of results) {
    const { digest, tags } = action;
    if (tagStatus !== "ANY" && (tagStatus === "TAGGED") !== tags.length > 0) continue;
    const named = imageIds?.some(
      ({ imageDigest = digest, imageTag }) =>
        imageDigest === digest && (imageTag === undefined || tags.includes(imageTag)),
    );
    if (named !== false) yield [place, action];
  }
}
