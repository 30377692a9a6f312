import { giveDefaultAlias } from "../../public/aliases.js";
import { catalogDataRecord, describeCatalogData } from "../../public/catalog-data.js";
import { publicCaller } from "../../public/on-public-registry.js";
import { readPublicTags } from "../../public/resource-tags.js";
import type { RepositoryRecord } from "../../records.js";
import { repositoryAlreadyExists } from "../../refusals.js";
import { addRepository, describeRepository } from "../../repositories.js";
import { keyOf, targetOf } from "../../state.js";
import type { Operation } from "../operation.js";

/** Makes an empty public repository, and with an account's first one its registry's default alias. */
export const createRepository: Operation<"ecr-public:CreateRepository"> = async (state, caller, input) => {
  const target = targetOf(publicCaller(caller), input);
  const catalogData = input.catalogData && catalogDataRecord(input.catalogData);
  const repository: RepositoryRecord = {
    createdAtMs: state.time.now(),
    tagMutability: "MUTABLE",
    scanOnPush: false,
    encryption: { encryptionType: "AES256" },
    resourceTags: readPublicTags(input.tags ?? []),
  };
  await state.store.transaction(() => {
    if (state.tables.repository.has(...keyOf(target))) throw repositoryAlreadyExists(target);
    addRepository(state, target, repository);
    giveDefaultAlias(state, target.account);
    if (catalogData) state.tables.catalogData.put(keyOf(target), catalogData);
  });
  return {
    repository: describeRepository(state, target, repository),
    // documented: empty when none was given.
    catalogData: catalogData ? describeCatalogData(state, target, catalogData) : {},
  };
};
