import { wildcard } from "../../policy/wildcard.js";
import { type ScanStatus, type ScanType, scanStatus } from "../../protocol/ecr/enums.js";
import { durationMs } from "../../time.js";
import { type Finding, requireFindings } from "./finding.js";
import type { ScannedImage } from "./scanner.js";

/** One state of a scan and when it comes. */
export interface ScanStep {
  /** How long after the start of the scan: milliseconds or a duration such as `"90s"`. @default 0 */
  readonly after?: number | string | undefined;
  readonly status: ScanStatus;
  /** @default ECR's own words for the status, where they are known */
  readonly description?: string | undefined;
  /**
   * What can be read from then on: what the scanner finds, findings of your own, or nothing yet.
   * @default "scanner" with COMPLETE and ACTIVE, else "none"
   */
  readonly findings?: "scanner" | "none" | readonly Finding[] | undefined;
}

/** How the scans of some images go. What is left out matches everything; `*` in a pattern stands for any run of characters. */
export interface ScanProgression {
  readonly repository?: string | undefined;
  /** Matches when any tag that the image has at the start of the scan does. */
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  readonly scanType?: ScanType | undefined;
  /** In the order of their times; the first is where the scan starts. */
  readonly steps: readonly ScanStep[];
}

/** A step with all that was left out filled in. */
export interface ResolvedStep {
  readonly afterMs: number;
  readonly status: ScanStatus;
  readonly description?: string | undefined;
  readonly findings: "scanner" | "none" | readonly Finding[];
}

/** A progression, and which scans it is for. */
export interface ResolvedProgression {
  matches(image: ScannedImage, scanType: ScanType): boolean;
  /** At least one. */
  readonly steps: readonly [ResolvedStep, ...ResolvedStep[]];
}

/** observed: COMPLETE, ACTIVE (alexjurkiewicz/ecr-scan-image #45) and FAILED, for an operating system that is not known; the others are assumed. */
const DESCRIPTIONS: { readonly [S in ScanStatus]?: string } = {
  COMPLETE: "The scan was completed successfully.",
  ACTIVE: "Continuous scan is selected for image.",
  FAILED: "UnsupportedImageError: The operating system and/or package manager are not supported.",
  UNSUPPORTED_IMAGE: "UnsupportedImageError: The operating system and/or package manager are not supported.",
  SCAN_ELIGIBILITY_EXPIRED: "The image is no longer eligible for scanning.",
  FINDINGS_UNAVAILABLE: "The findings of the image are not available.",
  LIMIT_EXCEEDED: "The scan quota per registry has been exceeded. Wait and try again.",
  IMAGE_ARCHIVED: "The image is archived.",
};

/** What ECR says of a status. */
export const describeStatus = (status: ScanStatus): string | undefined => DESCRIPTIONS[status];

/** @throws {RangeError} when a progression has no steps, steps whose times do not follow one another, or a status or severity that ECR does not know */
export function resolveProgressions(progressions: readonly ScanProgression[]): readonly ResolvedProgression[] {
  return progressions.map(({ repository = "*", tag, digest = "*", scanType, steps }, index) => {
    const [isRepository, isTag, isDigest] = [
      wildcard(repository),
      tag === undefined ? () => true : wildcard(tag),
      wildcard(digest),
    ];
    return {
      matches: (image, type) =>
        (scanType ?? type) === type &&
        isRepository(image.repositoryName) &&
        isDigest(image.digest) &&
        (tag === undefined || image.tags.some(isTag)),
      steps: resolveSteps(steps, `scanning.progressions[${index}].steps`),
    };
  });
}

function resolveSteps(steps: readonly ScanStep[], where: string): ResolvedProgression["steps"] {
  const [first, ...later] = steps.map((step, index) => resolveStep(step, `${where}[${index}]`));
  if (!first) throw new RangeError(`${where} must have at least one step`);
  const all: ResolvedProgression["steps"] = [first, ...later];
  if (first.afterMs !== 0) throw new RangeError(`the first of ${where} must come at 0, got ${first.afterMs} ms`);
  for (const [index, { afterMs }] of later.entries())
    if (afterMs < (all[index]?.afterMs ?? 0))
      throw new RangeError(
        `${where} must be in the order of their times, got ${afterMs} ms after ${all[index]?.afterMs} ms`,
      );
  return all;
}

function resolveStep(
  { after = 0, status, description = describeStatus(status), findings }: ScanStep,
  where: string,
): ResolvedStep {
  if (!scanStatus.values?.includes(status))
    throw new RangeError(
      `${where}.status must be one of ${scanStatus.values?.join(", ")}, got ${JSON.stringify(status)}`,
    );
  if (Array.isArray(findings)) requireFindings(findings, `${where}.findings`);
  return {
    afterMs: durationMs(after),
    status,
    description,
    findings: findings ?? (status === "COMPLETE" || status === "ACTIVE" ? "scanner" : "none"),
  };
}

/** How a scan goes that nobody scripted (assumed): a basic one ends, an enhanced one stays active. */
export const usualProgression = (scanType: ScanType, duration: number): ResolvedProgression["steps"] =>
  resolveSteps(
    scanType === "BASIC"
      ? [{ status: "IN_PROGRESS" }, { after: duration, status: "COMPLETE" }]
      : [{ status: "PENDING" }, { after: duration, status: "ACTIVE" }],
    "steps",
  );
