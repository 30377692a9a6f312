import { formatRepositoryArn } from "../image/repository-arn.js";
import type { Repository } from "../protocol/ecr/repositories.js";
import { countRepository, requireRoomForRepository } from "./counts.js";
import { publicRegistryUriOf } from "./public/aliases.js";
import { isPublic } from "./public-region.js";
import type { RepositoryRecord } from "./records.js";
import type { Target } from "./registry.js";
import { keyOf, type State } from "./state.js";

/** The ARN of a repository of either kind of registry. */
export const repositoryArnOf = (target: Target): string =>
  formatRepositoryArn({ kind: isPublic(target) ? "public" : "private", ...target });

/** Adds a repository that is not there yet. Only inside a transaction. @throws {ServiceError} LimitExceededException */
export function addRepository(state: State, target: Target, record: RepositoryRecord): void {
  requireRoomForRepository(state, target);
  state.tables.repository.put(keyOf(target), record);
  countRepository(state.tables, target, 1);
}

/** What the URI of a repository starts with: the registry's host, in ECR Public with the registry's alias. */
const registryUriOf = (state: Pick<State, "settings" | "tables">, target: Target): string =>
  isPublic(target)
    ? publicRegistryUriOf(state, target.account)
    : state.settings.registryHost(target.account, target.region);

/** A repository as ECR and ECR Public describe it; of what only ECR has, ECR Public's answers leave out all. */
export const describeRepository = (
  state: Pick<State, "settings" | "tables">,
  target: Target,
  record: RepositoryRecord,
): Repository => ({
  repositoryArn: repositoryArnOf(target),
  registryId: target.account,
  repositoryName: target.repositoryName,
  repositoryUri: `${registryUriOf(state, target)}/${target.repositoryName}`,
  createdAt: new Date(record.createdAtMs),
  imageTagMutability: record.tagMutability,
  imageTagMutabilityExclusionFilters: record.tagMutabilityFilters,
  imageScanningConfiguration: { scanOnPush: record.scanOnPush },
  encryptionConfiguration: record.encryption,
});
