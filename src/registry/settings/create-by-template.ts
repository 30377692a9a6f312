import type { RCTAppliedFor } from "../../protocol/ecr/enums.js";
import { requireAccess } from "../access.js";
import { resolveEncryption } from "../encryption.js";
import { readPolicyText } from "../lifecycle/policies.js";
import { storePolicy } from "../lifecycle/store-policy.js";
import type { RepositoryRecord } from "../records.js";
import type { Caller, Target } from "../registry.js";
import { addRepository } from "../repositories.js";
import { readRepositoryPolicy } from "../repository-policy.js";
import { keyOf, type State } from "../state.js";
import { isGiven, templateFor } from "./creation-templates.js";
import type { TemplateRecord } from "./template-records.js";

/** Without a template a repository is as these say nothing of it. documented: MUTABLE and AES256. */
const PLAIN: Partial<TemplateRecord> = {};

/** Makes a repository as ECR makes one by itself: by the template that matches, else with the defaults. Only inside a transaction. */
export function createByTemplate(state: State, target: Target, use: RCTAppliedFor): void {
  const template = templateFor(state, target, target.repositoryName, use) ?? PLAIN;
  addRepository(state, target, repositoryBy(state, target, template));
  const { repositoryPolicy, lifecyclePolicy } = template;
  if (isGiven(repositoryPolicy))
    state.tables.repositoryPolicy.put(keyOf(target), readRepositoryPolicy(target, repositoryPolicy).text);
  if (isGiven(lifecyclePolicy)) storePolicy(state, target, readPolicyText(lifecyclePolicy));
}

function repositoryBy({ time }: State, target: Target, template: Partial<TemplateRecord>): RepositoryRecord {
  const { encryptionType = "AES256", kmsKey } = template.encryptionConfiguration ?? {};
  return {
    createdAtMs: time.now(),
    tagMutability: template.imageTagMutability ?? "MUTABLE",
    tagMutabilityFilters: template.imageTagMutabilityExclusionFilters,
    scanOnPush: false,
    encryption: resolveEncryption(target, { encryptionType, kmsKey: isGiven(kmsKey) ? kmsKey : undefined }),
    resourceTags: template.resourceTags ?? [],
  };
}

/**
 * Makes the repository of a push that has none, where a template says so. documented: create on push, December 2025.
 * @throws {ServiceError} AccessDeniedException when the caller may not make one
 */
export async function createOnPush(state: State, caller: Caller, target: Target): Promise<void> {
  const { repository } = state.tables;
  if (repository.has(...keyOf(target)) || !templateFor(state, target, target.repositoryName, "CREATE_ON_PUSH")) return;
  requireAccess(state, caller, "ecr:CreateRepository", target);
  await state.store.transaction(() => {
    if (!repository.has(...keyOf(target))) createByTemplate(state, target, "CREATE_ON_PUSH");
  });
}
