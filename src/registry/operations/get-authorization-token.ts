import { mintToken } from "../token.js";
import type { Operation } from "./operation.js";

/** A login for each registry that is named, or for the caller's own. */
export const getAuthorizationToken: Operation<"GetAuthorizationToken"> = (state, caller, input) => {
  const { region, arn } = caller;
  return {
    authorizationData: (input.registryIds ?? [caller.account]).map((account) => {
      // The account chooses the registry where the host cannot, such as on plain localhost.
      const { authorizationToken, expiresAtMs } = mintToken(state.signer, state.time.now(), { account, region, arn });
      return {
        authorizationToken,
        expiresAt: new Date(expiresAtMs),
        proxyEndpoint: state.settings.origin(account, region),
      };
    }),
  };
};
