import type { RepositoryCreationTemplate } from "../../protocol/ecr/creation-templates.js";
import type { RCTAppliedFor } from "../../protocol/ecr/enums.js";
import { ServiceError } from "../../protocol/service-error.js";
import { readPolicyText } from "../lifecycle/policies.js";
import { invalidParameter } from "../refusals.js";
import { readRepositoryPolicy } from "../repository-policy.js";
import { requireResourceTags } from "../resource-tags.js";
import type { RegistryOf, State } from "../state.js";
import { requireFittingFilters } from "../tag-mutability.js";
import { longestPrefix, prefixKey } from "./prefixes.js";
import type { TemplateRecord } from "./template-records.js";

/** assumed: the quota is not documented. */
export const MAX_TEMPLATES = 50;

/** assumed text */
export const templateAlreadyExists = ({ account }: RegistryOf, prefix: string): ServiceError =>
  new ServiceError(
    "TemplateAlreadyExistsException",
    `The Repository Creation Template with prefix '${prefix}' already exists in the registry with id '${account}'`,
  );

/** assumed text */
const templateNotFound = ({ account }: RegistryOf, prefix: string): ServiceError =>
  new ServiceError(
    "TemplateNotFoundException",
    `The Repository Creation Template with prefix '${prefix}' does not exist in the registry with id '${account}'`,
  );

/** @throws {ServiceError} TemplateNotFoundException */
export function requireTemplate({ tables }: State, registry: RegistryOf, prefix: string): TemplateRecord {
  const template = tables.creationTemplate.get(registry.account, registry.region, prefixKey(prefix));
  if (!template) throw templateNotFound(registry, prefix);
  return template;
}

/**
 * Refuses a template by which no repository could be made. documented: a role is needed for KMS and for resource tags; assumed: texts, and
 * that a template for nothing is a ValidationException.
 *
 * @throws {ServiceError} InvalidParameterException | ValidationException
 */
export function requireUsableTemplate({ region }: RegistryOf, template: TemplateRecord): void {
  const {
    imageTagMutability = "MUTABLE",
    imageTagMutabilityExclusionFilters: filters,
    encryptionConfiguration,
  } = template;
  if (template.appliedFor.length === 0)
    throw new ServiceError("ValidationException", "appliedFor must have at least one value");
  requireFittingFilters(imageTagMutability, filters);
  requireTags(template);
  if (isGiven(template.repositoryPolicy)) readRepositoryPolicy({ region }, template.repositoryPolicy);
  if (isGiven(template.lifecyclePolicy)) readPolicyText(template.lifecyclePolicy);
  const isEncryptedByKms = (encryptionConfiguration?.encryptionType ?? "AES256") !== "AES256";
  if (!isEncryptedByKms && isGiven(encryptionConfiguration?.kmsKey))
    throw invalidParameter("encryptionConfiguration", "kmsKey can't be set when encryptionType is AES256");
  if (!isGiven(template.customRoleArn) && (isEncryptedByKms || (template.resourceTags ?? []).length > 0))
    throw invalidParameter("customRoleArn", "A role is required for KMS encryption and for resource tags");
}

/** What is refused in a repository's tags is an invalid parameter here. documented: the errors of the operations. */
function requireTags({ resourceTags = [] }: TemplateRecord): void {
  try {
    requireResourceTags(resourceTags);
  } catch (error) {
    throw error instanceof ServiceError ? invalidParameter("resourceTags", error.message) : error;
  }
}

/** Whether a text is there and says something: an empty one takes a member away. */
export const isGiven = (text: string | undefined): text is string => text !== undefined && text !== "";

/** The template for a new repository: the one with the longest prefix of those that are for this way of making one. */
export const templateFor = (
  { tables }: State,
  { account, region }: RegistryOf,
  repositoryName: string,
  use: RCTAppliedFor,
): TemplateRecord | undefined =>
  longestPrefix(tables.creationTemplate.list([account, region]), repositoryName, ({ appliedFor }) =>
    appliedFor.includes(use),
  )?.record;

/** A template as ECR describes it. */
export const describeTemplate = ({
  createdAtMs,
  updatedAtMs,
  ...template
}: TemplateRecord): RepositoryCreationTemplate => ({
  ...template,
  createdAt: new Date(createdAtMs),
  updatedAt: new Date(updatedAtMs),
});
