import { ServiceError } from "../../protocol/service-error.js";
import { requireAccess } from "../access.js";
import { PUBLIC_REGION } from "../public-region.js";
import type { Caller, Target } from "../registry.js";
import { repositoryArnOf } from "../repositories.js";
import type { State } from "../state.js";

/** Whoever pulls from ECR Public without a login: no account, no principal. */
export const ANONYMOUS: Caller = { account: "anonymous", region: PUBLIC_REGION, arn: "anonymous" };

/** The actions of a push, by which policies name them. */
export type PushAction =
  | "PutImage"
  | "BatchDeleteImage"
  | "InitiateLayerUpload"
  | "UploadLayerPart"
  | "CompleteLayerUpload";

/**
 * Lets into a public repository whoever is logged in and may push to it. Anyone may pull, whatever its policy says (documented: public user
 * guide, a policy cannot deny pulls), so a pull is not asked about.
 *
 * @throws {ServiceError} AccessDeniedException
 */
export function requirePush(state: State, caller: Caller, target: Target, action: PushAction): void {
  const name = `ecr-public:${action}`;
  // assumed: also where a policy allows it to everyone; text too.
  if (caller.account === ANONYMOUS.account)
    throw new ServiceError(
      "AccessDeniedException",
      `User: ${caller.arn} is not authorized to perform: ${name} on resource: ${repositoryArnOf(target)} because no identity-based policy allows the ${name} action`,
    );
  requireAccess(state, caller, name, target);
}
