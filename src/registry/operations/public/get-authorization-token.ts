import { publicCaller } from "../../public/on-public-registry.js";
import { mintToken } from "../../token.js";
import type { Operation } from "../operation.js";

/** A login to ECR Public. */
export const getAuthorizationToken: Operation<"ecr-public:GetAuthorizationToken"> = (state, caller) => {
  const { authorizationToken, expiresAtMs } = mintToken(state.signer, state.time.now(), publicCaller(caller));
  return { authorizationData: { authorizationToken, expiresAt: new Date(expiresAtMs) } };
};
