import { describe, expect, it } from "vitest";
import { immutabilityOf } from "./tag-mutability.js";

const filters = [{ filterType: "WILDCARD" as const, filter: "release-*" }];
const rest = { createdAtMs: 0, scanOnPush: false, encryption: { encryptionType: "AES256" as const }, resourceTags: [] };

describe("a tag", () => {
  it.each([
    ["MUTABLE", undefined, "release-1", undefined],
    ["IMMUTABLE", undefined, "release-1", "repository"],
    ["MUTABLE_WITH_EXCLUSION", filters, "release-1", "tag"],
    ["MUTABLE_WITH_EXCLUSION", filters, "dev", undefined],
    ["IMMUTABLE_WITH_EXCLUSION", filters, "release-1", undefined],
    ["IMMUTABLE_WITH_EXCLUSION", filters, "dev", "tag"],
  ] as const)(
    "in a repository that is %s with %j: %s is immutable by %s",
    (tagMutability, tagMutabilityFilters, tag, by) => {
      expect(immutabilityOf({ ...rest, tagMutability, tagMutabilityFilters }, tag)).toBe(by);
    },
  );
});
