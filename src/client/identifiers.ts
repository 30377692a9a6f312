import { EcrError } from "../errors.js";
import { isDigest } from "../image/digest.js";
import { isRepositoryName, isTag } from "../image/repository-name.js";
import type { ImageIdentifier } from "../protocol/ecr/images.js";
import { shown } from "./shown.js";

/** Refuses a name that no private repository can have. */
export function requireRepository(repository: string): void {
  if (typeof repository === "string" && isRepositoryName(repository)) return;
  throw invalid("repository", "2 to 256 lower-case letters, digits and ._-/ as in team/app", repository);
}

/** Refuses what is no tag. */
export function requireTag(field: string, tag: unknown): void {
  if (typeof tag === "string" && isTag(tag)) return;
  throw invalid(field, "a tag of 1 to 128 letters, digits and _.- that begins with none of .-", tag);
}

/** Refuses ids of which one names no image that could exist. */
export function requireImageIds(field: string, ids: readonly ImageIdentifier[]): void {
  if (!Array.isArray(ids)) throw invalid(field, "a list of image ids", ids);
  for (const [index, id] of ids.entries()) requireImageId(`${field}[${index}]`, id);
}

/** Refuses an id without tag and digest, or with one that is malformed. */
export function requireImageId(field: string, id: ImageIdentifier): void {
  if (typeof id !== "object" || id === null) throw invalid(field, "an object with imageDigest or imageTag", id);
  const { imageDigest, imageTag } = id;
  if (imageDigest === undefined && imageTag === undefined)
    throw new EcrError(`${field} must be an object with imageDigest or imageTag, got an object with neither`, {
      kind: "InvalidParameter",
    });
  if (imageTag !== undefined) requireTag(`${field}.imageTag`, imageTag);
  if (imageDigest !== undefined && !(typeof imageDigest === "string" && isDigest(imageDigest)))
    throw invalid(`${field}.imageDigest`, "a digest such as sha256: and 64 hexadecimal digits", imageDigest);
}

/** Refuses what is no registry id; undefined is the caller's own registry. */
export function requireRegistryId(registryId: unknown): void {
  if (registryId === undefined || (typeof registryId === "string" && /^[0-9]{12}$/.test(registryId))) return;
  throw invalid("registryId", "an account's 12 digits", registryId);
}

function invalid(field: string, expected: string, got: unknown): EcrError {
  return new EcrError(`${field} must be ${expected}, got ${shown(got)}`, { kind: "InvalidParameter" });
}
