import { parseRepositoryArn } from "../image/repository-arn.js";
import type { Tag } from "../protocol/ecr/repositories.js";
import { ServiceError } from "../protocol/service-error.js";
import { PUBLIC_REGION } from "./public-region.js";
import { invalidParameter } from "./refusals.js";
import type { Caller, Target } from "./registry.js";
import { keyOf, requireRepository, type State } from "./state.js";

/** documented: ECR user guide, restrictions of tags. */
const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

/**
 * The repository that a resource's ARN names in the kind of registry and the region that the caller speaks to (assumed: another region's is
 * refused).
 *
 * @throws {ServiceError} InvalidParameterException (observed text: moto's tests)
 */
export function taggedTarget({ region }: Caller, resourceArn: string): Target {
  const arn = parseRepositoryArn(resourceArn);
  const arnRegion = arn?.kind === "public" ? PUBLIC_REGION : arn?.region;
  if (!arn || arnRegion !== region) throw invalidParameter("resourceArn", "Invalid ARN");
  return { account: arn.account, region, repositoryName: arn.repositoryName };
}

/** @throws {ServiceError} TooManyTagsException | InvalidTagParameterException (texts: assumed) */
export function requireResourceTags(tags: readonly Tag[]): void {
  requireFew(tags.length);
  const keys = new Set<string>();
  for (const { Key, Value } of tags) {
    requireKey(Key);
    if (Value.length > MAX_VALUE_LENGTH)
      throw invalidTag(`the value of '${Key}' must have at most ${MAX_VALUE_LENGTH} characters`);
    if (keys.has(Key)) throw invalidTag(`the key '${Key}' is given twice`);
    keys.add(Key);
  }
}

/** @throws {ServiceError} TooManyTagsException (assumed: for more keys than a repository can have) | InvalidTagParameterException */
export function requireTagKeys(keys: readonly string[]): void {
  requireFew(keys.length);
  for (const key of keys) requireKey(key);
}

/** Overwrites the tags whose keys are given and adds the others. */
export const addResourceTags = (state: State, target: Target, tags: readonly Tag[]): Promise<void> =>
  changeResourceTags(state, target, (present) => {
    const merged = new Map([...present, ...tags].map((tag) => [tag.Key, tag]));
    requireFew(merged.size);
    return [...merged.values()];
  });

/** Removes the tags whose keys are given; a key that there is not is no fault (assumed). */
export const removeResourceTags = (state: State, target: Target, keys: readonly string[]): Promise<void> =>
  changeResourceTags(state, target, (present) => present.filter(({ Key }) => !keys.includes(Key)));

const changeResourceTags = (
  state: State,
  target: Target,
  change: (present: readonly Tag[]) => readonly Tag[],
): Promise<void> =>
  state.store.transaction(() => {
    const repository = requireRepository(state, target);
    const resourceTags = change(repository.resourceTags);
    state.tables.repository.put(keyOf(target), { ...repository, resourceTags });
  });

function requireFew(count: number): void {
  if (count <= MAX_TAGS) return;
  throw new ServiceError("TooManyTagsException", `A repository can have at most ${MAX_TAGS} tags, got ${count}`);
}

function requireKey(key: string): void {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH)
    throw invalidTag(`a key must have 1 to ${MAX_KEY_LENGTH} characters`);
  if (key.toLowerCase().startsWith("aws:")) throw invalidTag(`the prefix 'aws:' of '${key}' is reserved`);
}

const invalidTag = (problem: string): ServiceError =>
  new ServiceError("InvalidTagParameterException", `Invalid tag: ${problem}`);
