import { scanningOf } from "../scanning/frequency.js";
import { registryOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Which scanner the caller's registry uses, and its rules. */
export const getRegistryScanningConfiguration: Operation<"GetRegistryScanningConfiguration"> = (state, caller) => {
  const { scanType, rules } = scanningOf(state, registryOf(caller, undefined));
  return { registryId: caller.account, scanningConfiguration: { scanType, rules } };
};
