import { describeTemplate, requireTemplate } from "../settings/creation-templates.js";
import { prefixKey } from "../settings/prefixes.js";
import type { Operation } from "./operation.js";

/** Deletes a template and answers what it was. */
export const deleteRepositoryCreationTemplate: Operation<"DeleteRepositoryCreationTemplate"> = async (
  state,
  caller,
  { prefix },
) => {
  const { account, region } = caller;
  const template = await state.store.transaction(() => {
    const found = requireTemplate(state, caller, prefix);
    state.tables.creationTemplate.remove(account, region, prefixKey(prefix));
    return found;
  });
  return { registryId: account, repositoryCreationTemplate: describeTemplate(template) };
};
