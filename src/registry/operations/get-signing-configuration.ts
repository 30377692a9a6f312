import { requireSigningConfiguration } from "../signing/signing-configuration.js";
import type { Operation } from "./operation.js";

/** The signing rules of the registry. */
export const getSigningConfiguration: Operation<"GetSigningConfiguration"> = (state, caller) => ({
  registryId: caller.account,
  signingConfiguration: requireSigningConfiguration(state, caller),
});
