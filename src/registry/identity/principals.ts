import type { Accounts } from "../../policy/accounts.js";
import type { PolicyDocument } from "../../policy/policy-document.js";

/** What the ARN of a caller says. */
export type CallerArn = { readonly partition: string; readonly account: string } & (
  | { readonly kind: "root" }
  | { readonly kind: "user"; readonly name: string }
  | { readonly kind: "session"; readonly roleName: string; readonly sessionName: string }
  | { readonly kind: "other" }
);

const ARN = /^arn:([a-z-]+):(iam|sts)::(\d{12}):(?:(root)|user\/(?:.+\/)?([^/]+)|assumed-role\/([^/]+)\/([^/]+))$/;

/** Reads the ARN of a caller; what is none is of kind `other` and belongs to no account. */
export function parseCallerArn(arn: string): CallerArn {
  const [, partition = "aws", , account = "", root, name, roleName, sessionName = ""] = ARN.exec(arn) ?? [];
  if (root !== undefined) return { kind: "root", partition, account };
  if (name !== undefined) return { kind: "user", partition, account, name };
  if (roleName !== undefined) return { kind: "session", partition, account, roleName, sessionName };
  return { kind: "other", partition, account };
}

/** What is known of a caller beside its ARN. */
export interface PrincipalFacts {
  /** What its own account allows it; undefined for everything. */
  readonly policies: readonly PolicyDocument[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly organization?: string | undefined;
  readonly roleArn?: string | undefined;
}

const EVERYTHING: PrincipalFacts = { policies: undefined, tags: {} };

/** What the accounts file says of a caller. Whoever has no ARN may do nothing by itself. Accounts that it does not name are not held to anything; in one that it does, nobody else may do anything. */
export function factsOf({ accounts }: Accounts, arn: CallerArn): PrincipalFacts {
  if (arn.kind === "other") return NOBODY;
  const account = accounts.get(arn.account);
  if (!account) return EVERYTHING;
  const { organization } = account;
  if (arn.kind === "root") return { ...EVERYTHING, organization };
  if (arn.kind === "user") {
    const { policies, tags } = account.users.get(arn.name) ?? NOBODY;
    return { policies, tags, organization };
  }
  const role = account.roles.get(arn.roleName);
  if (!role) return { ...NOBODY, organization };
  const roleArn = `arn:${arn.partition}:iam::${arn.account}:role${role.path}${arn.roleName}`;
  return { policies: role.policies, tags: role.tags, organization, roleArn };
}

const NOBODY: PrincipalFacts = { policies: [], tags: {} };
