import { formatRepositoryArn } from "../image/repository-arn.js";
import type { Repository } from "../protocol/ecr/repositories.js";
import type { RepositoryRecord } from "./records.js";
import type { Target } from "./registry.js";
import type { State } from "./state.js";

/** A repository as ECR describes it. */
export const describeRepository = (
  { settings }: Pick<State, "settings">,
  { account, region, repositoryName }: Target,
  record: RepositoryRecord,
): Repository => ({
  repositoryArn: formatRepositoryArn({ kind: "private", account, region, repositoryName }),
  registryId: account,
  repositoryName,
  repositoryUri: `${settings.registryHost(account, region)}/${repositoryName}`,
  createdAt: new Date(record.createdAtMs),
  imageTagMutability: record.tagMutability,
  imageTagMutabilityExclusionFilters: record.tagMutabilityFilters,
  imageScanningConfiguration: { scanOnPush: record.scanOnPush },
  encryptionConfiguration: record.encryption,
});
