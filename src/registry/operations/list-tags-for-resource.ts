import { taggedTarget } from "../resource-tags.js";
import { requireRepository } from "../state.js";
import type { Operation } from "./operation.js";

/** The resource tags of a repository, in the order in which they came. */
export const listTagsForResource: Operation<"ListTagsForResource"> = (state, caller, { resourceArn }) => ({
  tags: requireRepository(state, taggedTarget(caller, resourceArn)).resourceTags,
});
