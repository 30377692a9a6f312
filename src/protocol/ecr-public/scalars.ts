/** The constrained scalars of the API. documented: service model. */
import { type BlobShape, blob, count, type NumberShape, type StringShape, text } from "../shape.js";

export const repositoryName: StringShape = text({
  min: 2,
  max: 205,
  pattern: "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*",
});
export const repositoryDescription: StringShape = text({ max: 1024 });
export const architecture: StringShape = text({ min: 1, max: 50 });
export const operatingSystem: StringShape = text({ min: 1, max: 50 });
export const logoImageBlob: BlobShape = blob({ min: 0, max: 512_000 });
export const aboutText: StringShape = text({ max: 25_600 });
export const usageText: StringShape = text({ max: 25_600 });
export const tagKey: StringShape = text({ min: 1, max: 128 });
export const tagValue: StringShape = text({ min: 0, max: 256 });
export const arn: StringShape = text({ min: 1, max: 2048 });
export const registryId: StringShape = text({ pattern: "[0-9]{12}" });
export const resourceUrl: StringShape = text({ max: 2048 });
export const maxResults: NumberShape = count({ min: 1, max: 1000 });
export const registryIdOrAlias: StringShape = text({ min: 2, max: 50 });
export const imageManifest: StringShape = text({ min: 1, max: 4_194_304 });
export const imageTag: StringShape = text({ min: 1, max: 300 });
export const batchedOperationLayerDigest: StringShape = text({ min: 0, max: 1000 });
export const layerDigest: StringShape = text({ pattern: "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+" });
export const uploadId: StringShape = text({
  pattern: "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
});
export const partSize: NumberShape = count({ min: 0 });
export const layerPartBlob: BlobShape = blob({ min: 0, max: 20_971_520 });
export const base64: StringShape = text({ pattern: "^\\S+$" });
export const registryAliasName: StringShape = text({ min: 2, max: 50, pattern: "[a-z][a-z0-9]+(?:[._-][a-z0-9]+)*" });
export const registryDisplayName: StringShape = text({ min: 0, max: 100 });
export const repositoryPolicyText: StringShape = text({ min: 0, max: 10_240 });
