import { formatRepositoryArn } from "../../image/repository-arn.js";
import type {
  RepositoryScanningConfiguration,
  RepositoryScanningConfigurationFailure,
} from "../../protocol/ecr/scanning.js";
import { repositoryNotFound } from "../refusals.js";
import { frequencyOf } from "../scanning/frequency.js";
import { keyOf, registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** How each repository is scanned in effect. documented: an unknown name is a failure of its own, never of the call; its reason's text is assumed. */
export const batchGetRepositoryScanningConfiguration: Operation<"BatchGetRepositoryScanningConfiguration"> = (
  state,
  caller,
  { repositoryNames },
) => {
  const registry = registryOf(caller, undefined);
  const scanningConfigurations: RepositoryScanningConfiguration[] = [];
  const failures: RepositoryScanningConfigurationFailure[] = [];
  for (const repositoryName of new Set(repositoryNames)) {
    const target = { ...registry, repositoryName };
    if (!state.tables.repository.has(...keyOf(target))) {
      const failureReason = repositoryNotFound(target).message;
      failures.push({ repositoryName, failureCode: "REPOSITORY_NOT_FOUND", failureReason });
      continue;
    }
    const { scanFrequency, appliedScanFilters } = frequencyOf(state, target);
    scanningConfigurations.push({
      repositoryArn: formatRepositoryArn({ kind: "private", ...target }),
      repositoryName,
      // assumed of a continuous scan: it scans on push too.
      scanOnPush: scanFrequency !== "MANUAL",
      scanFrequency,
      appliedScanFilters,
    });
  }
  return { scanningConfigurations, failures };
};
