import { limitExceeded } from "../refusals.js";
import {
  describeTemplate,
  MAX_TEMPLATES,
  requireUsableTemplate,
  templateAlreadyExists,
} from "../settings/creation-templates.js";
import { prefixKey } from "../settings/prefixes.js";
import type { TemplateRecord } from "../settings/template-records.js";
import type { Operation } from "./operation.js";

/** Sets what repositories below a prefix are like when ECR makes them by itself. */
export const createRepositoryCreationTemplate: Operation<"CreateRepositoryCreationTemplate"> = async (
  state,
  caller,
  input,
) => {
  const { account, region } = caller;
  const { creationTemplate } = state.tables;
  const nowMs = state.time.now();
  const template: TemplateRecord = {
    ...input,
    // assumed: what a template says that was not told.
    imageTagMutability: input.imageTagMutability ?? "MUTABLE",
    encryptionConfiguration: input.encryptionConfiguration ?? { encryptionType: "AES256" },
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  requireUsableTemplate(caller, template);
  const key = prefixKey(input.prefix);
  await state.store.transaction(() => {
    if (creationTemplate.has(account, region, key)) throw templateAlreadyExists(caller, input.prefix);
    if ([...creationTemplate.list([account, region])].length >= MAX_TEMPLATES)
      throw limitExceeded("repository creation templates", MAX_TEMPLATES);
    creationTemplate.put([account, region, key], template);
  });
  return { registryId: account, repositoryCreationTemplate: describeTemplate(template) };
};
