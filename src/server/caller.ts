import { partitionOf } from "../image/partition.js";
import { ServiceError } from "../protocol/service-error.js";
import { type Authorization, parseAuthorization, parsePresignedQuery, verify } from "../protocol/sigv4-verify.js";
import type { Caller, Registry } from "../registry/registry.js";
import type { HttpRequest } from "../transport/transport.js";
import { queryValue } from "./request.js";
import type { ServerSettings } from "./settings.js";

/** documented: service model of Amazon ECR, Region. */
const REGION = /^[0-9a-z-]{2,25}$/;
const ACCOUNT = /^[0-9]{12}$/;

/** Who signed a request, or the error that says why nobody did. */
export type Authentication =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly error: ServiceError };

/** A request whose body has been read, for the service that it is meant for. */
interface SignedRequest {
  readonly request: HttpRequest;
  readonly body: Uint8Array;
  readonly service: string;
}

/**
 * Who signed a request, in its header or its query. With `strict` authentication the signature is verified, on the real clock; without it an
 * access key that is not known is taken at its word.
 */
export function authenticate(registry: Registry, signed: SignedRequest, settings: ServerSettings): Authentication {
  try {
    const caller =
      settings.auth === "strict"
        ? verifiedCaller(registry, signed, settings)
        : claimedCaller(registry, signed.request, settings);
    return { ok: true, caller };
  } catch (error) {
    if (error instanceof ServiceError) return { ok: false, error };
    throw error;
  }
}

/** @throws {ServiceError} as AWS refuses a signature */
function verifiedCaller(
  registry: Registry,
  { request, body, service }: SignedRequest,
  { realTime }: ServerSettings,
): Caller {
  const find = (accessKeyId: string) => registry.credential(accessKeyId, sessionTokenOf(request));
  const verification = verify(
    { ...request, body },
    {
      nowMs: realTime.now(),
      service,
      keyOf(accessKeyId) {
        const credential = find(accessKeyId);
        return credential && { ...credential, secretAccessKey: credential.secretAccessKey.reveal() };
      },
    },
  );
  if (!verification.ok) throw verification.error;
  const { accessKeyId, region } = verification;
  requireRegion(region);
  const caller = find(accessKeyId)?.caller(region);
  if (!caller) throw new Error("a verified access key that nobody holds");
  return caller;
}

/**
 * A key that is known is its holder, one of 12 digits is that account, any other the default account: also the session keys of a developer
 * who is logged in to AWS. An unknown session of a user that is known is nobody's: it would otherwise become a root.
 */
function claimedCaller(registry: Registry, request: HttpRequest, { account: defaultAccount }: ServerSettings): Caller {
  const { accessKeyId, region } = readAuthorization(request);
  requireRegion(region);
  const sessionToken = sessionTokenOf(request);
  const known = registry.credential(accessKeyId, sessionToken);
  if (known?.expired)
    throw new ServiceError("ExpiredTokenException", "The security token included in the request is expired");
  if (known) return known.caller(region);
  if (sessionToken !== undefined && registry.credential(accessKeyId, undefined))
    throw new ServiceError("UnrecognizedClientException", "The security token included in the request is invalid.");
  const account = ACCOUNT.test(accessKeyId) ? accessKeyId : defaultAccount;
  return { account, region, arn: `arn:${partitionOf(region).name}:iam::${account}:root` };
}

function requireRegion(region: string): void {
  if (REGION.test(region)) return;
  throw new ServiceError(
    "InvalidSignatureException",
    `Credential should be scoped to a valid Region, not '${region}'. `,
  );
}

const sessionTokenOf = (request: HttpRequest): string | undefined =>
  request.headers["authorization"] === undefined
    ? queryValue(request, "X-Amz-Security-Token")
    : request.headers["x-amz-security-token"];

/** @throws {ServiceError} MissingAuthenticationTokenException, IncompleteSignature */
function readAuthorization({ headers, query }: HttpRequest): Authorization {
  const header = headers["authorization"];
  const isPresigned = header === undefined && query?.["X-Amz-Signature"] !== undefined;
  // assumed: the text of AWS's JSON services.
  if (header === undefined && !isPresigned)
    throw new ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token");
  const authorization = header === undefined ? parsePresignedQuery(query) : parseAuthorization(header);
  // The header itself is left out of the text: it may be somebody's password. documented: AWS common errors, IncompleteSignature.
  if (authorization === undefined)
    throw new ServiceError(
      "IncompleteSignature",
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of an AWS4-HMAC-SHA256 signature.",
    );
  return authorization;
}
