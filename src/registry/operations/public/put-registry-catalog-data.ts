import { PUBLIC_REGION } from "../../public-region.js";
import type { Operation } from "../operation.js";

/** Names the caller's registry for the gallery; without a name it has none any more (assumed). */
export const putRegistryCatalogData: Operation<"ecr-public:PutRegistryCatalogData"> = async (
  { store, tables },
  { account },
  { displayName },
) => {
  const { publicRegistry } = tables;
  const key = [account, PUBLIC_REGION];
  await store.transaction(() => publicRegistry.put(key, { ...publicRegistry.get(...key), displayName }));
  return { registryCatalogData: { displayName } };
};
