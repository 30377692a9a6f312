import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern, wildcard } from "./wildcard.js";

const asRegExp = (pattern: string, wild: string): RegExp =>
  new RegExp(
    `^${[...pattern]
      .map((char) => {
        if (char === "*") return ".*";
        if (char === "?" && wild.includes("?")) return ".";
        return char.replace(/[.?]/, "\\$&");
      })
      .join("")}$`,
    "s",
  );
const over = (alphabet: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 8 });

describe("a wildcard", () => {
  it.each([
    ["prod", "prod", true],
    ["prod", "prod1", false],
    ["prod*", "prod", true],
    ["*prod", "my-prod", true],
    ["*prod", "prod-1", false],
    ["p*d", "pd", true],
    ["ab*ba", "aba", false],
    ["*a*a*", "a", false],
    ["*a*b*c*", "xaybzc", true],
    ["*a*b*c*", "cba", false],
    ["**", "", true],
    ["", "", true],
    ["", "a", false],
    ["v1.?", "v1.0", false],
    ["v1.*", "v120", false],
  ])("%j covers %j: %j", (pattern, text, expected) => {
    expect(wildcard(pattern)(text)).toBe(expected);
  });

  it("agrees with a regular expression", () => {
    fc.assert(
      fc.property(over("ab*.?"), over("ab.?"), (pattern, text) => {
        expect(wildcard(pattern)(text)).toBe(asRegExp(pattern, "*").test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("answers at once where going back would take for ever", () => {
    const text = "a".repeat(1_000_000);
    expect(wildcard(`${"*a".repeat(500)}*b`)(text)).toBe(false);
    expect(wildcard(`${"*a".repeat(500)}*`)(text)).toBe(true);
  });
});

describe("an IAM pattern", () => {
  it.each([
    ["ecr:Get?", "ecr:GetX", true],
    ["ecr:Get?", "ecr:Get", false],
    ["?*", "", false],
    ["*?a", "aa", true],
    ["a*", "a*", true],
  ])("%j covers %j: %j", (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected);
  });

  it("agrees with a regular expression", () => {
    fc.assert(
      fc.property(over("ab*?."), over("ab.?"), (pattern, text) => {
        expect(matchesPattern(pattern, text)).toBe(asRegExp(pattern, "*?").test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("answers at once where going back would take for ever", () => {
    expect(matchesPattern(`${"*a".repeat(30)}*b`, "a".repeat(20_000))).toBe(false);
  });
});
