import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { immutabilityOf, matchesWildcard } from "./tag-mutability.js";

const filters = [{ filterType: "WILDCARD" as const, filter: "release-*" }];
const rest = { createdAtMs: 0, scanOnPush: false, encryption: { encryptionType: "AES256" as const }, resourceTags: [] };

describe("a wildcard filter", () => {
  it.each([
    ["latest", "latest", true],
    ["latest", "latest2", false],
    ["v*", "v", true],
    ["v*", "dev", false],
    ["*-rc", "1.0-rc", true],
    ["*-rc", "1.0-rc1", false],
    ["a*b*c", "abc", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "acb", false],
    ["ab*ba", "aba", false],
    ["*", "", true],
    ["**", "x", true],
    ["v1.0", "v1x0", false],
  ])("%s on %s is %s", (filter, tag, expected) => {
    expect(matchesWildcard(filter, tag)).toBe(expected);
  });

  it("matches what the same pattern as a regular expression matches", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 6 });
    fc.assert(
      fc.property(pattern, letters, (filter, tag) => {
        const expected = new RegExp(`^${filter.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(tag);
        expect(matchesWildcard(filter, tag)).toBe(expected);
      }),
    );
  });
});

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
