import { ServiceError } from "../../protocol/service-error.js";
import { invalidParameter } from "../refusals.js";
import type { RegistryOf, State } from "../state.js";

/** What a setting may be, the first value being the one that it has until it is set. */
const SETTINGS = {
  // documented: GetAccountSetting. CLAIR, the scanner before it, can no longer be chosen (assumed).
  BASIC_SCAN_TYPE_VERSION: ["AWS_NATIVE"],
  // documented: new registries have V2, and PutAccountSetting takes nothing else.
  REGISTRY_POLICY_SCOPE: ["V2"],
  // documented: off until it is turned on.
  BLOB_MOUNTING: ["DISABLED", "ENABLED"],
} as const;

export type SettingName = keyof typeof SETTINGS;

/** @throws {ServiceError} InvalidParameterException (text: assumed) */
export function requireSettingName(name: string): SettingName {
  if (Object.hasOwn(SETTINGS, name)) return name as SettingName;
  throw invalidParameter("name", `Member must be one of ${Object.keys(SETTINGS).join(", ")}`);
}

/** @throws {ServiceError} ValidationException (which of the two errors, and text: assumed) */
export function requireSettingValue(name: SettingName, value: string): void {
  const values: readonly string[] = SETTINGS[name];
  if (!values.includes(value))
    throw new ServiceError("ValidationException", `The value of ${name} must be one of ${values.join(", ")}`);
}

/** What a setting of a registry is. */
export const accountSetting = (
  { tables }: Pick<State, "tables">,
  { account, region }: RegistryOf,
  name: SettingName,
): string => tables.accountSetting.get(account, region, name) ?? SETTINGS[name][0];
