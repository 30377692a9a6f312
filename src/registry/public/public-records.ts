/** The registry that an account has in ECR Public. */
export interface PublicRegistryRecord {
  /** Given with the first repository. */
  readonly defaultAlias?: string | undefined;
  readonly displayName?: string | undefined;
}

/** What the gallery shows of a public repository. */
export interface CatalogDataRecord {
  readonly description?: string | undefined;
  readonly architectures?: readonly string[] | undefined;
  readonly operatingSystems?: readonly string[] | undefined;
  readonly aboutText?: string | undefined;
  readonly usageText?: string | undefined;
  /** The picture in base64. */
  readonly logo?: string | undefined;
}
