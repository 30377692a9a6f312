import { describe, expect, it } from "vitest";
import { EcrError, type EcrErrorKind, isEcrError } from "./errors.js";

describe("EcrError", () => {
  it.each<[EcrErrorKind, EcrError["category"]]>([
    ["RepositoryNotFound", "terminal"],
    ["LimitExceeded", "terminal"],
    ["CircuitOpen", "terminal"],
    ["ExpiredToken", "credential"],
    ["AccessDenied", "credential"],
    ["Throttled", "retryable"],
    ["Connection", "retryable"],
  ])("%s is %s", (kind, category) => {
    expect(new EcrError("x", { kind }).category).toBe(category);
  });

  it("keeps the service's answer as it came, and the cause", () => {
    const cause = new Error("below");
    const service = { code: "KmsException", message: "no", status: 400, members: { kmsError: "Throttling" } };
    const error = new EcrError("x", { kind: "KmsError", category: "retryable", service, cause, attempts: 2 });
    expect(error).toMatchObject({ category: "retryable", service, cause, attempts: 2, ambiguous: false });
    expect(error.region).toBeUndefined();
  });

  it("has no cause when none was given", () => {
    expect("cause" in new EcrError("x", { kind: "Timeout" })).toBe(false);
  });
});

describe("isEcrError", () => {
  it("recognises an error of another installed copy, and its kind", () => {
    const other = Object.assign(new Error("x"), { name: "EcrError", kind: "Timeout", category: "retryable" });
    expect(isEcrError(other)).toBe(true);
    expect(isEcrError(other, "Timeout")).toBe(true);
    expect(isEcrError(other, "Throttled")).toBe(false);
  });

  it.each([undefined, null, "EcrError", new Error("x"), { name: "EcrError", kind: "Timeout", category: "retryable" }])(
    "is false for %s",
    (value) => {
      expect(isEcrError(value)).toBe(false);
    },
  );
});
