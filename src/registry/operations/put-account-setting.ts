import { requireSettingName, requireSettingValue } from "../settings/account-settings.js";
import type { Operation } from "./operation.js";

/** Changes one setting of the account in this region. */
export const putAccountSetting: Operation<"PutAccountSetting"> = async (state, { account, region }, input) => {
  const { value } = input;
  const name = requireSettingName(input.name);
  requireSettingValue(name, value);
  await state.store.transaction(() => state.tables.accountSetting.put([account, region, name], value));
  return { name, value };
};
