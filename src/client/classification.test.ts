import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../test/fixtures/scripted-client.js";
import { answering, failure, refusal } from "../../test/fixtures/scripted-transport.js";
import type { EcrError } from "../errors.js";
import type { HttpResponse } from "../transport/transport.js";
import { KIND_OF_CODE } from "./service-error-kinds.js";

/** The codes that a call is sent again for, by how often it is sent in all. Whatever is not listed is sent once. */
const SENT: Readonly<Record<string, number>> = Object.fromEntries([
  ...[
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottleException",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
  ].map((code) => [code, 5]),
  ...[
    "BadGateway",
    "GatewayTimeout",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "ServerException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
  ].map((code) => [code, 3]),
  ...["RequestTimeout", "RequestTimeoutException"].map((code) => [code, 2]),
  // Once more, with new keys.
  ...[
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "BlockedByOrganizationPolicyException",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
  ].map((code) => [code, 2]),
]);

/** How a call ends that always meets the same. */
async function outcomeOf(fate: () => HttpResponse | Promise<never>) {
  const transport = answering(fate);
  const { ecr } = clientOver(transport, { limiter: false });
  const error = (await rejection(ecr.call("DescribeRepositories", {}))) as EcrError;
  return { kind: error.kind, category: error.category, sent: transport.requests.length, attempts: error.attempts };
}

describe("a call that the service always refuses", () => {
  it.each(Object.entries(KIND_OF_CODE))("with %s is %s, and sent as often as may help", async (code, kind) => {
    const sent = SENT[code] ?? 1;
    expect(await outcomeOf(() => refusal(code))).toMatchObject({ kind, sent, attempts: sent });
  });

  it("may name no other code that is sent again", () => {
    expect(Object.keys(SENT).filter((code) => !Object.hasOwn(KIND_OF_CODE, code))).toEqual([]);
  });

  it.each([
    [400, "Service", 1],
    [401, "InvalidCredentials", 2],
    [403, "AccessDenied", 2],
    [404, "Service", 1],
    [413, "LimitExceeded", 1],
    [429, "Throttled", 5],
    [500, "ServiceUnavailable", 3],
    [502, "ServiceUnavailable", 3],
    [503, "ServiceUnavailable", 3],
    [504, "ServiceUnavailable", 3],
  ])("with a code that nobody knows is told by its status %i: %s", async (status, kind, sent) => {
    expect(await outcomeOf(() => refusal("NewException", "", { status }))).toMatchObject({ kind, sent });
  });

  it.each([
    ["KMSInternalException", "retryable", 3],
    ["DisabledException", "terminal", 1],
  ])("for its KMS key with %s is %s", async (kmsError, category, sent) => {
    const refused = refusal("KmsException", "", { members: { kmsError } });
    expect(await outcomeOf(() => refused)).toMatchObject({ kind: "KmsError", category, sent });
  });
});

describe("a call that no answer ever comes to", () => {
  it.each([
    "ECONNRESET",
    "ECONNREFUSED",
    "ECONNABORTED",
    "EPIPE",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "EHOSTDOWN",
    "ENETUNREACH",
    "ENETDOWN",
    "ERR_STREAM_PREMATURE_CLOSE",
    "UND_ERR_SOCKET",
    "UND_ERR_CLOSED",
  ])("for %s is a broken connection, and sent three times", async (code) => {
    expect(await outcomeOf(() => Promise.reject(failure(code)))).toMatchObject({ kind: "Connection", sent: 3 });
  });

  it.each([
    "ETIMEDOUT",
    "ESOCKETTIMEDOUT",
    "UND_ERR_CONNECT_TIMEOUT",
    "UND_ERR_HEADERS_TIMEOUT",
    "UND_ERR_BODY_TIMEOUT",
  ])("for %s is a timeout, and sent twice", async (code) => {
    expect(await outcomeOf(() => Promise.reject(failure(code)))).toMatchObject({ kind: "Timeout", sent: 2 });
  });

  it("for a certificate that is refused is final", async () => {
    const refused = failure("CERT_HAS_EXPIRED");
    expect(await outcomeOf(() => Promise.reject(refused))).toMatchObject({
      kind: "Connection",
      category: "terminal",
      sent: 1,
    });
  });
});
