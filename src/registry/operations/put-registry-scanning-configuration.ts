import type { PutRegistryScanningConfigurationRequest } from "../../protocol/ecr/scanning.js";
import { invalidParameter } from "../refusals.js";
import { frequencyUnder, scanningOf } from "../scanning/frequency.js";
import { emitFrequencyChange, type FrequencyChange } from "../scanning/scan-events.js";
import type { RegistryScanningRecord } from "../scanning/scanning-records.js";
import { scanExisting } from "../scanning/start-scan.js";
import { type RegistryOf, registryOf, type State } from "../state.js";
import type { Operation } from "./operation.js";

/** Replaces how the caller's registry scans. assumed: what is left out becomes BASIC and no rules. */
export const putRegistryScanningConfiguration: Operation<"PutRegistryScanningConfiguration"> = async (
  state,
  caller,
  input,
) => {
  const registry = registryOf(caller, undefined);
  const scanning = readScanning(input);
  await state.store.transaction(() => applyScanning(state, registry, scanning));
  return { registryScanningConfiguration: scanning };
};

/** documented: RegistryScanningRule: which frequencies go with which type. MANUAL, the state without a rule, is taken under BASIC (assumed, as the text). */
function readScanning({
  scanType = "BASIC",
  rules = [],
}: PutRegistryScanningConfigurationRequest): RegistryScanningRecord {
  const wrong = scanType === "BASIC" ? "CONTINUOUS_SCAN" : "MANUAL";
  if (rules.some(({ scanFrequency }) => scanFrequency === wrong))
    throw invalidParameter("rules", `scan frequency '${wrong}' is not supported with scan type '${scanType}'`);
  return { scanType, rules };
}

/** documented: a change of frequencies is told when enhanced scanning is on. */
function applyScanning(state: State, registry: RegistryOf, scanning: RegistryScanningRecord): void {
  const { tables } = state;
  const before = scanningOf(state, registry);
  tables.registryScanning.put([registry.account, registry.region], scanning);
  if (before.scanType !== "ENHANCED" && scanning.scanType !== "ENHANCED") return;
  const changes: FrequencyChange[] = [];
  const repositories = Array.from(tables.repository.list([registry.account, registry.region]));
  for (const [[repositoryName = ""], { scanOnPush }] of repositories) {
    const previous = frequencyUnder(before, repositoryName, scanOnPush).scanFrequency;
    const { scanFrequency } = frequencyUnder(scanning, repositoryName, scanOnPush);
    if (previous !== scanFrequency) changes.push({ repositoryName, scanFrequency, previous });
    if (scanning.scanType === "ENHANCED" && scanFrequency !== "MANUAL")
      scanExisting(state, { ...registry, repositoryName });
  }
  if (scanning.scanType === "ENHANCED" && changes.length > 0) emitFrequencyChange(state, registry, changes);
}
