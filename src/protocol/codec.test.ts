import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, decodeStrict, encode } from "./codec.js";
import { operations } from "./operations.js";
import {
  blob,
  boolean,
  count,
  double,
  list,
  map,
  optional,
  required,
  type StructureShape,
  string,
  structure,
  timestamp,
} from "./shape.js";

interface Everything {
  readonly text: string;
  readonly count?: number | undefined;
  readonly ratio?: number | undefined;
  readonly flag?: boolean | undefined;
  readonly at?: Date | undefined;
  readonly bytes?: Uint8Array | undefined;
  readonly names?: readonly string[] | undefined;
  readonly times?: readonly Date[] | undefined;
  readonly notes?: Readonly<Record<string, string>> | undefined;
  readonly inner?: { readonly at?: Date | undefined; readonly text?: string | undefined } | undefined;
}
const everything: StructureShape<Everything> = structure({
  text: required(string),
  count: optional(count({})),
  ratio: optional(double),
  flag: optional(boolean),
  at: optional(timestamp),
  bytes: optional(blob({})),
  names: optional(list(string)),
  times: optional(list(timestamp)),
  notes: optional(map(string, string)),
  inner: optional(structure({ at: optional(timestamp), text: optional(string) })),
});

const arbitrary: fc.Arbitrary<Everything> = fc.record(
  {
    text: fc.string({ unit: "grapheme-composite" }),
    count: fc.integer(),
    ratio: fc.double({ noNaN: true, noDefaultInfinity: true }).map((ratio) => ratio + 0),
    flag: fc.boolean(),
    at: fc.date({ noInvalidDate: true, min: new Date("1970-01-01"), max: new Date("9999-12-31") }),
    bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    names: fc.array(fc.string()),
    times: fc.array(fc.date({ noInvalidDate: true, min: new Date("1970-01-01"), max: new Date("9999-12-31") })),
    notes: fc.dictionary(fc.string(), fc.string()),
    inner: fc.record({ text: fc.string() }, { requiredKeys: [] }),
  },
  { requiredKeys: ["text"] },
);

describe("the codec", () => {
  it("brings every value back from the wire, for the client and for the local ECR", () => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const json = JSON.parse(JSON.stringify(encode(everything, value)));
        expect(decode(everything, json)).toEqual(value);
        expect(decodeStrict(everything, json)).toEqual(value);
      }),
    );
  });

  it("writes times as epoch seconds with milliseconds and bytes as padded base64", () => {
    const value = { text: "t", at: new Date(1_448_875_853_241), bytes: new Uint8Array([0, 255, 62, 63]) };
    expect(JSON.stringify(encode(everything, value))).toBe('{"text":"t","at":1448875853.241,"bytes":"AP8+Pw=="}');
  });

  it("writes the bytes of a view, not of the buffer behind it", () => {
    const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    expect(encode(everything, { text: "", bytes: view })).toEqual({ text: "", bytes: "AgM=" });
  });

  it("leaves out what has no value and what the shape does not know, and leaves its input alone", () => {
    const value = Object.freeze({
      text: "t",
      count: undefined,
      flag: null,
      other: 1,
      inner: Object.freeze({ other: 2 }),
    });
    expect(JSON.stringify(encode(everything, value))).toBe('{"text":"t","inner":{}}');
    expect(JSON.stringify(decode(everything, value))).toBe('{"text":"t","inner":{}}');
    expect(JSON.stringify(decodeStrict(everything, value))).toBe('{"text":"t","inner":{}}');
  });
});

