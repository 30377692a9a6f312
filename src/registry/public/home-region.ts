import { ServiceError } from "../../protocol/service-error.js";
import type { Caller } from "../registry.js";

/**
 * The only region whose endpoint does what it is asked. The endpoint of us-west-2 answers too, but with this refusal (observed: field reports of
 * the Terraform provider, docker/login-action and the AWS CDK); where AWS has no endpoint at all, here it is the same (assumed).
 */
const HOME_REGION = "us-east-1";

/** @throws {ServiceError} UnsupportedCommandException (observed text) */
export function requireHomeRegion(operationName: string, { region }: Caller): void {
  if (region === HOME_REGION) return;
  throw new ServiceError(
    "UnsupportedCommandException",
    `${operationName} command is only supported in ${HOME_REGION}.`,
  );
}
