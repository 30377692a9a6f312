import { Secret } from "../secret.js";
import { managedPolicy } from "./managed-policies.js";
import { type PolicyDocument, PolicyError, type PolicyKind, parsePolicyDocument } from "./policy-document.js";

/** A policy of a user or a role: a document, or the ARN of one of AWS's own that are about ECR, such as `arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly`. */
type PolicyOrArn = object | string;

/** An access key and its secret. */
export interface AccessKeyEntry {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What an accounts file holds, which is JSON. */
export interface AccountsFile {
  /** By account id, 12 digits. */
  readonly accounts: Readonly<Record<string, AccountEntry>>;
}

/** An account. Whoever is not in it may do nothing in its name. */
export interface AccountEntry {
  /** Its organization's id, which policies may ask for as `aws:PrincipalOrgID`. */
  readonly organization?: string;
  /** Keys of the account's root, which may do everything. */
  readonly accessKeys?: readonly AccessKeyEntry[];
  /** By name, which may be preceded by a path: `ci` or `build/ci`. */
  readonly users?: Readonly<Record<string, PrincipalEntry & { readonly accessKeys?: readonly AccessKeyEntry[] }>>;
  /** By name, which may be preceded by a path. */
  readonly roles?: Readonly<Record<string, RoleEntry>>;
  /** OpenID Connect providers, by host and path without a scheme: `token.actions.githubusercontent.com`. */
  readonly identityProviders?: Readonly<Record<string, ProviderEntry>>;
}

/** A user or a role. */
interface PrincipalEntry {
  /** What it may do. @default everything */
  readonly policies?: readonly PolicyOrArn[];
  /** What policies may ask for as `aws:PrincipalTag/KEY`. */
  readonly tags?: Readonly<Record<string, string>>;
}

interface RoleEntry extends PrincipalEntry {
  /** The policy that says who may assume it. */
  readonly trust: object;
  /** The longest that one session may last, in seconds, from 3,600 to 43,200. @default 3600 */
  readonly maxSessionDurationSeconds?: number;
}

interface ProviderEntry {
  /** Audiences whose tokens are taken. */
  readonly clientIds: readonly string[];
  /** The provider's public keys as JSON Web Keys. @default none: the signatures of its tokens are not verified */
  readonly keys?: readonly object[];
}

/** A user, a role or an account's root: what it may do. */
export interface Principal {
  /** @default everything */
  readonly policies?: readonly PolicyDocument[] | undefined;
  /** Its tags: `aws:PrincipalTag/KEY` in conditions. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A user; its name may be preceded by a path, as in its ARN: `ci` or `build/ci`. */
export interface User extends Principal {
  readonly path: string;
}

/** A role that others assume. */
export interface Role extends Principal {
  readonly path: string;
  readonly trust: PolicyDocument;
  readonly maxSessionDurationS: number;
}

/** An OpenID Connect provider whose tokens an account takes. */
export interface IdentityProvider {
  /** Host and path, as in its ARN: `token.actions.githubusercontent.com`. */
  readonly issuer: string;
  readonly clientIds: readonly string[];
  /** The provider's public keys. Without them signatures are not verified. */
  readonly keys?: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/** An account as the file describes it. */
export interface Account {
  /** `aws:PrincipalOrgID` in conditions. */
  readonly organization?: string | undefined;
  /** By name, without path. */
  readonly users: ReadonlyMap<string, User>;
  /** By name, without path. */
  readonly roles: ReadonlyMap<string, Role>;
  /** By issuer. */
  readonly identityProviders: ReadonlyMap<string, IdentityProvider>;
}

/** Whose a long-term key is. */
export interface AccessKey {
  readonly account: string;
  /** Undefined for a key of the account's root. */
  readonly userName?: string | undefined;
  readonly secretAccessKey: Secret;
}

/** Who there is: accounts with their users, roles and keys. */
export interface Accounts {
  readonly accounts: ReadonlyMap<string, Account>;
  /** By access key id. */
  readonly accessKeys: ReadonlyMap<string, AccessKey>;
}

/** Nobody: every access key is as good as any other. */
export const NO_ACCOUNTS: Accounts = { accounts: new Map(), accessKeys: new Map() };

/** An accounts file that cannot be used; `message` says where and why. */
export class AccountsError extends Error {
  override readonly name = "AccountsError";
}

/** documented: IAM, the longest session of a role unless it says otherwise, and the bounds of what it may say. */
const DEFAULT_SESSION_S = 3_600;
const LONGEST_SESSION_S = 43_200;
const PATHED_NAME = /^(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;

type Json = Readonly<Record<string, unknown>>;

/** Reads what `--accounts FILE` holds, given as its JSON value. @throws AccountsError */
export function parseAccounts(json: unknown): Accounts {
  const { accounts: listed, ...rest } = record(json, "the file");
  refuseOthers(rest, "the file");
  const accessKeys = new Map<string, AccessKey>();
  const addKeys = (value: unknown, owner: Omit<AccessKey, "secretAccessKey">, at: string): void => {
    for (const [index, one] of listOf(value, at).entries()) {
      const { accessKeyId, secretAccessKey, ...others } = record(one, `${at}[${index}]`);
      refuseOthers(others, `${at}[${index}]`);
      const id = text(accessKeyId, `${at}[${index}].accessKeyId`, /^\w{1,128}$/);
      if (accessKeys.has(id)) throw new AccountsError(`${at}[${index}]: the access key ${id} is given twice`);
      accessKeys.set(id, {
        ...owner,
        secretAccessKey: new Secret(text(secretAccessKey, `${at}[${index}].secretAccessKey`)),
      });
    }
  };
  const accounts = mapOf(record(listed, "accounts"), "accounts", /^\d{12}$/, (value, account, at) => {
    const { organization, accessKeys: rootKeys, users, roles, identityProviders, ...others } = record(value, at);
    refuseOthers(others, at);
    addKeys(rootKeys, { account }, `${at}.accessKeys`);
    return {
      organization:
        organization === undefined ? undefined : text(organization, `${at}.organization`, /^o-[a-z0-9]{10,32}$/),
      users: byName(users, `${at}.users`, (user, path, place) => {
        const { accessKeys: keys, ...principal } = user;
        addKeys(keys, { account, userName: bareName(path) }, `${place}.accessKeys`);
        return { path: pathOf(path), ...parsePrincipal(principal, place) };
      }),
      roles: byName(roles, `${at}.roles`, parseRole),
      identityProviders: mapOf(
        identityProviders,
        `${at}.identityProviders`,
        /^[\w.-]+(?::\d+)?(?:\/[\w./-]*)?$/,
        parseProvider,
      ),
    };
  });
  return { accounts, accessKeys };
}

function parsePrincipal({ policies, tags, ...rest }: Json, at: string): Principal {
  refuseOthers(rest, at);
  return {
    policies:
      policies === undefined
        ? undefined
        : listOf(policies, `${at}.policies`).map((policy, index) =>
            parsePolicy(policy, "identity", `${at}.policies[${index}]`),
          ),
    tags: Object.fromEntries(
      mapOf(tags, `${at}.tags`, /^.{1,128}$/s, (value, _key, place) => text(value, place, /^.{0,256}$/s)),
    ),
  };
}

function parseRole(
  { trust, maxSessionDurationSeconds: longest = DEFAULT_SESSION_S, ...principal }: Json,
  path: string,
  at: string,
): Role {
  if (
    typeof longest !== "number" ||
    !Number.isInteger(longest) ||
    longest < DEFAULT_SESSION_S ||
    longest > LONGEST_SESSION_S
  )
    throw new AccountsError(
      `${at}.maxSessionDurationSeconds must be a whole number from ${DEFAULT_SESSION_S} to ${LONGEST_SESSION_S}`,
    );
  return {
    path: pathOf(path),
    trust: parsePolicy(trust, "trust", `${at}.trust`),
    maxSessionDurationS: longest,
    ...parsePrincipal(principal, at),
  };
}

function parseProvider(value: unknown, issuer: string, at: string): IdentityProvider {
  const { clientIds, keys, ...rest } = record(value, at);
  refuseOthers(rest, at);
  return {
    issuer,
    clientIds: listOf(clientIds, `${at}.clientIds`).map((id, index) => text(id, `${at}.clientIds[${index}]`)),
    keys:
      keys === undefined
        ? undefined
        : listOf(keys, `${at}.keys`).map((key, index) => record(key, `${at}.keys[${index}]`)),
  };
}

/** A policy given as a document, or as the ARN of one of AWS's own. */
function parsePolicy(value: unknown, kind: PolicyKind, at: string): PolicyDocument {
  if (kind === "identity" && typeof value === "string") {
    const managed = managedPolicy(value);
    if (managed) return managed;
    throw new AccountsError(`${at}: there is no policy ${value} here; write its document out`);
  }
  try {
    return parsePolicyDocument(JSON.stringify(record(value, at)), kind);
  } catch (error) {
    throw error instanceof PolicyError ? new AccountsError(`${at}: ${error.message}`, { cause: error }) : error;
  }
}

/** Entries whose keys are names with or without a path, by the name alone, which must be unique. */
function byName<T>(
  value: unknown,
  at: string,
  parse: (value: Json, path: string, at: string) => T,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [path, one] of mapOf(value, at, PATHED_NAME, (each, key, place) =>
    parse(record(each, place), key, place),
  )) {
    const name = bareName(path);
    if (found.has(name)) throw new AccountsError(`${at}: the name ${name} is given twice`);
    found.set(name, one);
  }
  return found;
}

const bareName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const pathOf = (path: string): string => `/${path.slice(0, path.lastIndexOf("/") + 1)}`;

function mapOf<T>(
  value: unknown,
  at: string,
  key: RegExp,
  parse: (value: unknown, key: string, at: string) => T,
): ReadonlyMap<string, T> {
  if (value === undefined) return new Map();
  return new Map(
    Object.entries(record(value, at)).map(([name, each]) => {
      if (!key.test(name)) throw new AccountsError(`${at}: "${name}" is not a name it can have`);
      return [name, parse(each, name, `${at}.${name}`)];
    }),
  );
}

function listOf(value: unknown, at: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new AccountsError(`${at} must be a list`);
  return value;
}

function record(value: unknown, at: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new AccountsError(`${at} must be an object`);
  return value as Json;
}

/** The value itself is not shown: it may be a secret. */
function text(value: unknown, at: string, pattern = /^.+$/s): string {
  if (typeof value !== "string" || !pattern.test(value))
    throw new AccountsError(`${at} must be text like ${pattern.source}`);
  return value;
}

function refuseOthers(rest: Json, at: string): void {
  const [name] = Object.keys(rest);
  if (name !== undefined) throw new AccountsError(`${at} has no member "${name}"`);
}
