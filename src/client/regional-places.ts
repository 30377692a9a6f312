import { EcrError } from "../errors.js";
import { isRegion } from "../image/partition.js";
import { copyOfAuth } from "./auth-check.js";
import type { AuthOptions } from "./auth-options.js";
import type { EcrClientConfig } from "./config.js";
import { requireOptions } from "./options.js";
import { shown } from "./shown.js";

/** An account that clients work in. */
export interface AccountAccess {
  /** Twelve digits. */
  readonly account: string;
  /** The role to assume there, with the keys of `auth`. @default none: the keys of `auth` are the account's own */
  readonly roleArn?: string | undefined;
  /** What the role's trust policy may ask for. */
  readonly externalId?: string | undefined;
  /** The name that CloudTrail shows. @default "ecrkit" */
  readonly sessionName?: string | undefined;
}

/** Where one client works. */
export interface ClientPlace {
  readonly region: string;
  /** Present where accounts were given. */
  readonly account?: string | undefined;
}

/** A place's name: its region, behind its account where accounts were given, as in `123456789012/eu-west-1`. */
export const nameOf = ({ region, account }: ClientPlace): string =>
  account === undefined ? region : `${account}/${region}`;

/** The places of a configuration with how each is authenticated in, in the order in which they were given. */
export function placesOf(
  regions: readonly string[],
  accounts: readonly AccountAccess[] | undefined,
  { auth = { kind: "default" }, registryId }: Pick<EcrClientConfig, "auth" | "registryId">,
): ReadonlyMap<string, { readonly place: ClientPlace; readonly auth: AuthOptions }> {
  requireSome("regions", regions);
  const wrong = regions.find((region) => typeof region !== "string" || !isRegion(region));
  if (wrong !== undefined)
    throw invalid(`regions must hold names of AWS regions such as us-east-1, got ${shown(wrong)}`);
  const base = copyOfAuth(auth);
  if (accounts === undefined) return named(regions.map((region) => ({ place: { region }, auth: base })));
  requireSome("accounts", accounts);
  if (registryId !== undefined)
    throw invalid("registryId does not go with accounts: each account's own registry is asked");
  const each = accounts.map((access, at) => ({
    account: access?.account,
    auth: authIn(access, base, `accounts[${at}]`),
  }));
  return named(each.flatMap(({ account, auth }) => regions.map((region) => ({ place: { region, account }, auth }))));
}

/** One object for all regions of an account, so that what is shared by it is shared. */
function authIn(access: AccountAccess, base: AuthOptions, field: string): AuthOptions {
  requireOptions(field, access, field, ["account", "roleArn", "externalId", "sessionName"]);
  const { account, roleArn, externalId, sessionName } = access;
  if (!/^[0-9]{12}$/.test(String(account)))
    throw invalid(`${field}.account must be an account's 12 digits, got ${shown(account)}`);
  if (roleArn === undefined) {
    const surplus = externalId !== undefined ? "externalId" : sessionName !== undefined ? "sessionName" : undefined;
    if (surplus !== undefined) throw invalid(`${field}.${surplus} does nothing without a roleArn`);
    return base;
  }
  const role = { kind: "assume-role" as const, roleArn, externalId, sessionName };
  // The base has been copied, and must stay the one object that its keys are shared by.
  const checked = { ...copyOfAuth({ ...role, source: base }, field), source: base };
  if (roleArn.split(":")[4] !== account)
    throw invalid(`${field}.roleArn must be a role of account ${account}, got ${shown(roleArn)}`);
  return checked;
}

function named<T extends { readonly place: ClientPlace }>(places: readonly T[]): ReadonlyMap<string, T> {
  const byName = new Map<string, T>();
  for (const one of places) {
    const name = nameOf(one.place);
    if (byName.has(name)) throw invalid(`${name} is given twice`);
    byName.set(name, one);
  }
  return byName;
}

function requireSome(field: string, value: unknown): void {
  if (!Array.isArray(value) || value.length === 0)
    throw invalid(
      `${field} must be a list with at least one element, got ${Array.isArray(value) ? "an empty one" : shown(value)}`,
    );
}

const invalid = (message: string): EcrError => new EcrError(message, { kind: "InvalidParameter" });
