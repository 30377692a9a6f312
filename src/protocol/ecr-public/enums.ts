/** The closed sets of values of the API. documented: newest SDK. */
import { oneOf, type StringShape } from "../shape.js";

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

export type LayerAvailability = "AVAILABLE" | "UNAVAILABLE";
export const layerAvailability: StringShape<LayerAvailability> = oneOf("AVAILABLE", "UNAVAILABLE");

export type LayerFailureCode = "InvalidLayerDigest" | "MissingLayerDigest";
export const layerFailureCode: StringShape<LayerFailureCode> = oneOf("InvalidLayerDigest", "MissingLayerDigest");

export type RegistryAliasStatus = "ACTIVE" | "PENDING" | "REJECTED";
export const registryAliasStatus: StringShape<RegistryAliasStatus> = oneOf("ACTIVE", "PENDING", "REJECTED");
