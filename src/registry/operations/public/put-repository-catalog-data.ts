import { catalogDataRecord, describeCatalogData } from "../../public/catalog-data.js";
import { publicCaller } from "../../public/on-public-registry.js";
import { keyOf, requireRepository, targetOf } from "../../state.js";
import type { Operation } from "../operation.js";

/** Replaces what the gallery would show of a public repository. */
export const putRepositoryCatalogData: Operation<"ecr-public:PutRepositoryCatalogData"> = async (
  state,
  caller,
  input,
) => {
  const target = targetOf(publicCaller(caller), input);
  const catalogData = catalogDataRecord(input.catalogData);
  await state.store.transaction(() => {
    requireRepository(state, target);
    state.tables.catalogData.put(keyOf(target), catalogData);
  });
  return { catalogData: describeCatalogData(state, target, catalogData) };
};
