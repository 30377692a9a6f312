import { partitionOf } from "../image/partition.js";
import { ServiceError } from "../protocol/service-error.js";
import { type Authorization, parseAuthorization } from "../protocol/sigv4-verify.js";
import type { Caller } from "../registry/registry.js";
import type { HttpRequest } from "../transport/transport.js";

/** documented: service model of Amazon ECR, Region. */
const REGION = /^[0-9a-z-]{2,25}$/;
const ACCOUNT = /^[0-9]{12}$/;

/**
 * Who signed a request, without verifying the signature: an access key of 12 digits is that account, any other the default account; the
 * region is the one of the credential's scope.
 *
 * @throws {ServiceError} MissingAuthenticationTokenException, IncompleteSignature, InvalidSignatureException
 */
export function callerOf({ headers }: HttpRequest, defaultAccount: string): Caller {
  const { accessKeyId, region } = readAuthorization(headers["authorization"]);
  if (!REGION.test(region))
    throw new ServiceError(
      "InvalidSignatureException",
      `Credential should be scoped to a valid Region, not '${region}'. `,
    );
  const account = ACCOUNT.test(accessKeyId) ? accessKeyId : defaultAccount;
  return { account, region, arn: `arn:${partitionOf(region).name}:iam::${account}:root` };
}

function readAuthorization(header: string | undefined): Authorization {
  // assumed: the text of AWS's JSON services.
  if (header === undefined)
    throw new ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token");
  const authorization = parseAuthorization(header);
  // The header itself is left out of the text: it may be somebody's password. documented: AWS common errors, IncompleteSignature.
  if (authorization === undefined)
    throw new ServiceError(
      "IncompleteSignature",
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of an AWS4-HMAC-SHA256 signature.",
    );
  return authorization;
}
