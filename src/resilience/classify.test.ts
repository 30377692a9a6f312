import { describe, expect, it } from "vitest";
import { EcrError, type EcrErrorCategory, type EcrErrorKind } from "../errors.js";
import { classify, isUnsent } from "./classify.js";

const ecrError = (kind: EcrErrorKind, category?: EcrErrorCategory): EcrError => new EcrError("no", { kind, category });
const nodeError = (code: string, more: object = {}): Error => Object.assign(new Error("no"), { code, ...more });

describe("classify", () => {
  it.each([
    ["a throttle", ecrError("Throttled"), "throttle"],
    ["a service that is down", ecrError("ServiceUnavailable"), "unavailable"],
    ["a KMS key that is busy", ecrError("KmsError", "retryable"), "unavailable"],
    ["a KMS key that is disabled", ecrError("KmsError"), "terminal"],
    ["a broken connection", ecrError("Connection"), "connection"],
    ["a certificate that is refused", ecrError("Connection", "terminal"), "terminal"],
    ["an answer that did not come", ecrError("Timeout"), "timeout"],
    ["expired keys", ecrError("ExpiredToken"), "credential"],
    ["a refused signature", ecrError("InvalidCredentials"), "credential"],
    ["a policy that denies", ecrError("AccessDenied"), "credential"],
    ["a quota, which the AWS SDK calls a throttle", ecrError("LimitExceeded"), "terminal"],
    ["a missing repository", ecrError("RepositoryNotFound"), "terminal"],
    ["a caller who gave up", ecrError("Aborted"), "terminal"],
    ["a reset", nodeError("ECONNRESET"), "connection"],
    ["a refused connection", nodeError("ECONNREFUSED"), "connection"],
    ["a name that is not found", nodeError("ENOTFOUND"), "connection"],
    ["a name server that does not answer", nodeError("EAI_AGAIN"), "connection"],
    ["a broken pipe", nodeError("EPIPE"), "connection"],
    ["an undici socket", nodeError("UND_ERR_SOCKET"), "connection"],
    ["a connection that is slow to stand", nodeError("ETIMEDOUT"), "timeout"],
    ["undici's headers timeout", nodeError("UND_ERR_HEADERS_TIMEOUT"), "timeout"],
    ["a TimeoutError without a code", Object.assign(new Error("no"), { name: "TimeoutError" }), "timeout"],
    ["a certificate", nodeError("CERT_HAS_EXPIRED"), "terminal"],
    ["a mistake in the program", new TypeError("x is not a function"), "terminal"],
    ["something that is no error", "no", "terminal"],
  ])("takes %s for what it is", (_, error, expected) => {
    expect(classify(error)).toBe(expected);
  });
});

describe("isUnsent", () => {
  it.each([
    ["refused", nodeError("ECONNREFUSED"), true],
    ["not found", nodeError("ENOTFOUND"), true],
    ["timed out while it connected", nodeError("ETIMEDOUT", { syscall: "connect" }), true],
    ["reset while it connected", nodeError("ECONNRESET", { syscall: "connect" }), true],
    ["reset while it read", nodeError("ECONNRESET", { syscall: "read" }), false],
    ["timed out", nodeError("ETIMEDOUT"), false],
    ["without a code", new Error("no"), false],
  ])("tells of a connection that was %s whether the request can have arrived", (_, error, expected) => {
    expect(isUnsent(error)).toBe(expected);
  });
});
