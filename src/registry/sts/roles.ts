import type { Role } from "../../policy/accounts.js";
import { parsePolicyDocument } from "../../policy/policy-document.js";
import type { State } from "../state.js";
import { validationError } from "./refusals.js";

/** A role as a request names it. */
export interface RoleRef {
  readonly arn: string;
  readonly partition: string;
  readonly account: string;
  readonly name: string;
}

/** The role that an ARN names, if it names one. */
export function parseRoleArn(arn: string): RoleRef | undefined {
  const [, partition, account, name] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\w+=,.@/-]+\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  if (partition === undefined || account === undefined || name === undefined) return undefined;
  return { arn, partition, account, name };
}

/** @throws {ServiceError} ValidationError */
export function readRoleArn(arn: string): RoleRef {
  const ref = parseRoleArn(arn);
  // observed text
  if (!ref) throw validationError(`${arn} is invalid`);
  return ref;
}

/** A role of an account of which nothing is known: anyone may assume it, and do with it whatever the other side allows. */
const OPEN_ROLE: Role = {
  path: "/",
  trust: parsePolicyDocument(
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*"}}',
    "trust",
  ),
  tags: {},
  maxSessionDurationS: 43_200,
};

/** The role, if there is one: in an account that the accounts file does not name there are all, unless authentication is strict. */
export function findRole({ settings }: Pick<State, "settings">, { account, name, arn }: RoleRef): Role | undefined {
  const known = settings.accounts.accounts.get(account);
  if (!known) return settings.auth === "open" ? OPEN_ROLE : undefined;
  const role = known.roles.get(name);
  return role && arn.endsWith(`:role${role.path}${name}`) ? role : undefined;
}
