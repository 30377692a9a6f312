import { formatRepositoryArn } from "../../image/repository-arn.js";
import type { EnhancedImageScanFinding } from "../../protocol/ecr/scanning.js";
import { emit } from "../events.js";
import { tagsOf } from "../images.js";
import type { Target } from "../registry.js";
import type { RegistryOf, State } from "../state.js";
import type { ScanRecord } from "./scanning-records.js";

const arnOf = ({ account, region, repositoryName }: Target): string =>
  formatRepositoryArn({ kind: "private", account, region, repositoryName });

/** A basic scan has come to an end. documented; that any end is told is assumed. */
export function emitBasicScan(state: State, target: Target, digest: string, { status, found }: ScanRecord): void {
  emit(state, target, {
    detailType: "ECR Image Scan",
    resources: [arnOf(target)],
    detail: {
      "scan-status": status,
      "repository-name": target.repositoryName,
      "finding-severity-counts": found?.severityCounts ?? {},
      "image-digest": digest,
      "image-tags": tagsOf(state.tables, target, digest),
    },
  });
}

/** An enhanced scan has its first findings. documented: user guide, events of enhanced scanning. */
export function emitEnhancedScan(state: State, target: Target, digest: string, { found }: ScanRecord): void {
  const counts = found?.severityCounts ?? {};
  emit(state, target, {
    detailType: "Inspector2 Scan",
    source: "aws.inspector2",
    resources: [arnOf(target)],
    detail: {
      "scan-status": "INITIAL_SCAN_COMPLETE",
      "repository-name": arnOf(target),
      "finding-severity-counts": { ...counts, TOTAL: Object.values(counts).reduce((sum, count) => sum + count, 0) },
      "image-digest": digest,
      "image-tags": tagsOf(state.tables, target, digest),
    },
  });
}

/** An enhanced scan has found something new. The names are documented (Inspector user guide), times in ISO 8601 and resources assumed. */
export function emitEnhancedFinding(
  state: State,
  target: Target,
  digest: string,
  finding: EnhancedImageScanFinding,
): void {
  const { score, scoreDetails, ...rest } = finding;
  emit(state, target, {
    detailType: "Inspector2 Finding",
    source: "aws.inspector2",
    resources: [`${arnOf(target)}/${digest}`],
    // Plain data: times become text, and what is not there leaves no member.
    detail: JSON.parse(
      JSON.stringify({
        ...rest,
        inspectorScore: score,
        inspectorScoreDetails: scoreDetails && { adjustedCvss: scoreDetails.cvss },
      }),
    ),
  });
}

/** A repository whose scan frequency has changed. */
export interface FrequencyChange {
  readonly repositoryName: string;
  readonly scanFrequency: string;
  readonly previous: string;
}

/** Enhanced scanning treats some repositories otherwise than before. documented: facts 3.19; that it names no resources is assumed. */
export function emitFrequencyChange(state: State, registry: RegistryOf, changes: readonly FrequencyChange[]): void {
  emit(state, registry, {
    detailType: "ECR Scan Resource Change",
    detail: {
      "action-type": "SCAN_FREQUENCY_CHANGE",
      repositories: changes.map(({ repositoryName, scanFrequency, previous }) => ({
        "repository-name": repositoryName,
        "repository-arn": arnOf({ ...registry, repositoryName }),
        "scan-frequency": scanFrequency,
        "previous-scan-frequency": previous,
      })),
      "resource-type": "REPOSITORY",
      "scan-type": "ENHANCED",
    },
  });
}
