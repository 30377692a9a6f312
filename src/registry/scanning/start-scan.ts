import type { ScanType } from "../../protocol/ecr/enums.js";
import { schedule } from "../jobs.js";
import { manifestText } from "../pull.js";
import type { ImageRecord } from "../records.js";
import type { Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import { isPullable } from "../storage-class.js";
import { frequencyOf, scanningOf } from "./frequency.js";
import { describeStatus } from "./progression.js";
import { countScan, exhaustedQuota } from "./scan-quota.js";
import { enterStep, type RunningScan, scannedImage } from "./scan-step.js";
import { unscannableType } from "./scannable.js";
import type { ScanRecord } from "./scanning-records.js";

/** An image of a repository. */
export interface ImageOf {
  readonly digest: string;
  readonly image: ImageRecord;
}

/** Starts a scan and answers where it stands. Only inside a transaction. */
export function startScan(state: State, target: Target, { digest, image }: ImageOf, scanType: ScanType): ScanRecord {
  if (scanType === "BASIC") countScan(state, target, digest);
  const scan = nextScan(state, target, digest, scanType);
  const [first, ...later] = state.settings.scanning.stepsOf(scannedImage(state, target, digest, image), scanType);
  for (const step of later) schedule(state, scan.startedAtMs + step.afterMs, { kind: "advance-scan", ...scan, step });
  state.tables.finding.clear([...keyOf(target), digest, scanType]);
  return enterStep(state, scan, first);
}

function nextScan({ tables, time }: State, target: Target, digest: string, scanType: ScanType): RunningScan {
  const { account, region, repositoryName } = target;
  const scanId = (tables.counter.get("scan") ?? 0) + 1;
  tables.counter.put(["scan"], scanId);
  return { account, region, repositoryName, digest, scanType, scanId, startedAtMs: time.now() };
}

/** Scans what was pushed, if its repository says so. Only inside a transaction. */
export function scanOnPush(state: State, target: Target, image: ImageOf): void {
  if (frequencyOf(state, target).scanFrequency === "MANUAL") return;
  if (!isScannable(state, target, image)) return;
  if (scanningOf(state, target).scanType === "ENHANCED") scanOnce(state, target, image);
  else scanWithinQuota(state, target, image);
}

/** An image that was scanned already is left alone until its own quota allows another scan; where the registry's is used up, its scan says so (assumed). */
function scanWithinQuota(state: State, target: Target, image: ImageOf): void {
  const exhausted = exhaustedQuota(state, target, image.digest);
  if (exhausted === "image") return;
  if (exhausted === undefined) {
    startScan(state, target, image, "BASIC");
    return;
  }
  enterStep(state, nextScan(state, target, image.digest, "BASIC"), {
    afterMs: 0,
    status: "LIMIT_EXCEEDED",
    description: describeStatus("LIMIT_EXCEEDED"),
    findings: "none",
  });
}

/** Brings what a repository already has under enhanced scanning. documented: Inspector discovers the images that are there; here their age does not matter. Only inside a transaction. */
export function scanExisting(state: State, target: Target): void {
  const images = Array.from(state.tables.image.list(keyOf(target)), ([[digest = ""], image]) => ({ digest, image }));
  for (const image of images) if (isScannable(state, target, image)) scanOnce(state, target, image);
}

/** A continuous scan does not start again. */
function scanOnce(state: State, target: Target, image: ImageOf): void {
  if (!state.tables.scan.has(...keyOf(target), image.digest, "ENHANCED")) startScan(state, target, image, "ENHANCED");
}

const isScannable = (state: State, target: Target, { digest, image }: ImageOf): boolean =>
  isPullable(image) && unscannableType(image, manifestText(state, target, digest)) === undefined;
