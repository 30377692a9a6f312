/** The closed sets of values of the API. documented: newest SDK. */
import { oneOf, type StringShape } from "../shape.js";

/** Why one image of a batch could not be served. */
export type ImageFailureCode =
  | "InvalidImageDigest"
  | "InvalidImageTag"
  | "ImageTagDoesNotMatchDigest"
  | "ImageNotFound"
  | "MissingDigestAndTag"
  | "ImageReferencedByManifestList"
  | "KmsError";
export const imageFailureCode: StringShape<ImageFailureCode> = oneOf(
  "InvalidImageDigest",
  "InvalidImageTag",
  "ImageTagDoesNotMatchDigest",
  "ImageNotFound",
  "MissingDigestAndTag",
  "ImageReferencedByManifestList",
  "KmsError",
);

/** Whether a layer can be used in a repository without uploading it. */
export type LayerAvailability = "AVAILABLE" | "UNAVAILABLE";
export const layerAvailability: StringShape<LayerAvailability> = oneOf("AVAILABLE", "UNAVAILABLE");

/** Why one layer digest of a batch could not be looked up. */
export type LayerFailureCode = "InvalidLayerDigest" | "MissingLayerDigest";
export const layerFailureCode: StringShape<LayerFailureCode> = oneOf("InvalidLayerDigest", "MissingLayerDigest");

/** Whether an alias of a public registry may be used. */
export type RegistryAliasStatus = "ACTIVE" | "PENDING" | "REJECTED";
export const registryAliasStatus: StringShape<RegistryAliasStatus> = oneOf("ACTIVE", "PENDING", "REJECTED");
