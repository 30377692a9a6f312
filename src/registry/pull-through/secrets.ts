import { ServiceError } from "../../protocol/service-error.js";
import type { RegistryOf, State } from "../state.js";
import type { UpstreamLogin } from "./upstream-remote.js";

/** A secret with a login for an upstream, or one whose key nobody may use. */
export type UpstreamSecret = UpstreamLogin | "undecryptable";

/**
 * Refuses a rule whose secret cannot be read. documented: it lies in the registry's account and region. Without secrets among the options every
 * ARN stands for one that can be. Texts: assumed.
 *
 * @throws {ServiceError} UnableToAccessSecretException | SecretNotFoundException | UnableToDecryptSecretValueException
 */
export function requireSecret({ upstreams }: State, { account, region }: RegistryOf, credentialArn: string): void {
  const [, , , secretRegion, secretAccount] = credentialArn.split(":");
  if (secretRegion !== region || secretAccount !== account)
    throw new ServiceError(
      "UnableToAccessSecretException",
      `The secret '${credentialArn}' must be in the account ${account} and the region ${region}`,
    );
  if (!upstreams.secrets) return;
  const secret = upstreams.secrets.get(credentialArn);
  if (secret === undefined)
    throw new ServiceError("SecretNotFoundException", `The secret '${credentialArn}' does not exist`);
  if (secret === "undecryptable")
    throw new ServiceError(
      "UnableToDecryptSecretValueException",
      `The value of the secret '${credentialArn}' can't be decrypted`,
    );
}

/** The login that a secret holds, if it is known. */
export function secretOf({ upstreams }: State, credentialArn: string | undefined): UpstreamLogin | undefined {
  const secret = credentialArn === undefined ? undefined : upstreams.secrets?.get(credentialArn);
  return secret === "undecryptable" ? undefined : secret;
}
