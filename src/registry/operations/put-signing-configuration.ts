import { requireUsableProfiles } from "../signing/signing-configuration.js";
import type { Operation } from "./operation.js";

/** Replaces all signing rules; images that are pushed from now on follow them. */
export const putSigningConfiguration: Operation<"PutSigningConfiguration"> = async (
  state,
  caller,
  { signingConfiguration },
) => {
  const { account, region } = caller;
  requireUsableProfiles(caller, signingConfiguration);
  await state.store.transaction(() => state.tables.signingConfiguration.put([account, region], signingConfiguration));
  return { signingConfiguration };
};
