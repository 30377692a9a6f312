import { EcrError } from "../../errors.js";
import { type Accounts, AccountsError, type AccountsFile, NO_ACCOUNTS, parseAccounts } from "../../policy/accounts.js";
import { type QuotaOptions, requireQuotas } from "../throttle.js";

export type { AccountsFile } from "../../policy/accounts.js";
export type { QuotaOptions } from "../throttle.js";

/** Who may do what, and how fast. */
export interface AccessOptions {
  /**
   * `open`: any access key will do, and whoever is not in `accounts` may do everything in their own account, elsewhere what policies there allow.
   * `strict`: every signature is verified, and there is nobody but who is in `accounts`, which it needs. A signature is good for five minutes
   * on the machine's clock; sessions and tokens end on `time`.
   * @default "open"
   */
  readonly auth?: "open" | "strict" | undefined;
  /** Accounts with their users, roles, access keys and policies. @default none */
  readonly accounts?: AccountsFile | undefined;
  /** `true` for the rates and counts that AWS publishes, or an object to set others. @default false: as many and as fast as can be */
  readonly quotas?: boolean | QuotaOptions | undefined;
}

/** The options as a registry takes them. */
interface ResolvedAccess {
  readonly auth: "open" | "strict";
  readonly accounts: Accounts;
  readonly quotas: QuotaOptions | undefined;
}

/** @throws {EcrError} kind `InvalidParameter` when an option has a value that it cannot have. */
export function resolveAccess({ auth = "open", accounts, quotas = false }: AccessOptions): ResolvedAccess {
  if (auth !== "open" && auth !== "strict") throw refuse("auth", `open or strict, got ${JSON.stringify(auth)}`);
  if (auth === "strict" && accounts === undefined)
    throw refuse("accounts", "given where `auth` is strict: without them nobody could call");
  const limits = quotas === true ? {} : quotas || undefined;
  try {
    if (limits) requireQuotas(limits);
    return { auth, accounts: accounts === undefined ? NO_ACCOUNTS : parseAccounts(accounts), quotas: limits };
  } catch (error) {
    if (error instanceof AccountsError) throw refuse("accounts", `an accounts file: ${error.message}`);
    if (error instanceof RangeError) throw refuse("quotas", `quotas: ${error.message}`);
    throw error;
  }
}

const refuse = (option: string, problem: string): EcrError =>
  new EcrError(`createLocalEcr: \`${option}\` must be ${problem}`, { kind: "InvalidParameter" });
