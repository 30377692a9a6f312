import type { ScanStatus, ScanType } from "../../protocol/ecr/enums.js";
import type { RegistryScanningRule } from "../../protocol/ecr/scanning.js";
import type { Finding } from "./finding.js";

/** How a registry scans, once that was ever set. */
export interface RegistryScanningRecord {
  readonly scanType: ScanType;
  readonly rules: readonly RegistryScanningRule[];
}

/** The last scan of an image, basic or enhanced; its findings are kept apart so that a page reads no more than its own. */
export interface ScanRecord {
  /** Tells this scan from those before and after it. */
  readonly scanId: number;
  readonly startedAtMs: number;
  readonly status: ScanStatus;
  readonly description?: string | undefined;
  /** Absent while there are no findings to show, which is not the same as none found. */
  readonly found?: FoundRecord | undefined;
}

/** What a scan has found. */
interface FoundRecord {
  readonly completedAtMs: number;
  readonly severityCounts: Readonly<Record<string, number>>;
}

/** One finding of a scan. */
export interface FindingRecord {
  readonly finding: Finding;
  readonly firstObservedAtMs: number;
}
