import { PUBLIC_REGION } from "../../public-region.js";
import type { Operation } from "../operation.js";

/** What the gallery would show of the caller's registry. */
export const getRegistryCatalogData: Operation<"ecr-public:GetRegistryCatalogData"> = ({ tables }, { account }) => ({
  registryCatalogData: { displayName: tables.publicRegistry.get(account, PUBLIC_REGION)?.displayName },
});
