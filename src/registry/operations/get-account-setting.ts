import { accountSetting, requireSettingName } from "../settings/account-settings.js";
import type { Operation } from "./operation.js";

/** One setting of the account in this region, its default when it was never set. */
export const getAccountSetting: Operation<"GetAccountSetting"> = (state, caller, input) => {
  const name = requireSettingName(input.name);
  return { name, value: accountSetting(state, caller, name) };
};
