import type { EncryptionConfiguration } from "../../protocol/ecr/repositories.js";
import { resolveEncryption } from "../encryption.js";
import type { RepositoryRecord } from "../records.js";
import { repositoryAlreadyExists } from "../refusals.js";
import { addRepository, describeRepository } from "../repositories.js";
import { requireResourceTags } from "../resource-tags.js";
import { keyOf, targetOf } from "../state.js";
import { requireFittingFilters } from "../tag-mutability.js";
import type { Operation } from "./operation.js";

/** documented: CreateRepository, encryptionConfiguration. */
const DEFAULT_ENCRYPTION: EncryptionConfiguration = { encryptionType: "AES256" };

/** Makes an empty repository. */
export const createRepository: Operation<"CreateRepository"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const { imageTagMutability = "MUTABLE", imageTagMutabilityExclusionFilters: filters, tags = [] } = input;
  requireFittingFilters(imageTagMutability, filters);
  requireResourceTags(tags);
  const repository: RepositoryRecord = {
    createdAtMs: state.time.now(),
    tagMutability: imageTagMutability,
    tagMutabilityFilters: filters,
    scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: resolveEncryption(target, input.encryptionConfiguration ?? DEFAULT_ENCRYPTION),
    resourceTags: tags,
  };
  await state.store.transaction(() => {
    if (state.tables.repository.has(...keyOf(target))) throw repositoryAlreadyExists(target);
    addRepository(state, target, repository);
  });
  return { repository: describeRepository(state, target, repository) };
};
