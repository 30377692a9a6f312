import { mintToken } from "../token.js";
import type { Operation } from "./operation.js";

/** A login for each registry that is named, or for the caller's own. */
export const getAuthorizationToken: Operation<"GetAuthorizationToken"> = (state, caller, input) => ({
  authorizationData: (input.registryIds ?? [caller.account]).map((account) => {
    const { authorizationToken, expiresAtMs } = mintToken(state.signer, state.time.now(), caller, account);
    return {
      authorizationToken,
      expiresAt: new Date(expiresAtMs),
      proxyEndpoint: state.settings.origin(account, caller.region),
    };
  }),
});