describe("reading an answer", () => {
  it("reads a time from a number, from a number in text and from ISO 8601", () => {
    for (const at of [1_448_875_853.241, "1448875853.241", "2015-11-30T09:30:53.241Z"])
      expect(decode(everything, { text: "", at })).toEqual({ text: "", at: new Date(1_448_875_853_241) });
  });

  it("reads times to the millisecond, whatever the fraction does in binary", () => {
    for (let ms = 1_700_000_000_000; ms < 1_700_000_001_000; ms += 1)
      expect(decode(everything, JSON.parse(`{"text":"","at":${ms / 1000}}`)).at?.getTime()).toBe(ms);
  });

  it("drops nulls out of lists and maps", () => {
    expect(decode(everything, { text: "", names: ["a", null, "b"], notes: { a: null, b: "c" } })).toEqual({
      text: "",
      names: ["a", "b"],
      notes: { b: "c" },
    });
  });

  it.each([
    [{ at: "soon" }, "the answer holds STRING_VALUE where a time in epoch seconds belongs"],
    [{ at: {} }, "the answer holds STRUCTURE_VALUE where a time in epoch seconds belongs"],
    [{ bytes: 1 }, "the answer holds NUMBER_VALUE where base64 text belongs"],
    [{ names: "a" }, "the answer holds STRING_VALUE where a list belongs"],
    [{ notes: [] }, "the answer holds LIST_VALUE where an object belongs"],
    [{ inner: true }, "the answer holds TRUE_VALUE where an object belongs"],
  ])("refuses %j: it cannot be the answer", (json, message) => {
    expect(() => decode(everything, json)).toThrow(expect.objectContaining({ kind: "InvalidResponse", message }));
  });
});

describe("reading a request", () => {
  it.each([
    [null, "NULL_VALUE can not be converted to a structure"],
    ["{}", "STRING_VALUE can not be converted to a structure"],
    [[], "LIST_VALUE can not be converted to a structure"],
    [{ text: 1 }, "NUMBER_VALUE can not be converted to a String at 'text'"],
    [{ text: "", count: "1" }, "STRING_VALUE can not be converted to an Integer at 'count'"],
    [{ text: "", count: 1.5 }, "NUMBER_VALUE can not be converted to an Integer at 'count'"],
    [{ text: "", ratio: false }, "FALSE_VALUE can not be converted to a Double at 'ratio'"],
    [{ text: "", flag: "true" }, "STRING_VALUE can not be converted to a Boolean at 'flag'"],
    [{ text: "", at: "2015-11-30T09:30:53Z" }, "STRING_VALUE can not be converted to a Timestamp at 'at'"],
    [{ text: "", bytes: "AP8" }, "STRING_VALUE can not be converted to a Blob at 'bytes'"],
    [{ text: "", names: { 0: "a" } }, "STRUCTURE_VALUE can not be converted to a list at 'names'"],
    [{ text: "", names: ["a", 1] }, "NUMBER_VALUE can not be converted to a String at 'names.2'"],
    [{ text: "", names: [null] }, "NULL_VALUE can not be converted to a String at 'names.1'"],
    [{ text: "", notes: { a: 1 } }, "NUMBER_VALUE can not be converted to a String at 'notes.a'"],
    [{ text: "", inner: { text: {} } }, "STRUCTURE_VALUE can not be converted to a String at 'inner.text'"],
  ])("refuses %j and names the member, not its value", (json, message) => {
    expect(() => decodeStrict(everything, json)).toThrow(
      expect.objectContaining({ code: "SerializationException", status: 400, message }),
    );
  });

  it.each(["A", "AA", "AAA", "AA=A", "AA==AA==", "A===", "====", "AP-_", "AP 8=", "AP8=\n", "é0=="])(
    "takes %j for no base64",
    (bytes) => {
      expect(() => decodeStrict(everything, { text: "", bytes })).toThrow(/Blob/);
    },
  );

  it("keeps keys of prototypes what they are: unknown members, or keys of a map", () => {
    const json = JSON.parse(
      '{"text":"t","__proto__":{"flag":true},"constructor":1,"notes":{"__proto__":"p","toString":"s"}}',
    );
    for (const read of [
      decodeStrict(everything, json),
      decode(everything, json),
      encode(everything, json) as Everything,
    ]) {
      expect(Object.keys(read)).toEqual(["text", "notes"]);
      expect(read.flag).toBeUndefined();
      expect(Object.entries(read.notes ?? {})).toEqual([
        ["__proto__", "p"],
        ["toString", "s"],
      ]);
      expect(Object.getPrototypeOf(read.notes)).toBe(Object.prototype);
    }
  });

  it("ignores what nobody asked for, however deep it goes", () => {
    const depth = 100_000;
    const json = JSON.parse(`{"repositoryName":"app","x":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect(decodeStrict(operations.CreateRepository.input, json)).toEqual({ repositoryName: "app" });
  });
});
