import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requestTarget } from "../transport/wire-request.js";
import { parseQuery } from "./query.js";

describe("a query", () => {
  it.each([
    ["", {}],
    ["digest=sha256%3Aab&n=10", { digest: "sha256:ab", n: "10" }],
    ["artifactType=application/vnd.a+json", { artifactType: "application/vnd.a+json" }],
    ["flag&empty=", { flag: null, empty: "" }],
    ["a=1&a=2&a=3", { a: ["1", "2", "3"] }],
    ["a=b=c", { a: "b=c" }],
    ["&&a=1&", { a: "1" }],
    ["a=%zz&b=%", { a: "%zz", b: "%" }],
  ])("%s is read", (raw, query) => {
    expect({ ...parseQuery(raw) }).toEqual(query);
  });

  it("may repeat one name as often as fits into it", () => {
    expect(parseQuery("a=1&".repeat(100_000))["a"]).toEqual(Array(100_000).fill("1"));
    expect({ ...parseQuery("a&a=1&a&a=2") }).toEqual({ a: ["1", "2"] });
  });

  it("has no names but its own", () => {
    expect(parseQuery("a=1")["constructor"]).toBeUndefined();
    expect(Object.entries(parseQuery("__proto__=1"))).toEqual([["__proto__", "1"]]);
  });

  it("is read as our own client writes it", () => {
    const values = fc.oneof(fc.string(), fc.constant(null), fc.array(fc.string(), { minLength: 2 }));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), values), (query) => {
        const request = { method: "GET", protocol: "http:", hostname: "x", path: "/", headers: {}, query };
        expect(Object.entries(parseQuery(requestTarget(request).slice(2)))).toEqual(Object.entries(query));
      }),
    );
  });
});
