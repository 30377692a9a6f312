import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyTextOf } from "./policy-text.js";

describe("policy text", () => {
  it("has spaces within brackets and none between empty ones but one", () => {
    expect(policyTextOf({ a: [], b: {}, c: [1, { d: [[true], null] }] })).toBe(
      '{\n  "a" : [ ],\n  "b" : { },\n  "c" : [ 1, {\n    "d" : [ [ true ], null ]\n  } ]\n}',
    );
  });

  it("says what the policy said", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(policyTextOf(json))).toEqual(json);
      }),
    );
  });
});
