import { refusalOf } from "../../policy/access.js";
import type { Caller } from "../registry.js";
import type { RegistryOf, State } from "../state.js";
import { findRole, parseRoleArn } from "../sts/roles.js";
import { UpstreamError } from "./upstream.js";

/** Who assumes the role of a rule. documented: ECR user guide, pull through cache across accounts. */
const SERVICE = "pullthroughcache.ecr.amazonaws.com";

/**
 * Who reads an upstream registry of another account: a session of the rule's role, which is one of the rule's own account (documented). The
 * session's name is assumed.
 *
 * @throws {UpstreamError} `access-denied` when ECR cannot assume the role
 */
export function cacheRoleSession(
  state: State,
  { account, region }: RegistryOf,
  customRoleArn: string | undefined,
): Caller {
  const ref = customRoleArn === undefined ? undefined : parseRoleArn(customRoleArn);
  const role = ref?.account === account ? findRole(state, ref) : undefined;
  const isTrusted =
    ref &&
    role &&
    refusalOf(
      {
        identity: { account, arn: SERVICE, service: SERVICE },
        action: "sts:AssumeRole",
        resource: ref.arn,
        context: {},
      },
      { identity: [], resource: [role.trust], owner: account, resourceMustAllow: true },
    ) === undefined;
  if (!isTrusted) throw new UpstreamError("access-denied", `ECR cannot assume the role ${customRoleArn}`);
  const arn = `arn:${ref.partition}:sts::${account}:assumed-role/${ref.name}/ecr-pull-through-cache`;
  return { account, region, arn };
}
