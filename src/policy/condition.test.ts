import { describe, expect, it } from "vitest";
import { conditionHolds } from "./condition.js";

const holds = (
  operator: string,
  key: string,
  wanted: string | readonly string[],
  context: Record<string, readonly string[]>,
) => conditionHolds({ operator, key, values: typeof wanted === "string" ? [wanted] : wanted }, context);

describe("a condition", () => {
  it.each([
    ["StringEquals", "o-1", "o-1", true],
    ["StringEquals", "o-1", "O-1", false],
    ["StringEqualsIgnoreCase", "o-1", "O-1", true],
    ["StringNotEquals", "o-1", "o-2", true],
    ["StringNotEqualsIgnoreCase", "o-1", "O-1", false],
    ["StringLike", "team-*", "team-a", true],
    ["StringNotLike", "team-*", "team-a", false],
    ["ArnLike", "arn:aws:iam::*:role/ci-*", "arn:aws:iam::111122223333:role/ci-1", true],
    ["ArnEquals", "arn:aws:iam::*:role/ci-*", "arn:aws:iam::111122223333:role/ci-1", true],
    ["ArnLike", "arn:aws:*:role/ci", "arn:aws:iam::111122223333:role/ci", false],
    ["ArnNotLike", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:user/a", true],
    ["NumericLessThan", "10", "9", true],
    ["NumericGreaterThanEquals", "10", "9.5", false],
    ["NumericNotEquals", "10", "10.0", false],
    ["DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true],
    ["DateLessThanEquals", "1767225600", "2026-01-01T00:00:00Z", true],
    ["Bool", "true", "True", true],
    ["Bool", "true", "false", false],
    ["IpAddress", "10.0.0.0/8", "10.9.8.7", true],
    ["IpAddress", "10.0.0.0/8", "11.0.0.1", false],
    ["IpAddress", "10.0.0.1", "10.0.0.1", true],
    ["IpAddress", "2001:db8::/32", "2001:db8::7", true],
    ["IpAddress", "10.0.0.0/8", "2001:db8::7", false],
    ["NotIpAddress", "10.0.0.0/8", "11.0.0.1", true],
    ["IpAddress", "10.0.0.0/99", "10.0.0.1", false],
    ["IpAddress", "10.0.0.0/8", "not an address", false],
  ])("%s %s on %s is %s", (operator, wanted, found, expected) => {
    expect(holds(operator, "aws:Key", wanted, { "aws:key": [found] })).toBe(expected);
  });

  it("takes any of its values, and for a negated operator none", () => {
    expect(holds("StringEquals", "k", ["a", "b"], { k: ["b"] })).toBe(true);
    expect(holds("StringNotEquals", "k", ["a", "b"], { k: ["b"] })).toBe(false);
  });

  it.each([
    ["StringEquals", false],
    ["StringEqualsIfExists", true],
    ["StringNotEquals", true],
    ["ForAnyValue:StringEquals", false],
    ["ForAllValues:StringEquals", true],
  ])("%s on a key that the request does not have is %s", (operator, expected) => {
    expect(holds(operator, "k", "a", {})).toBe(expected);
  });

  it.each(["constructor", "__proto__"])("takes the key %s for one like any other", (key) => {
    expect(holds("StringEquals", key, "a", {})).toBe(false);
    expect(holds("StringNotEquals", key, "a", {})).toBe(true);
    expect(holds("Null", key, "true", {})).toBe(true);
  });

  it("asks every value or any with ForAllValues and ForAnyValue", () => {
    const context = { "aws:tagkeys": ["team", "cost"] };
    expect(holds("ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost", "env"], context)).toBe(true);
    expect(holds("ForAllValues:StringEquals", "aws:TagKeys", ["team"], context)).toBe(false);
    expect(holds("ForAnyValue:StringEquals", "aws:TagKeys", ["team"], context)).toBe(true);
  });

  it("knows whether a key is there", () => {
    expect(holds("Null", "k", "true", {})).toBe(true);
    expect(holds("Null", "k", "false", {})).toBe(false);
    expect(holds("Null", "k", "false", { k: ["a"] })).toBe(true);
  });
});
