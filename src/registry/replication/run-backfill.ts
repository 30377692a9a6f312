import { tagsOf } from "../images.js";
import { inOrder } from "../in-order.js";
import { schedule } from "../jobs.js";
import type { Target } from "../registry.js";
import { keyOf, type RegistryOf, type State } from "../state.js";
import { type CopiedImage, replicate } from "./copy-image.js";
import { type BackfillItem, type BackfillRecord, destinationKey } from "./replication-records.js";
import { destinationsFor, destinationsOf, replicationConfigurationOf } from "./replication-rules.js";

/** Copies that are on their way at once: each batch takes one replication lag. assumed */
const BATCH = 100;

/** Why a backfill as a whole fails. assumed: ECR's codes are not documented. */
const NOT_CONFIGURED = "DestinationNotConfigured";

/** The next step of a backfill: to find its images, or to copy those from `next` on. */
export interface ContinueBackfill extends RegistryOf {
  readonly backfillId: string;
  /** Absent while the set of images is to be found. */
  readonly next?: number | undefined;
}

/** Has the next step done when one replication lag has passed. Only inside a transaction. */
export function scheduleBackfill(state: State, step: ContinueBackfill): void {
  schedule(state, state.time.now() + state.settings.replicationLagMs, { kind: "continue-backfill", ...step });
}

/** One step of a backfill, unless it was stopped. */
export function continueBackfill(state: State, step: ContinueBackfill): void {
  const { account, region, backfillId, next } = step;
  const backfill = state.tables.backfill.get(account, region, backfillId);
  if (!backfill || "endedAtMs" in backfill.phase) return;
  if (next === undefined) prepare(state, step, backfill);
  else if ("totalCount" in backfill.phase) copyBatch(state, step, next, backfill, backfill.phase);
}

function prepare(state: State, step: ContinueBackfill, backfill: BackfillRecord): void {
  const { account, region, backfillId } = step;
  const { tables, time } = state;
  const put = (phase: BackfillRecord["phase"]): void =>
    tables.backfill.put([account, region, backfillId], { ...backfill, phase });
  const wanted = destinationKey(backfill.destination).join(" ");
  const isWanted = (destination: BackfillRecord["destination"]): boolean =>
    destinationKey(destination).join(" ") === wanted;
  const configuration = replicationConfigurationOf(state, step);
  if (!destinationsOf(configuration).some(isWanted)) {
    put({ at: "FAILED", endedAtMs: time.now(), failureCode: NOT_CONFIGURED });
    return;
  }
  // All are found before any is written down: a table is not to be changed while it is read.
  const items = Array.from(tables.repository.list([account, region]), ([[repositoryName = ""]]) => repositoryName)
    .filter((repositoryName) => destinationsFor(configuration, repositoryName).some(isWanted))
    .flatMap((repositoryName) => itemsOf(state, { account, region, repositoryName }));
  for (const [index, item] of items.entries())
    tables.backfillItem.put([account, region, backfillId, inOrder(index)], item);
  put({ at: "IN_PROGRESS", totalCount: items.length });
  scheduleBackfill(state, { account, region, backfillId, next: 0 });
}

/** documented: each pair of an image and a tag is a replication; an image without a tag is one as well (assumed). An index comes after its images; archived images stay. */
function itemsOf({ tables }: State, target: Target): readonly BackfillItem[] {
  const { repositoryName } = target;
  const images = [...tables.image.list(keyOf(target))].filter(([, { status }]) => status === undefined);
  return images
    .sort(([, a], [, b]) => a.children.length - b.children.length)
    .flatMap(([[digest = ""]]): readonly BackfillItem[] => {
      const tags = tagsOf(tables, target, digest);
      return tags.length === 0 ? [{ repositoryName, digest }] : tags.map((tag) => ({ repositoryName, digest, tag }));
    });
}

function copyBatch(
  state: State,
  { account, region, backfillId }: ContinueBackfill,
  next: number,
  backfill: BackfillRecord,
  phase: { readonly at: string; readonly totalCount?: number | undefined },
): void {
  const { tables, time } = state;
  const { totalCount = 0 } = phase;
  const end = Math.min(next + BATCH, totalCount);
  let counted = backfill;
  for (let index = next; index < end; index += 1) {
    const key = [account, region, backfillId, inOrder(index)];
    const item = tables.backfillItem.get(...key);
    if (!item) continue;
    const failureCode = copyItem(state, { account, region, repositoryName: item.repositoryName }, item, backfill);
    tables.backfillItem.put(key, { ...item, result: resultOf(state, { account, region }, item, failureCode) });
    counted = count(counted, failureCode);
  }
  const isStopped = phase.at === "STOPPING";
  if (!isStopped && end < totalCount) {
    tables.backfill.put([account, region, backfillId], counted);
    scheduleBackfill(state, { account, region, backfillId, next: end });
    return;
  }
  const ended = { at: isStopped ? "STOPPED" : "COMPLETE", totalCount, endedAtMs: time.now() } as const;
  tables.backfill.put([account, region, backfillId], { ...counted, phase: ended });
}

/** assumed: an image that was deleted in the meantime is a copy that failed. */
const GONE = "ImageNotFound";

function copyItem(
  state: State,
  source: Target,
  { digest, tag }: CopiedImage,
  { destination }: BackfillRecord,
): string | undefined {
  const { tables } = state;
  if (!tables.image.has(...keyOf(source), digest)) return GONE;
  const failureCode = replicate(state, source, { digest, tag }, destination);
  tables.replication.put(
    [...keyOf(source), digest, ...destinationKey(destination)],
    failureCode === undefined ? { status: "COMPLETE" } : { status: "FAILED", failureCode },
  );
  return failureCode;
}

function resultOf(
  { tables }: State,
  { account, region }: RegistryOf,
  { repositoryName, digest, tag }: BackfillItem,
  failureCode: string | undefined,
): BackfillItem["result"] {
  const imageId = { imageDigest: digest, imageTag: tag };
  if (failureCode === undefined) return { repositoryName, imageId, status: "COMPLETE" };
  // assumed: what keeps an index out keeps its images out.
  const isIndex = (tables.image.get(account, region, repositoryName, digest)?.children.length ?? 0) > 0;
  return {
    repositoryName,
    imageId,
    status: "FAILED",
    failureCode,
    subImageFailureCodes: isIndex ? [failureCode] : undefined,
  };
}

const count = (backfill: BackfillRecord, failureCode: string | undefined): BackfillRecord =>
  failureCode === undefined
    ? { ...backfill, completedCount: backfill.completedCount + 1 }
    : {
        ...backfill,
        failedCount: backfill.failedCount + 1,
        failureCodes: [...new Set([...backfill.failureCodes, failureCode])],
      };
