import { requireSigningConfiguration } from "../signing/signing-configuration.js";
import type { Operation } from "./operation.js";

/** Removes all signing rules and answers what they were. */
export const deleteSigningConfiguration: Operation<"DeleteSigningConfiguration"> = (state, caller) =>
  state.store.transaction(() => {
    const { account, region } = caller;
    const signingConfiguration = requireSigningConfiguration(state, caller);
    state.tables.signingConfiguration.remove(account, region);
    return { registryId: account, signingConfiguration };
  });
