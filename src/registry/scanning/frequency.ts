import { wildcard } from "../../policy/wildcard.js";
import type { ScanFrequency } from "../../protocol/ecr/enums.js";
import type { ScanningRepositoryFilter } from "../../protocol/ecr/scanning.js";
import type { Target } from "../registry.js";
import type { RegistryOf, State } from "../state.js";
import { keyOf } from "../state.js";
import type { RegistryScanningRecord } from "./scanning-records.js";

/** documented: user guide, image scanning: a registry scans basically, without rules, until it is told otherwise. */
const UNSET: RegistryScanningRecord = { scanType: "BASIC", rules: [] };

/** How a registry scans. */
export const scanningOf = ({ tables }: State, { account, region }: RegistryOf): RegistryScanningRecord =>
  tables.registryScanning.get(account, region) ?? UNSET;

/** How the images of a repository are scanned, and by which filters. */
export interface EffectiveFrequency {
  readonly scanFrequency: ScanFrequency;
  readonly appliedScanFilters: readonly ScanningRepositoryFilter[];
}

/** documented: a filter without `*` matches any name that contains it; with one it is a pattern for the whole name. */
const filterMatches = ({ filter }: ScanningRepositoryFilter, repositoryName: string): boolean =>
  filter.includes("*") ? wildcard(filter)(repositoryName) : repositoryName.includes(filter);

/**
 * What decides how a repository is scanned. Continuous scanning goes before scanning on push; a repository that no rule names is
 * not scanned by itself (MANUAL), except that enhanced scanning without rules scans everything continuously (all documented), and that
 * under basic scanning the repository's own deprecated flag counts too (assumed).
 */
export function frequencyUnder(
  { scanType, rules }: RegistryScanningRecord,
  repositoryName: string,
  scanOnPush: boolean,
): EffectiveFrequency {
  if (scanType === "ENHANCED" && rules.length === 0)
    return { scanFrequency: "CONTINUOUS_SCAN", appliedScanFilters: [] };
  for (const scanFrequency of ["CONTINUOUS_SCAN", "SCAN_ON_PUSH"] as const) {
    const appliedScanFilters = rules
      .filter((rule) => rule.scanFrequency === scanFrequency)
      .flatMap((rule) => rule.repositoryFilters.filter((filter) => filterMatches(filter, repositoryName)));
    if (appliedScanFilters.length > 0) return { scanFrequency, appliedScanFilters };
  }
  return { scanFrequency: scanType === "BASIC" && scanOnPush ? "SCAN_ON_PUSH" : "MANUAL", appliedScanFilters: [] };
}

/** How a repository that exists is scanned now. */
export const frequencyOf = (state: State, target: Target): EffectiveFrequency =>
  frequencyUnder(
    scanningOf(state, target),
    target.repositoryName,
    state.tables.repository.get(...keyOf(target))?.scanOnPush ?? false,
  );
