import type { RepositoryCatalogData, RepositoryCatalogDataInput } from "../../protocol/ecr-public/repositories.js";
import { invalidParameter } from "../refusals.js";
import type { Target } from "../registry.js";
import type { State } from "../state.js";
import type { CatalogDataRecord } from "./public-records.js";

/** The first bytes of every PNG. */
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Where logos live: account and repository follow. */
export const LOGO_PATH_PREFIX = "/_logos/";

/**
 * What is kept of catalog data.
 *
 * @throws {ServiceError} InvalidParameterException when the logo is no PNG (documented: public user guide; assumed text)
 */
export function catalogDataRecord({ logoImageBlob, ...texts }: RepositoryCatalogDataInput): CatalogDataRecord {
  if (logoImageBlob === undefined) return texts;
  const logo = Buffer.from(logoImageBlob);
  if (!logo.subarray(0, PNG.length).equals(PNG))
    throw invalidParameter("catalogData.logoImageBlob", "Member must be a PNG image");
  return { ...texts, logo: logo.toString("base64") };
}

/** Catalog data as ECR Public describes it. Nothing here is certified for the AWS Marketplace. */
export function describeCatalogData(
  { settings }: State,
  { account, repositoryName }: Target,
  { logo, ...texts }: CatalogDataRecord,
): RepositoryCatalogData {
  const logoUrl = `${settings.publicRegistryOrigin()}${LOGO_PATH_PREFIX}${account}/${repositoryName}`;
  return { ...texts, ...(logo !== undefined && { logoUrl }), marketplaceCertified: false };
}
