import type { Tag } from "../../protocol/ecr/repositories.js";
import type { Tag as PublicTag } from "../../protocol/ecr-public/repositories.js";
import { requireResourceTags } from "../resource-tags.js";

/**
 * Resource tags as they are kept. ECR Public's model does not demand a key or a value: no key is refused, no value is an empty one (assumed).
 *
 * @throws {ServiceError} TooManyTagsException | InvalidTagParameterException
 */
export function readPublicTags(tags: readonly PublicTag[]): readonly Tag[] {
  const complete = tags.map(({ Key = "", Value = "" }) => ({ Key, Value }));
  requireResourceTags(complete);
  return complete;
}
