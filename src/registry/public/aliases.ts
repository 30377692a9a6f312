import { createHash } from "node:crypto";
import type { RegistryAlias } from "../../protocol/ecr-public/registries.js";
import { ServiceError } from "../../protocol/service-error.js";
import { PUBLIC_REGION } from "../public-region.js";
import type { Caller } from "../registry.js";
import type { State } from "../state.js";

/** documented: service model of Amazon ECR Public. */
const ALIAS = /^[a-z][a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const MAX_ALIAS_LENGTH = 50;
const ACCOUNT = /^[0-9]{12}$/;
/** observed: default aliases are four times a letter and a digit, such as `k8m2q4z0`. */
const ALIAS_PAIRS = 4;

type PublicState = Pick<State, "settings" | "tables">;

/** Whether an account could have chosen an alias. */
export const isGrantable = (alias: string, account: string): boolean =>
  ALIAS.test(alias) && alias.length <= MAX_ALIAS_LENGTH && ACCOUNT.test(account);

/** The aliases that accounts chose. @throws RangeError when one could not be granted */
export function readAliases(aliases: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  for (const [alias, account] of Object.entries(aliases))
    if (!isGrantable(alias, account))
      throw new RangeError(
        `publicAliases: an alias such as "acme" has 2 to ${MAX_ALIAS_LENGTH} characters and an account of 12 digits, got ${alias} of ${account}`,
      );
  return new Map(Object.entries(aliases));
}

/** The account whose public registry an alias names. */
export const ownerOf = ({ settings, tables }: PublicState, alias: string): string | undefined =>
  ALIAS.test(alias) ? (settings.publicAliases.get(alias) ?? tables.publicAlias.get(alias)) : undefined;

/** The aliases of an account's registry: those it chose, of which the first is the primary one, and the one it was given. */
export function aliasesOf({ settings, tables }: PublicState, account: string): readonly RegistryAlias[] {
  const chosen = [...settings.publicAliases].filter(([, owner]) => owner === account).map(([name]) => name);
  const given = tables.publicRegistry.get(account, PUBLIC_REGION)?.defaultAlias;
  const names = given === undefined ? chosen : [...chosen, given];
  return names.map((name, index) => ({
    name,
    status: "ACTIVE",
    primaryRegistryAlias: index === 0,
    defaultRegistryAlias: name === given,
  }));
}

/** Host and alias that the URIs of an account's repositories start with; empty while it has no alias (assumed). */
export function publicRegistryUriOf(state: PublicState, account: string): string {
  const primary = aliasesOf(state, account)[0]?.name;
  return primary === undefined ? "" : `${state.settings.publicRegistryHost()}/${primary}`;
}

/** Gives an account its default alias if it has none, always the same. documented: with the first repository. Only inside a transaction. */
export function giveDefaultAlias(state: State, account: string): void {
  const { publicRegistry, publicAlias } = state.tables;
  const registry = publicRegistry.get(account, PUBLIC_REGION);
  if (registry?.defaultAlias !== undefined) return;
  for (let attempt = 0; ; attempt += 1) {
    const defaultAlias = aliasFrom(`${account} ${attempt}`);
    if (ownerOf(state, defaultAlias) !== undefined) continue;
    publicRegistry.put([account, PUBLIC_REGION], { ...registry, defaultAlias });
    publicAlias.put([defaultAlias], account);
    return;
  }
}

function aliasFrom(seed: string): string {
  const bytes = createHash("sha256").update(seed).digest();
  let alias = "";
  for (let pair = 0; pair < ALIAS_PAIRS; pair += 1) {
    const letter = "abcdefghijklmnopqrstuvwxyz"[bytes.readUInt8(2 * pair) % 26] ?? "";
    alias += `${letter}${bytes.readUInt8(2 * pair + 1) % 10}`;
  }
  return alias;
}

/**
 * The account whose public registry a request names, by its id or one of its aliases; the caller's own without one.
 *
 * @throws {ServiceError} RegistryNotFoundException (text: assumed) for an alias that nobody has and an account without a public registry
 */
export function requireAccount(state: State, caller: Caller, registryId: string | undefined): string {
  if (hasRegistry(state, caller, registryId)) return accountOf(state, caller, registryId);
  throw new ServiceError("RegistryNotFoundException", `The registry with id '${registryId}' does not exist`);
}

/** Whether there is the public registry that a request names. Everyone has one of their own, if only without an alias. */
export function hasRegistry(state: State, caller: Caller, registryId: string | undefined): boolean {
  const account = accountOf(state, caller, registryId);
  return account === caller.account || state.tables.publicRegistry.has(account, PUBLIC_REGION);
}

/** The account whose registry a request names, the name itself when nobody has it: then no repository will be found in it. */
export const accountOf = (state: State, caller: Caller, registryId: string = caller.account): string =>
  ACCOUNT.test(registryId) ? registryId : (ownerOf(state, registryId) ?? registryId);
