import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isUnchanged, parseRange } from "./blob-answer.js";

describe("a Range header", () => {
  it.each([
    [undefined, "whole"],
    ["bytes=0-9", { firstByte: 0, lastByte: 9 }],
    ["bytes=0-0", { firstByte: 0, lastByte: 0 }],
    ["bytes=4-", { firstByte: 4, lastByte: 9 }],
    ["bytes=4-999", { firstByte: 4, lastByte: 9 }],
    ["bytes=-3", { firstByte: 7, lastByte: 9 }],
    ["bytes=-99", { firstByte: 0, lastByte: 9 }],
    ["bytes=10-", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=5-4", "unsatisfiable"],
    ["bytes=0-1,3-4", "whole"],
    ["bytes=-", "whole"],
    ["lines=0-1", "whole"],
    ["bytes=a-b", "whole"],
  ])("%s of ten bytes", (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });

  it("of nothing is never satisfied", () => {
    expect([parseRange("bytes=0-", 0), parseRange("bytes=-1", 0)]).toEqual(["unsatisfiable", "unsatisfiable"]);
  });

  it("never leads outside", () => {
    const bound = fc.oneof(fc.constant(""), fc.nat(40).map(String));
    fc.assert(
      fc.property(bound, bound, fc.nat(30), (first, last, sizeBytes) => {
        const range = parseRange(`bytes=${first}-${last}`, sizeBytes);
        if (typeof range === "string") return;
        expect(range.firstByte).toBeGreaterThanOrEqual(0);
        expect(range.firstByte).toBeLessThanOrEqual(range.lastByte);
        expect(range.lastByte).toBeLessThan(sizeBytes);
      }),
    );
  });
});

describe("If-None-Match", () => {
  it.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ["*", true],
    ['"b"', false],
  ])("%s", (header, unchanged) => {
    expect(isUnchanged(header, '"a"')).toBe(unchanged);
  });
});
