/** documented: service model of Amazon ECR, RepositoryName (its grammar is also the one of OCI distribution names). */
const PRIVATE_NAME = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*$/;
/** documented: service model of Amazon ECR Public, RepositoryName. */
const PUBLIC_NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/;
/** documented: service model of Amazon ECR Public, RegistryAliasName. */
const ALIAS = /^[a-z][a-z0-9]+(?:[._-][a-z0-9]+)*$/;
/** documented: OCI distribution specification, reference as a tag. */
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** Whether a private repository may have this name: 2 to 256 characters, lower case, components separated by `/`. */
export const isRepositoryName = (name: string): boolean =>
  name.length >= 2 && name.length <= 256 && PRIVATE_NAME.test(name);

/** Whether a repository of ECR Public may have this name: 2 to 205 characters, without doubled separators. */
export const isPublicRepositoryName = (name: string): boolean =>
  name.length >= 2 && name.length <= 205 && PUBLIC_NAME.test(name);

/** Whether a registry of ECR Public may have this alias: 2 to 50 characters. */
export const isRegistryAlias = (alias: string): boolean => alias.length >= 2 && alias.length <= 50 && ALIAS.test(alias);

/** Whether this is an OCI tag: 1 to 128 letters, digits, `_`, `.` and `-`, the first neither `.` nor `-`. */
export const isTag = (tag: string): boolean => TAG.test(tag);
