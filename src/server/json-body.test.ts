import { describe, expect, it } from "vitest";
import { decodeStrict } from "../protocol/codec.js";
import { operations } from "../protocol/operations.js";
import { parseJsonBody } from "./json-body.js";

const blob = Buffer.alloc(1024 * 1024 + 1, "any bytes");
const base64 = blob.toString("base64");
const parse = (json: string): unknown => parseJsonBody(Buffer.from(json));
/** What the registry makes of the body of an UploadLayerPart. */
const decoded = (json: string): unknown => decodeStrict(operations.UploadLayerPart.input, parse(json));
const failureOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe("a large layer part", () => {
  it.each([
    ["as the AWS SDK for JavaScript writes it", `{"uploadId":"é","layerPartBlob":"${base64}","partFirstByte":0}`],
    ["as botocore writes it", `{"uploadId": "é", "layerPartBlob": "${base64}", "partFirstByte": 0}`],
    [
      "with its slashes escaped",
      `{"uploadId":"é","layerPartBlob":"${base64.replaceAll("/", "\\/")}","partFirstByte":0}`,
    ],
    ["with its key escaped", `{"uploadId":"é","layer\\u0050artBlob":"${base64}","partFirstByte":0}`],
    ["given twice", `{"uploadId":"é","layerPartBlob":"AAAA","layerPartBlob":"${base64}","partFirstByte":0}`],
  ])("arrives whole %s", (_name, json) => {
    const { layerPartBlob, ...rest } = decoded(json) as { layerPartBlob: Uint8Array };
    expect(blob.equals(layerPartBlob)).toBe(true);
    expect(rest).toEqual({ uploadId: "é", partFirstByte: 0 });
  });

  it.each([
    ["a character that is none of base64", `${base64.slice(0, -4)}!AAA`],
    ["the alphabet of URLs", `${base64.slice(0, -4)}AA-_`],
    ["no padding", base64.replace(/=+$/, "")],
    ["padding in the middle", `AA==${base64}`],
    ["white space", `${base64.slice(0, -4)}AA \n`.replace("\n", " ")],
  ])("with %s is refused like a small one", (_name, text) => {
    const refused = failureOf(() => decoded(`{"layerPartBlob":"${text}"}`));
    expect(refused).toMatchObject({ code: "SerializationException" });
    expect(refused).toEqual(failureOf(() => decoded('{"layerPartBlob":"!"}')));
  });

  it.each([
    ["broken off in the blob", `{"layerPartBlob":"${base64}`],
    ["broken off after it", `{"layerPartBlob":"${base64}"`],
    ["with a word too many", `{"layerPartBlob":"${base64}" nonsense}`],
  ])("%s is not JSON", (_name, json) => {
    expect(failureOf(() => parse(json))).toEqual(failureOf(() => parse("{")));
  });
});

describe("any other large body", () => {
  it.each([
    ["another member", { imageManifest: "x".repeat(2_000_000) }],
    ["a member of a member", { inner: { layerPartBlob: base64 } }],
    ["a text that speaks of it", { imageManifest: `"layerPartBlob":"${base64}"` }],
    ["a blob that is a number", { layerPartBlob: 7, other: "x".repeat(2_000_000) }],
    ["an array", ["layerPartBlob", base64]],
  ])("is what JSON.parse makes of it: %s", (_name, value) => {
    expect(parse(JSON.stringify(value))).toEqual(value);
  });

  it.each([
    ["the blob of a member", `{"x":{"layerPartBlob":"${base64}"},"layerPartBlob":""}`],
    ["the same the other way round", `{"layerPartBlob":"","x":{"layerPartBlob":"${base64}"}}`],
    ["a blob and then none", `{"layerPartBlob":"${base64}","layerPartBlob":""}`],
    ["a blob and then none by an escaped key", `{"layerPartBlob":"${base64}","layer\\u0050artBlob":""}`],
  ])("has the blob that JSON.parse finds: %s", (_name, json) => {
    expect(parse(json)).toEqual(JSON.parse(json));
  });
});

describe("a body that is not in UTF-8", () => {
  const BROKEN = Buffer.from([0xff, 0xfe]);
  it.each([
    ["small", [Buffer.from('{"imageManifest":"'), BROKEN, Buffer.from('"}')]],
    ["large", [Buffer.from(`{"layerPartBlob":"${base64}","uploadId":"`), BROKEN, Buffer.from('"}')]],
    ["large, in the blob", [Buffer.from(`{"layerPartBlob":"${base64}`), BROKEN, Buffer.from('"}')]],
  ])("is refused instead of being altered: %s", (_name, parts) => {
    expect(failureOf(() => parseJsonBody(Buffer.concat(parts)))).toMatchObject({
      code: "SerializationException",
      message: "The request body is not valid UTF-8",
    });
  });
});
