import { type CatalogDataOperations, catalogDataOperations } from "./catalog-data.js";
import { type ImagesOperations, imagesOperations } from "./images.js";
import { type LayersOperations, layersOperations } from "./layers.js";
import { type PolicyAndTagsOperations, policyAndTagsOperations } from "./policy-and-tags.js";
import { type RegistriesOperations, registriesOperations } from "./registries.js";
import { type RepositoriesOperations, repositoriesOperations } from "./repositories.js";

/** Every operation of Amazon ECR Public, by its AWS name. */
export interface EcrPublicOperations
  extends RepositoriesOperations,
    ImagesOperations,
    LayersOperations,
    RegistriesOperations,
    CatalogDataOperations,
    PolicyAndTagsOperations {}

export const ecrPublicOperations: EcrPublicOperations = {
  ...repositoriesOperations,
  ...imagesOperations,
  ...layersOperations,
  ...registriesOperations,
  ...catalogDataOperations,
  ...policyAndTagsOperations,
};
