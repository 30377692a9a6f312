import { ServiceError } from "../../protocol/service-error.js";
import type { Caller } from "../registry.js";
import type { RegistryOf, State } from "../state.js";

/** documented: service quotas. */
export const MAX_EXCLUSIONS = 100;

/** assumed text */
export const exclusionAlreadyExists = (principalArn: string): ServiceError =>
  new ServiceError(
    "ExclusionAlreadyExistsException",
    `The pull time update exclusion for the principal '${principalArn}' already exists`,
  );

/** assumed text */
export const exclusionNotFound = (principalArn: string): ServiceError =>
  new ServiceError(
    "ExclusionNotFoundException",
    `The pull time update exclusion for the principal '${principalArn}' does not exist`,
  );

/** Whether a pull by this principal leaves `lastRecordedPullTime` as it is: it is excluded itself, or it is a session of a role that is. */
export function isExcluded({ tables }: State, { account, region }: RegistryOf, { arn }: Pick<Caller, "arn">): boolean {
  const { pullTimeExclusion } = tables;
  if (pullTimeExclusion.has(account, region, arn)) return true;
  const [, partition, owner, roleName] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (roleName === undefined) return false;
  // A session's ARN does not say the path of its role.
  const prefix = `arn:${partition}:iam::${owner}:role/`;
  for (const [[principal = ""]] of pullTimeExclusion.list([account, region]))
    if (principal.startsWith(prefix) && principal.endsWith(`/${roleName}`)) return true;
  return false;
}
