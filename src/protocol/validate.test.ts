import { describe, expect, it } from "vitest";
import { operations } from "./operations.js";
import {
  blob,
  boolean,
  count,
  list,
  map,
  oneOf,
  optional,
  type Shape,
  type StructureShape,
  string,
  structure,
  text,
  timestamp,
} from "./shape.js";
import { invalidInputCode, validate } from "./validate.js";

const { CreateRepository, DescribeImages, PutImage, UploadLayerPart, PutLifecyclePolicy } = operations;
const only = (shape: Shape): StructureShape => ({ kind: "structure", members: { it: optional(shape) } });
const messageOf = (shape: StructureShape, value: unknown): string | undefined => validate(shape, value)?.message;

describe("validation", () => {
  it.each([
    [CreateRepository, { repositoryName: "team/app", registryId: "123456789012" }],
    [CreateRepository, { repositoryName: "a--b__c/1.d", tags: [{ Key: "k", Value: "" }] }],
    [DescribeImages, { repositoryName: "app", imageIds: [{ imageTag: "v1" }, {}], maxResults: 1000 }],
    [
      UploadLayerPart,
      {
        repositoryName: "app",
        uploadId: "0b7d6c1e-0000-4000-8000-000000000000",
        partFirstByte: 0,
        partLastByte: 0,
        layerPartBlob: new Uint8Array(1),
      },
    ],
  ])("takes valid input of $0.name", (operation, input) => {
    expect(validate(operation.input, input)).toBeUndefined();
  });

  it("says where and what as ECR does", () => {
    expect(validate(CreateRepository.input, { repositoryName: "Upper" })).toEqual({
      field: "repositoryName",
      constraint: String.raw`must satisfy regular expression '[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`,
      message: String.raw`Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*'`,
    });
  });

  it.each([
    [CreateRepository, {}, "repositoryName", "Member must not be null"],
    [CreateRepository, { repositoryName: null }, "repositoryName", "Member must not be null"],
    [CreateRepository, { repositoryName: "a" }, "repositoryName", "Member must have length greater than or equal to 2"],
    [
      CreateRepository,
      { repositoryName: "a".repeat(257) },
      "repositoryName",
      "Member must have length less than or equal to 256",
    ],
    [
      CreateRepository,
      { repositoryName: "app", registryId: "1" },
      "registryId",
      "must satisfy regular expression '[0-9]{12}",
    ],
    [
      CreateRepository,
      { repositoryName: "app", imageTagMutability: "SOMETIMES" },
      "imageTagMutability",
      "Member must satisfy enum value set: [MUTABLE, IMMUTABLE, IMMUTABLE_WITH_EXCLUSION, MUTABLE_WITH_EXCLUSION]",
    ],
    [
      CreateRepository,
      { repositoryName: "app", tags: [{ Key: "k", Value: "v" }, { Key: "k" }] },
      "tags.2.member.Value",
      "Member must not be null",
    ],
    [
      CreateRepository,
      { repositoryName: "app", imageTagMutabilityExclusionFilters: [] },
      "imageTagMutabilityExclusionFilters",
      "Member must have length greater than or equal to 1",
    ],
    [
      DescribeImages,
      { repositoryName: "app", maxResults: 1001 },
      "maxResults",
      "Member must have value less than or equal to 1000",
    ],
    [
      DescribeImages,
      { repositoryName: "app", maxResults: 0 },
      "maxResults",
      "Member must have value greater than or equal to 1",
    ],
    [
      DescribeImages,
      { repositoryName: "app", imageIds: Array(101).fill({}) },
      "imageIds",
      "Member must have length less than or equal to 100",
    ],
    [
      DescribeImages,
      { repositoryName: "app", imageIds: [{ imageTag: "v" }, { imageTag: "" }] },
      "imageIds.2.member.imageTag",
      "Member must have length greater than or equal to 1",
    ],
    [DescribeImages, { repositoryName: "app", imageIds: [undefined] }, "imageIds.1.member", "Member must not be null"],
    [
      DescribeImages,
      { repositoryName: "app", filter: { tagStatus: "NONE" } },
      "filter.tagStatus",
      "Member must satisfy enum value set: [TAGGED, UNTAGGED, ANY]",
    ],
    [
      PutImage,
      { repositoryName: "app", imageManifest: "" },
      "imageManifest",
      "Member must have length greater than or equal to 1",
    ],
    [
      PutLifecyclePolicy,
      { repositoryName: "app", lifecyclePolicyText: "{}" },
      "lifecyclePolicyText",
      "Member must have length greater than or equal to 100",
    ],
  ])("refuses what $0.name does not take: $1", (operation, input, field, constraint) => {
    expect(validate(operation.input, input)).toMatchObject({ field, constraint });
  });

  it("counts the bytes of a blob", () => {
    const ends = {
      repositoryName: "app",
      uploadId: "0b7d6c1e-0000-4000-8000-000000000000",
      partFirstByte: 0,
      partLastByte: 1,
    };
    expect(validate(UploadLayerPart.input, { ...ends, layerPartBlob: new Uint8Array(20_971_520) })).toBeUndefined();
    expect(validate(UploadLayerPart.input, { ...ends, layerPartBlob: new Uint8Array(20_971_521) })).toMatchObject({
      field: "layerPartBlob",
      constraint: "Member must have length less than or equal to 20971520",
    });
  });

  it("names the first of several, required members first", () => {
    expect(validate(CreateRepository.input, { registryId: "x", imageTagMutability: "x" })?.field).toBe(
      "repositoryName",
    );
    expect(
      validate(CreateRepository.input, { repositoryName: "app", registryId: "x", imageTagMutability: "x" })?.field,
    ).toBe("registryId");
  });

  it.each([
    [string, 1, "Member must be a string"],
    [count({}), "1", "Member must be a number"],
    [count({}), Number.NaN, "Member must be a number"],
    [count({}), 1.5, "Member must be an integer"],
    [boolean, "true", "Member must be a boolean"],
    [timestamp, 1, "Member must be a timestamp"],
    [timestamp, new Date(Number.NaN), "Member must be a timestamp"],
    [blob({}), "AAAA", "Member must be a blob"],
    [list(string), { length: 0 }, "Member must be a list"],
    [map(string, string), [], "Member must be a map"],
    [structure({}), "text", "Member must be a structure"],
    [oneOf("A"), ["A"], "Member must be a string"],
  ])("refuses a value of the wrong kind: %o is not %j", (shape, value, constraint) => {
    expect(messageOf(only(shape), { it: value })).toBe(
      `Invalid parameter at 'it' failed to satisfy constraint: '${constraint}'`,
    );
  });

  it("looks into lists and maps", () => {
    expect(validate(only(list(map(string, text({ max: 1 })))), { it: [{}, { key: "long" }] })?.field).toBe(
      "it.2.member.key.member",
    );
  });

  it("matches a pattern against the whole value", () => {
    const digits = only(text({ pattern: "[0-9]{2}|x" }));
    expect(["12", "x"].map((it) => messageOf(digits, { it }))).toEqual([undefined, undefined]);
    for (const it of ["123", "a12", "12\n", "xx", "1x"]) expect(validate(digits, { it })?.field).toBe("it");
  });
});

