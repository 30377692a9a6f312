import { PUBLIC_REGION } from "../public-region.js";
import type { Caller } from "../registry.js";
import type { State } from "../state.js";
import { accountOf, requireAccount } from "./aliases.js";

/** What an operation of either service does, seen from outside. */
type Behaviour<I, O> = (state: State, caller: Caller, input: I) => O | Promise<O>;

interface RegistryInput {
  readonly registryId?: string | undefined;
}

/** The caller as it speaks to ECR Public. */
export const publicCaller = (caller: Caller): Caller => ({ ...caller, region: PUBLIC_REGION });

/** What a private operation does, done to the public registry of the same account. */
export const onPublicRegistry =
  <I, O>(behaviour: Behaviour<I, O>): Behaviour<I, O> =>
  (state, caller, input) =>
    behaviour(state, publicCaller(caller), input);

/**
 * The same for an operation that takes an alias for an account.
 *
 * @param unknown whether a registry that there is not is told as such, or as a repository that is not found. documented: the operations' errors
 */
export const onAliasedRegistry =
  <I extends RegistryInput, O>(unknown: "registry" | "repository", behaviour: Behaviour<I, O>): Behaviour<I, O> =>
  (state, caller, input) => {
    const account = unknown === "registry" ? requireAccount : accountOf;
    return behaviour(state, publicCaller(caller), { ...input, registryId: account(state, caller, input.registryId) });
  };
