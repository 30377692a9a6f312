import type { SigningConfiguration } from "../../protocol/ecr/signing.js";
import { ServiceError } from "../../protocol/service-error.js";
import { invalidParameter } from "../refusals.js";
import type { RegistryOf, State } from "../state.js";

/** @throws {ServiceError} SigningConfigurationNotFoundException (text: assumed) */
export function requireSigningConfiguration({ tables }: State, { account, region }: RegistryOf): SigningConfiguration {
  const configuration = tables.signingConfiguration.get(account, region);
  if (!configuration)
    throw new ServiceError(
      "SigningConfigurationNotFoundException",
      `Signing configuration does not exist in the registry with id '${account}'`,
    );
  return configuration;
}

/**
 * documented: a profile lies in the registry's region, in whichever account. assumed: texts, and that a profile that is named twice is a
 * ValidationException.
 *
 * @throws {ServiceError} InvalidParameterException | ValidationException
 */
export function requireUsableProfiles({ region }: RegistryOf, { rules }: SigningConfiguration): void {
  const profiles = rules.map(({ signingProfileArn }) => signingProfileArn);
  const foreign = profiles.find((arn) => arn.split(":")[3] !== region);
  if (foreign !== undefined)
    throw invalidParameter("signingConfiguration", `The signing profile '${foreign}' must be in the region ${region}`);
  const twice = profiles.find((arn, index) => profiles.indexOf(arn) !== index);
  if (twice !== undefined)
    throw new ServiceError("ValidationException", `The signing profile '${twice}' must be named by one rule only`);
}