describe("the patterns of the tables", () => {
  const patterns = [...new Set(Object.values(operations).flatMap(({ input }) => patternsOf(input)))];

  // An exponential match of texts this long would outlive the machine.
  it.each(patterns)("%s refuses long texts as soon as it takes others", (pattern) => {
    const shape = only({ kind: "string", pattern });
    for (const unit of ["a", "a-", "a_", "a.", "a/", "*", "-", "/", "a-a/", "arn:aws-a-a", "0"])
      for (const end of ["!", "\n!", "/!"])
        expect(validate(shape, { it: unit.repeat(612 / unit.length) + end })?.field).toBe("it");
  });

  it("that is replaced by a linear one still takes the same language", () => {
    const given = "^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$";
    const shape = only({ kind: "string", pattern: given });
    for (const value of wordsOver(["a", "0", "*", ".", "-", "/", "A"], 5))
      expect([value, validate(shape, { it: value }) === undefined]).toEqual([value, new RegExp(given).test(value)]);
  });
});

describe("the error of a bad value", () => {
  it("is InvalidParameterException where the operation models it and ValidationException elsewhere", () => {
    expect(invalidInputCode(operations.CreateRepository)).toBe("InvalidParameterException");
    expect(invalidInputCode({ errors: ["ServerException"] })).toBe("ValidationException");
  });
});

function patternsOf(shape: Shape): readonly string[] {
  if (shape.kind === "structure")
    return Object.values<{ readonly shape: Shape }>(shape.members).flatMap((member) => patternsOf(member.shape));
  if (shape.kind === "list") return patternsOf(shape.element);
  if (shape.kind === "map") return [...patternsOf(shape.key), ...patternsOf(shape.value)];
  return shape.kind === "string" && shape.pattern !== undefined ? [shape.pattern] : [];
}

/** Every text of up to `length` of the letters. */
const wordsOver = (letters: readonly string[], length: number): readonly string[] =>
  length === 0
    ? [""]
    : ["", ...wordsOver(letters, length - 1).flatMap((word) => letters.map((letter) => letter + word))];
