import type { ScanType } from "../../protocol/ecr/enums.js";
import { tagsOf } from "../images.js";
import { inOrder } from "../in-order.js";
import { manifestText } from "../pull.js";
import type { ImageRecord } from "../records.js";
import type { Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import type { Key } from "../table.js";
import { countBySeverity, type Finding, perPackage, perVulnerability, requireFindings, worstFirst } from "./finding.js";
import type { ResolvedStep } from "./progression.js";
import { enhancedFinding, type FoundIn } from "./render-findings.js";
import { emitBasicScan, emitEnhancedFinding, emitEnhancedScan } from "./scan-events.js";
import type { ScannedImage } from "./scanner.js";
import type { FindingRecord, ScanRecord } from "./scanning-records.js";

/** A scan of an image on its way. */
export interface RunningScan extends Target {
  readonly digest: string;
  readonly scanType: ScanType;
  readonly scanId: number;
  readonly startedAtMs: number;
}

/** The next state of a scan that is to come. */
export interface AdvanceScan extends RunningScan {
  readonly step: ResolvedStep;
}

/** A scan comes to its next state, unless the image was deleted or scanned anew in the meantime. Only inside a transaction. */
export function advanceScan(state: State, { step, ...scan }: AdvanceScan): void {
  const record = state.tables.scan.get(...scanKey(scan));
  if (record?.scanId === scan.scanId) enterStep(state, scan, step);
}

/** Where a scan is kept. */
export const scanKey = ({ digest, scanType, ...target }: Target & Pick<RunningScan, "digest" | "scanType">): Key => [
  ...keyOf(target),
  digest,
  scanType,
];

/** Puts a scan into a state, with what there is to find then. Only inside a transaction. */
export function enterStep(state: State, scan: RunningScan, step: ResolvedStep): ScanRecord {
  const { tables, time } = state;
  const { scanId, startedAtMs } = scan;
  const image = tables.image.get(...keyOf(scan), scan.digest);
  if (!image) throw new Error(`a scan of an image that is not there: ${scan.digest}`);
  const previous = tables.scan.get(...scanKey(scan));
  const { status, description, findings } = settle(state, scan, image, step);
  const found = findings && { completedAtMs: time.now(), severityCounts: countBySeverity(findings) };
  const record: ScanRecord = { scanId, startedAtMs, status, description, found };
  const fresh = keepFindings(state, scan, findings ?? []);
  tables.scan.put(scanKey(scan), record);
  tell(state, scan, record, { previous, fresh, image });
  return record;
}

/** What a step comes to: a scanner that fails, which must not stop the clock of the registry, is a scan that fails. */
function settle(
  state: State,
  { digest, scanType, ...target }: RunningScan,
  image: ImageRecord,
  { status, description, findings }: ResolvedStep,
): Pick<ScanRecord, "status" | "description"> & { readonly findings?: readonly Finding[] | undefined } {
  if (findings === "none") return { status, description };
  const each = scanType === "BASIC" ? perPackage : perVulnerability;
  if (findings !== "scanner") return { status, description, findings: worstFirst(each(findings)) };
  try {
    return {
      status,
      description,
      findings: worstFirst(each(findingsOf(state, scannedImage(state, target, digest, image)))),
    };
  } catch (error) {
    return {
      status: "FAILED",
      description: `The scanner failed: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** A report that was loaded for the digest goes before the scanner. */
function findingsOf({ tables, settings }: State, image: ScannedImage): readonly Finding[] {
  const reported = tables.scanReport.get(image.digest);
  if (reported) return reported;
  const findings = settings.scanning.scanner(image);
  requireFindings(findings, "what it returned");
  return findings;
}

/** An image as a scanner sees it. */
export const scannedImage = (
  state: State,
  { account, region, repositoryName }: Target,
  digest: string,
  { mediaType }: ImageRecord,
): ScannedImage => {
  const target = { account, region, repositoryName };
  const tags = tagsOf(state.tables, target, digest);
  return { ...target, digest, tags, mediaType, manifest: manifestText(state, target, digest) };
};

/** Replaces the findings of a scan; one that was there before keeps the time at which it was first seen. Gives those that are new. */
function keepFindings(
  { tables, time }: State,
  scan: RunningScan,
  findings: readonly Finding[],
): readonly FindingRecord[] {
  const key = scanKey(scan);
  const seen = new Map<string, number>();
  for (const [, { finding, firstObservedAtMs }] of tables.finding.list(key)) seen.set(finding.name, firstObservedAtMs);
  tables.finding.clear(key);
  const fresh: FindingRecord[] = [];
  for (const [index, finding] of findings.entries()) {
    const record = { finding, firstObservedAtMs: seen.get(finding.name) ?? time.now() };
    tables.finding.put([...key, inOrder(index)], record);
    if (!seen.has(finding.name)) fresh.push(record);
  }
  return fresh;
}

/** What listeners hear of a step. */
function tell(
  state: State,
  { digest, scanType, account, region, repositoryName }: RunningScan,
  record: ScanRecord,
  {
    previous,
    fresh,
    image,
  }: {
    readonly previous: ScanRecord | undefined;
    readonly fresh: readonly FindingRecord[];
    readonly image: ImageRecord;
  },
): void {
  const target = { account, region, repositoryName };
  if (scanType === "BASIC") {
    if (record.status !== "IN_PROGRESS") emitBasicScan(state, target, digest, record);
    return;
  }
  if (!record.found) return;
  if (previous?.scanId !== record.scanId || !previous.found) emitEnhancedScan(state, target, digest, record);
  const { completedAtMs } = record.found;
  const foundIn: FoundIn = {
    ...target,
    digest,
    tags: tagsOf(state.tables, target, digest),
    pushedAtMs: image.pushedAtMs,
  };
  for (const finding of fresh)
    emitEnhancedFinding(state, target, digest, enhancedFinding(foundIn, finding, completedAtMs));
}
