import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Sets the repository's own flag, which only counts under basic scanning. documented as deprecated, still accepted and stored. */
export const putImageScanningConfiguration: Operation<"PutImageScanningConfiguration"> = async (
  state,
  caller,
  input,
) => {
  const target = targetOf(caller, input);
  const scanOnPush = input.imageScanningConfiguration.scanOnPush ?? false;
  await state.store.transaction(() => {
    const repository = requireRepository(state, target);
    state.tables.repository.put(keyOf(target), { ...repository, scanOnPush });
  });
  return {
    registryId: target.account,
    repositoryName: target.repositoryName,
    imageScanningConfiguration: { scanOnPush },
  };
};
