/** The constrained scalars of the API. documented: service model. */
import { type BlobShape, blob, count, type NumberShape, type StringShape, text } from "../shape.js";

export const registryId: StringShape = text({ pattern: "[0-9]{12}" });
export const repositoryName: StringShape = text({
  min: 2,
  max: 256,
  pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
});
export const imageTagMutabilityExclusionFilterValue: StringShape = text({
  min: 1,
  max: 128,
  pattern: "^[0-9a-zA-Z._*-]{1,128}$",
});
export const kmsKey: StringShape = text({ min: 1, max: 2048 });
export const maxResults: NumberShape = count({ min: 1, max: 1000 });
export const imageManifest: StringShape = text({ min: 1, max: 4_194_304 });
export const imageTag: StringShape = text({ min: 1, max: 300 });
export const severityCount: NumberShape = count({ min: 0 });
export const artifactType: StringShape = text({ min: 1, max: 255 });
export const fiftyMaxResults: NumberShape = count({ min: 1, max: 50 });
export const batchedOperationLayerDigest: StringShape = text({ min: 0, max: 1000 });
export const layerDigest: StringShape = text({ pattern: "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+" });
export const uploadId: StringShape = text({
  pattern: "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
});
export const partSize: NumberShape = count({ min: 0 });
export const layerPartBlob: BlobShape = blob({ min: 0, max: 20_971_520 });
export const base64: StringShape = text({ pattern: "^\\S+$" });
export const repositoryPolicyText: StringShape = text({ min: 0, max: 10_240 });
export const lifecyclePolicyText: StringShape = text({ min: 100, max: 30_720 });
export const lifecyclePreviewMaxResults: NumberShape = count({ min: 1, max: 100 });
export const lifecyclePolicyRulePriority: NumberShape = count({ min: 1 });
export const imageCount: NumberShape = count({ min: 0 });
export const attributeKey: StringShape = text({ min: 1, max: 128 });
export const attributeValue: StringShape = text({ min: 1, max: 256 });
export const inUseCount: NumberShape = count({ min: 0 });
export const scanningRepositoryFilterValue: StringShape = text({
  min: 1,
  max: 255,
  pattern: "^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$",
});
export const region: StringShape = text({ min: 2, max: 25, pattern: "[0-9a-z-]{2,25}" });
export const repositoryFilterValue: StringShape = text({
  min: 2,
  max: 256,
  pattern: "^(?:[a-z0-9]+(?:[._-][a-z0-9]*)*/)*[a-z0-9]*(?:[._-][a-z0-9]*)*$",
});
export const backfillMaxResults: NumberShape = count({ min: 1, max: 50 });
export const registryPolicyText: StringShape = text({ min: 0, max: 10_240 });
export const pullThroughCacheRuleRepositoryPrefix: StringShape = text({
  min: 2,
  max: 30,
  pattern: "^([a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*\\/?|ROOT)$",
});
export const credentialArn: StringShape = text({
  min: 50,
  max: 612,
  pattern: "^arn:aws(-\\w+)*:secretsmanager:[a-zA-Z0-9-:]+:secret:ecr\\-pullthroughcache\\/[a-zA-Z0-9\\/_+=.@-]+$",
});
export const customRoleArn: StringShape = text({ max: 2048 });
export const prefix: StringShape = text({
  min: 1,
  max: 256,
  pattern: "^([a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*\\/?|ROOT)$",
});
export const repositoryTemplateDescription: StringShape = text({ max: 256 });
export const kmsKeyForRepositoryCreationTemplate: StringShape = text({
  min: 0,
  max: 2048,
  pattern: "^$|arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key\\/[a-z0-9-]+",
});
export const lifecyclePolicyTextForRepositoryCreationTemplate: StringShape = text({ min: 0, max: 30_720 });
export const accountSettingName: StringShape = text({ min: 1, max: 64 });
export const signingProfileArn: StringShape = text({
  max: 200,
  pattern: "^arn:aws(-[a-z]+)*:signer:[a-z0-9-]+:[0-9]{12}:\\/signing-profiles\\/[a-zA-Z0-9_]{2,}$",
});
export const signingRepositoryFilterValue: StringShape = text({
  min: 1,
  max: 256,
  pattern: "^(?:[a-z0-9*]+(?:[._-][a-z0-9*]+)*/)*[a-z0-9*]+(?:[._-][a-z0-9*]+)*$",
});
export const principalArn: StringShape = text({
  max: 200,
  pattern: "^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)/[\\w+=,.@-]+(/[\\w+=,.@-]+)*$",
});
