import type { LifecyclePolicyPreviewStatus } from "../../protocol/ecr/enums.js";
import type { LifecyclePolicyPreviewResult, LifecyclePolicyPreviewSummary } from "../../protocol/ecr/lifecycle.js";
import { ServiceError } from "../../protocol/service-error.js";
import { inOrder } from "../in-order.js";
import type { Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import { evaluate } from "./evaluate.js";
import { emitLifecycleEvents } from "./event.js";
import type { LifecycleImageAction, LifecyclePolicyRecord, LifecyclePreviewRecord } from "./lifecycle-records.js";

/** How long a preview is in progress. assumed: users' reports say a few seconds. */
const PROGRESS_MS = 2_000;
/** How long its results are kept. assumed: that they expire is documented, when is not. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * Evaluates a policy on the repository as it is now (assumed: as the preview starts, not as it ends); the results show once the preview is
 * complete. Only inside a transaction. @throws {ServiceError} LifecyclePolicyPreviewInProgressException
 */
export function startPreview(state: State, target: Target, policy: LifecyclePolicyRecord): LifecyclePreviewRecord {
  const { tables, time } = state;
  const key = keyOf(target);
  const before = tables.lifecyclePreview.get(...key);
  if (before && previewStatus(state, before) === "IN_PROGRESS") throw previewInProgress(target);
  const actions = evaluate(state, target, policy.text);
  const transitioningCount = actions.filter(({ action }) => action.type === "transition").length;
  const preview = {
    text: policy.text,
    startedAtMs: time.now(),
    expiringCount: actions.length - transitioningCount,
    transitioningCount,
  };
  tables.lifecyclePreview.put(key, preview);
  tables.lifecyclePreviewResult.clear(key);
  for (const [index, action] of actions.entries()) tables.lifecyclePreviewResult.put([...key, inOrder(index)], action);
  emitLifecycleEvents(state, target, "DryRunEvent", policy, actions);
  return preview;
}

/** Where a preview stands. It never FAILED: what can be stored can be evaluated. */
export function previewStatus(
  { time }: Pick<State, "time">,
  { startedAtMs }: LifecyclePreviewRecord,
): LifecyclePolicyPreviewStatus {
  const ageMs = time.now() - startedAtMs;
  if (ageMs < PROGRESS_MS) return "IN_PROGRESS";
  return ageMs < PROGRESS_MS + KEPT_MS ? "COMPLETE" : "EXPIRED";
}

/** @throws {ServiceError} LifecyclePolicyPreviewNotFoundException */
export function requirePreview({ tables }: Pick<State, "tables">, target: Target): LifecyclePreviewRecord {
  const preview = tables.lifecyclePreview.get(...keyOf(target));
  if (!preview) throw previewNotFound(target);
  return preview;
}

/** An image that would be acted on, as the wire has it. */
export const describeResult = (action: LifecycleImageAction): LifecyclePolicyPreviewResult => ({
  imageTags: action.tags,
  imageDigest: action.digest,
  imagePushedAt: new Date(action.pushedAtMs),
  action: action.action.type === "expire" ? { type: "EXPIRE" } : { type: "TRANSITION", targetStorageClass: "ARCHIVE" },
  appliedRulePriority: action.rulePriority,
  storageClass: action.storageClass === "archive" ? "ARCHIVE" : "STANDARD",
});

/** documented: of the whole result, not of the page; without transitions their count is left out. */
export const describeSummary = ({
  expiringCount,
  transitioningCount,
}: LifecyclePreviewRecord): LifecyclePolicyPreviewSummary => ({
  expiringImageTotalCount: expiringCount,
  transitioningImageTotalCounts:
    transitioningCount === 0 ? undefined : [{ targetStorageClass: "ARCHIVE", imageTotalCount: transitioningCount }],
});

/** assumed text, after that of a missing policy */
const previewNotFound = ({ account, repositoryName }: Target): ServiceError =>
  new ServiceError(
    "LifecyclePolicyPreviewNotFoundException",
    `Lifecycle policy preview does not exist for the repository with name '${repositoryName}' in the registry with id '${account}'`,
  );

/** assumed text */
const previewInProgress = ({ account, repositoryName }: Target): ServiceError =>
  new ServiceError(
    "LifecyclePolicyPreviewInProgressException",
    `Lifecycle policy preview is already in progress for the repository with name '${repositoryName}' in the registry with id '${account}'`,
  );
