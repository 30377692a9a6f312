import { ServiceError } from "../../../protocol/service-error.js";
import { describeCatalogData } from "../../public/catalog-data.js";
import { publicCaller } from "../../public/on-public-registry.js";
import { keyOf, requireRepository, targetOf } from "../../state.js";
import type { Operation } from "../operation.js";

/** What the gallery would show of a public repository. */
export const getRepositoryCatalogData: Operation<"ecr-public:GetRepositoryCatalogData"> = (state, caller, input) => {
  const target = targetOf(publicCaller(caller), input);
  requireRepository(state, target);
  const catalogData = state.tables.catalogData.get(...keyOf(target));
  // assumed text, after those of the policies
  if (!catalogData)
    throw new ServiceError(
      "RepositoryCatalogDataNotFoundException",
      `Catalog data does not exist for the repository with name '${target.repositoryName}' in the registry with id '${target.account}'`,
    );
  return { catalogData: describeCatalogData(state, target, catalogData) };
};
