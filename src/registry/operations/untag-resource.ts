import { removeResourceTags, requireTagKeys, taggedTarget } from "../resource-tags.js";
import type { Operation } from "./operation.js";

/** Removes resource tags from a repository. */
export const untagResource: Operation<"UntagResource"> = async (state, caller, { resourceArn, tagKeys }) => {
  const target = taggedTarget(caller, resourceArn);
  requireTagKeys(tagKeys);
  await removeResourceTags(state, target, tagKeys);
  return {};
};
