import { type AccountSettingsOperations, accountSettingsOperations } from "./account-settings.js";
import { type AuthOperations, authOperations } from "./auth.js";
import { type CreationTemplatesOperations, creationTemplatesOperations } from "./creation-templates.js";
import { type ImagesOperations, imagesOperations } from "./images.js";
import { type LayersOperations, layersOperations } from "./layers.js";
import { type LifecycleOperations, lifecycleOperations } from "./lifecycle.js";
import { type PullThroughCacheOperations, pullThroughCacheOperations } from "./pull-through-cache.js";
import { type PullTimeExclusionsOperations, pullTimeExclusionsOperations } from "./pull-time-exclusions.js";
import { type RegistryPolicyOperations, registryPolicyOperations } from "./registry-policy.js";
import { type ReplicationOperations, replicationOperations } from "./replication.js";
import { type RepositoriesOperations, repositoriesOperations } from "./repositories.js";
import { type RepositoryPolicyOperations, repositoryPolicyOperations } from "./repository-policy.js";
import { type ResourceTagsOperations, resourceTagsOperations } from "./resource-tags.js";
import { type ScanningOperations, scanningOperations } from "./scanning.js";
import { type SigningOperations, signingOperations } from "./signing.js";

/** Every operation of Amazon ECR, by its AWS name. */
export interface EcrOperations
  extends RepositoriesOperations,
    ImagesOperations,
    LayersOperations,
    AuthOperations,
    RepositoryPolicyOperations,
    ResourceTagsOperations,
    LifecycleOperations,
    ScanningOperations,
    ReplicationOperations,
    RegistryPolicyOperations,
    PullThroughCacheOperations,
    CreationTemplatesOperations,
    AccountSettingsOperations,
    SigningOperations,
    PullTimeExclusionsOperations {}

export const ecrOperations: EcrOperations = {
  ...repositoriesOperations,
  ...imagesOperations,
  ...layersOperations,
  ...authOperations,
  ...repositoryPolicyOperations,
  ...resourceTagsOperations,
  ...lifecycleOperations,
  ...scanningOperations,
  ...replicationOperations,
  ...registryPolicyOperations,
  ...pullThroughCacheOperations,
  ...creationTemplatesOperations,
  ...accountSettingsOperations,
  ...signingOperations,
  ...pullTimeExclusionsOperations,
};
