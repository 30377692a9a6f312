import { describe, expect, it } from "vitest";
import { operations } from "../protocol/operations.js";
import { ServiceError } from "../protocol/service-error.js";
import { fromServiceError } from "./error-mapper.js";
import { isRetryableKmsError, KIND_OF_CODE, kindOf } from "./service-error-kinds.js";

describe("kindOf", () => {
  it("knows every error that an operation of either service models", () => {
    const codes = new Set(Object.values(operations).flatMap(({ errors }) => errors));
    expect(codes.size).toBeGreaterThan(50);
    expect([...codes].filter((code) => !Object.hasOwn(KIND_OF_CODE, code))).toEqual([]);
  });

  it.each([
    ["RepositoryNotFoundException", 400, "RepositoryNotFound"],
    ["ImageTagAlreadyExistsException", 400, "ImageTagAlreadyExists"],
    ["ImageDigestDoesNotMatchException", 400, "ImageDigestMismatch"],
    ["LayerPartTooSmallException", 400, "InvalidLayerPart"],
    ["ValidationException", 400, "InvalidParameter"],
    ["LimitExceededException", 400, "LimitExceeded"],
    ["ServerException", 500, "ServiceUnavailable"],
    ["AccessDeniedException", 400, "AccessDenied"],
    ["UnrecognizedClientException", 400, "InvalidCredentials"],
    ["InvalidClientTokenId", 403, "InvalidCredentials"],
    ["ExpiredTokenException", 400, "ExpiredToken"],
    ["ThrottlingException", 400, "Throttled"],
    ["TooManyRequestsException", 429, "Throttled"],
    ["UnknownOperationException", 400, "UnknownOperation"],
    ["SomethingNewException", 400, "Service"],
    ["SomethingNewException", 401, "InvalidCredentials"],
    ["SomethingNewException", 403, "AccessDenied"],
    ["SomethingNewException", 429, "Throttled"],
    ["SomethingNewException", 500, "ServiceUnavailable"],
    ["SomethingNewException", 502, "ServiceUnavailable"],
    ["toString", 400, "Service"],
  ])("takes %s with status %i for %s", (code, status, kind) => {
    expect(kindOf({ code, status })).toBe(kind);
  });
});

describe("an error of a KMS key", () => {
  it.each([
    ["KeyUnavailableException", true],
    ["Kms.DependencyTimeoutException", true],
    ["KMSInternalException", true],
    ["ThrottlingException", true],
    ["DisabledException", false],
    ["KMSInvalidStateException", false],
    ["NotFoundException", false],
    ["AccessDeniedException", false],
    ["", false],
    [undefined, false],
    [{}, false],
  ])("with kmsError %s is tried again: %s", (kmsError, expected) => {
    expect(isRetryableKmsError(kmsError)).toBe(expected);
  });

  it.each([
    ["KeyUnavailableException", "retryable"],
    ["DisabledException", "terminal"],
  ])("%s is %s", (kmsError, category) => {
    const error = new ServiceError("KmsException", "no", { members: { kmsError } });
    const call = { operation: "PutImage", subject: 'repository "app"', region: "eu-west-1", attempts: 1 };
    expect(fromServiceError(error, call, {})).toMatchObject({
      kind: "KmsError",
      category,
      service: { members: { kmsError } },
    });
  });
});
