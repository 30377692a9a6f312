import { publicCaller } from "../../public/on-public-registry.js";
import { readPublicTags } from "../../public/resource-tags.js";
import { addResourceTags, taggedTarget } from "../../resource-tags.js";
import type { Operation } from "../operation.js";

/** Adds resource tags to a public repository; one whose key it has takes that one's place. */
export const tagResource: Operation<"ecr-public:TagResource"> = async (state, caller, { resourceArn, tags }) => {
  const target = taggedTarget(publicCaller(caller), resourceArn);
  await addResourceTags(state, target, readPublicTags(tags));
  return {};
};
