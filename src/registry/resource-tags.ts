import type { Tag } from "../protocol/ecr/repositories.js";
import { ServiceError } from "../protocol/service-error.js";

/** documented: ECR user guide, restrictions of tags. */
const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

/** @throws {ServiceError} TooManyTagsException | InvalidTagParameterException (texts: assumed) */
export function requireResourceTags(tags: readonly Tag[]): void {
  if (tags.length > MAX_TAGS)
    throw new ServiceError(
      "TooManyTagsException",
      `A repository can have at most ${MAX_TAGS} tags, got ${tags.length}`,
    );
  const keys = new Set<string>();
  for (const { Key, Value } of tags) {
    const problem = problemOf(Key, Value, keys);
    if (problem !== undefined) throw new ServiceError("InvalidTagParameterException", `Invalid tag: ${problem}`);
    keys.add(Key);
  }
}

function problemOf(key: string, value: string, before: ReadonlySet<string>): string | undefined {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) return `a key must have 1 to ${MAX_KEY_LENGTH} characters`;
  if (value.length > MAX_VALUE_LENGTH) return `the value of '${key}' must have at most ${MAX_VALUE_LENGTH} characters`;
  if (key.toLowerCase().startsWith("aws:")) return `the prefix 'aws:' of '${key}' is reserved`;
  if (before.has(key)) return `the key '${key}' is given twice`;
  return undefined;
}
