import { describeTemplate, requireTemplate, requireUsableTemplate } from "../settings/creation-templates.js";
import { prefixKey } from "../settings/prefixes.js";
import type { TemplateRecord } from "../settings/template-records.js";
import type { Operation } from "./operation.js";

/** Changes a template for repositories that are made from now on. What is not told stays as it is (assumed). */
export const updateRepositoryCreationTemplate: Operation<"UpdateRepositoryCreationTemplate"> = async (
  state,
  caller,
  input,
) => {
  const { account, region } = caller;
  const told = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const updated = await state.store.transaction(() => {
    const before = requireTemplate(state, caller, input.prefix);
    const template: TemplateRecord = { ...before, ...told, prefix: before.prefix, updatedAtMs: state.time.now() };
    requireUsableTemplate(caller, template);
    state.tables.creationTemplate.put([account, region, prefixKey(input.prefix)], template);
    return template;
  });
  return { registryId: account, repositoryCreationTemplate: describeTemplate(updated) };
};
