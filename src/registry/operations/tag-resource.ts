import { addResourceTags, requireResourceTags, taggedTarget } from "../resource-tags.js";
import type { Operation } from "./operation.js";

/** Adds resource tags to a repository; one whose key it has takes that one's place. */
export const tagResource: Operation<"TagResource"> = async (state, caller, { resourceArn, tags }) => {
  const target = taggedTarget(caller, resourceArn);
  requireResourceTags(tags);
  await addResourceTags(state, target, tags);
  return {};
};
