import { describe, expect, it } from "vitest";
import { parseLifecyclePolicy } from "./lifecycle-policy.js";
import { LifecyclePolicyError } from "./lifecycle-schema.js";

const expire = { type: "expire" };
const transition = { type: "transition", targetStorageClass: "archive" };
const any = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 1 };
const untagged = { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 };
const tagged = { tagStatus: "tagged", countType: "imageCountMoreThan", countNumber: 3 };
const transitioned = { ...any, countType: "sinceImageTransitioned", countUnit: "days", countNumber: 90 };
const pulled = { ...any, countType: "sinceImagePulled", countUnit: "days", countNumber: 30 };

const rule = (selection: unknown, action: unknown = expire, rulePriority: unknown = 1): object => ({
  rulePriority,
  selection,
  action,
});
const without = (object: object, name: string): object =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

function refusalOf(document: unknown): { readonly detail: string; readonly where: string } {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  try {
    parseLifecyclePolicy(text);
  } catch (error) {
    if (error instanceof LifecyclePolicyError) return { detail: error.detail, where: error.where };
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

const UNMAPPED = "Could not map policyString into LifecyclePolicy.";
const NO_SCHEMA = "instance failed to match exactly one schema (matched 0 out of 2)";
const NO_RULES = 'object has missing required properties (["rules"])';
const isOf = (found: string, allowed: string): string =>
  `instance type (${found}) does not match any allowed primitive type (allowed: ["${allowed}"])`;

describe("a lifecycle policy", () => {
  it("is read with its defaults, its rules in the order in which they are applied", () => {
    const rules = [
      { ...rule(any, expire, 30), description: "the rest" },
      rule({ ...tagged, tagPatternList: ["*a*b*c*", "v1"] }, transition, 20),
      rule({ ...tagged, tagPrefixList: ["prod", "eu"], storageClass: "standard" }, expire, 7),
      rule({ ...transitioned, storageClass: "archive" }, expire, 8),
    ];
    expect(parseLifecyclePolicy(JSON.stringify({ rules }))).toEqual({
      rules: [
        {
          rulePriority: 7,
          selection: {
            tagStatus: "tagged",
            tagPrefixList: ["prod", "eu"],
            storageClass: "standard",
            countType: "imageCountMoreThan",
            countNumber: 3,
          },
          action: { type: "expire" },
        },
        {
          rulePriority: 8,
          selection: {
            tagStatus: "any",
            storageClass: "archive",
            countType: "sinceImageTransitioned",
            countUnit: "days",
            countNumber: 90,
          },
          action: { type: "expire" },
        },
        {
          rulePriority: 20,
          selection: {
            tagStatus: "tagged",
            tagPatternList: ["*a*b*c*", "v1"],
            storageClass: "standard",
            countType: "imageCountMoreThan",
            countNumber: 3,
          },
          action: { type: "transition", targetStorageClass: "archive" },
        },
        {
          rulePriority: 30,
          description: "the rest",
          selection: { tagStatus: "any", storageClass: "standard", countType: "imageCountMoreThan", countNumber: 1 },
          action: { type: "expire" },
        },
      ],
    });
  });

  it.each([
    [
      "no rule is named twice but a pattern",
      [rule({ ...tagged, tagPatternList: ["a"] }), rule({ ...tagged, tagPatternList: ["a"] }, expire, 2)],
    ],
    [
      "a prefix comes again in the other storage class",
      [
        rule({ ...tagged, tagPrefixList: ["a"] }),
        rule({ ...tagged, tagPrefixList: ["a"], storageClass: "archive" }, expire, 2),
      ],
    ],
    ["a prefix is written twice in one rule", [rule({ ...tagged, tagPrefixList: ["a", "a"] })]],
    [
      "each storage class has a rule for untagged and one for any",
      [
        rule(untagged),
        rule(any, expire, 2),
        rule({ ...untagged, storageClass: "archive" }, expire, 3),
        rule({ ...any, storageClass: "archive" }, expire, 4),
      ],
    ],
    ["unpulled images are archived", [rule(pulled, transition)]],
    ["a number of images is kept out of the archive", [rule(any, transition)]],
    [
      "a whole number is written with a fraction of zero",
      '{"rules":[{"rulePriority":1.0,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":5.0},"action":{"type":"expire"}}]}',
    ],
  ])("is accepted when %s", (_, rules) => {
    const text = typeof rules === "string" ? rules : JSON.stringify({ rules });
    expect(parseLifecyclePolicy(text).rules.length).toBeGreaterThan(0);
  });

  it("has at most 50 rules", () => {
    const rules = Array.from({ length: 51 }, (_, n) => rule({ ...tagged, tagPrefixList: [`v${n}`] }, expire, n + 1));
    expect(parseLifecyclePolicy(JSON.stringify({ rules: rules.slice(1) })).rules).toHaveLength(50);
    expect(refusalOf({ rules })).toEqual({
      detail: "array is too long: must have at most 50 elements but instance has 51 elements",
      where: "rules",
    });
  });

  it("says where and what is wrong, in a sentence of its own", () => {
    expect(() => parseLifecyclePolicy(JSON.stringify({ rules: [rule(any), rule(untagged, expire, 0)] }))).toThrow(
      "invalid lifecycle policy at rules[1].rulePriority: numeric instance is lower than the required minimum (minimum: 1, found: 0)",
    );
    expect(() => parseLifecyclePolicy("")).toThrow(`invalid lifecycle policy: ${UNMAPPED}`);
  });
});

describe("a document that is no lifecycle policy", () => {
  it.each<[string, unknown, string, string]>([
    ["no JSON", "{", UNMAPPED, ""],
    ["a list", [rule(any)], UNMAPPED, ""],
    ["null", null, UNMAPPED, ""],
    ["a text", JSON.stringify("rules"), UNMAPPED, ""],
    ["without rules", {}, NO_RULES, ""],
    ["with rules that are no list", { rules: rule(any) }, NO_RULES, ""],
    [
      "with a member more",
      { rules: [rule(any)], version: 1 },
      'object instance has properties which are not allowed by the schema: (["version"])',
      "",
    ],
    [
      "with no rule",
      { rules: [] },
      "array is too short: must have at least 1 elements but instance has 0 elements",
      "rules",
    ],
    ["with a rule that is a text", { rules: ["expire"] }, isOf("string", "object"), "rules[0]"],
    ["with a rule that is a list", { rules: [[]] }, isOf("array", "object"), "rules[0]"],
    ["with a rule that is null", { rules: [null] }, isOf("null", "object"), "rules[0]"],
  ])("is refused: %s", (_, document, detail, where) => {
    expect(refusalOf(document)).toEqual({ detail, where });
  });
});

describe("a rule", () => {
  it.each<[string, object, string, string]>([
    ["without members", {}, 'object has missing required properties (["action", "rulePriority", "selection"])', ""],
    ["without action", without(rule(any), "action"), 'object has missing required properties (["action"])', ""],
    [
      "with members more",
      { ...rule(any), z: 1, name: "" },
      'object instance has properties which are not allowed by the schema: (["name", "z"])',
      "",
    ],
    [
      "with a member of the prototype's name",
      JSON.parse('{"rulePriority":1,"selection":{},"action":{},"__proto__":{}}'),
      'object instance has properties which are not allowed by the schema: (["__proto__"])',
      "",
    ],
    [
      "of priority 0",
      rule(any, expire, 0),
      "numeric instance is lower than the required minimum (minimum: 1, found: 0)",
      ".rulePriority",
    ],
    ["of priority 1.5", rule(any, expire, 1.5), isOf("number", "integer"), ".rulePriority"],
    ["of a priority in text", rule(any, expire, "1"), isOf("string", "integer"), ".rulePriority"],
    ["of a priority that is true", rule(any, expire, true), isOf("boolean", "integer"), ".rulePriority"],
    ["described by null", { ...rule(any), description: null }, isOf("null", "string"), ".description"],
    ["with an action that is a text", rule(any, "expire"), isOf("string", "object"), ".action"],
    ["with an action without type", rule(any, {}), 'object has missing required properties (["type"])', ".action"],
    [
      "with another member in its action",
      rule(any, { ...expire, after: 1 }),
      'object instance has properties which are not allowed by the schema: (["after"])',
      ".action",
    ],
    [
      "with an unknown action",
      rule(any, { type: "delete" }),
      'instance value (delete) not found in enum :(possible values: ["expire", "transition"])',
      ".action.type",
    ],
    [
      "with an action that is a number",
      rule(any, { type: 1 }),
      'instance value (1) not found in enum :(possible values: ["expire", "transition"])',
      ".action.type",
    ],
    ["that expires to somewhere", rule(any, { ...transition, type: "expire" }), NO_SCHEMA, ".action"],
    ["that expires to null", rule(any, { ...expire, targetStorageClass: null }), NO_SCHEMA, ".action"],
    ["that transitions to nowhere", rule(any, { type: "transition" }), NO_SCHEMA, ".action"],
    [
      "that transitions to an unknown class",
      rule(any, { ...transition, targetStorageClass: "glacier" }),
      'instance value (glacier) not found in enum :(possible values: ["archive"])',
      ".action.targetStorageClass",
    ],
    [
      "that expires what was not pulled",
      rule(pulled),
      "countType=sinceImagePulled is only allowed with action type transition.",
      "",
    ],
    [
      "that transitions what was archived",
      rule({ ...transitioned, storageClass: "archive" }, transition),
      "countType=sinceImageTransitioned is only allowed with action type expire.",
      "",
    ],
    [
      "that looks for the archived among the standard",
      rule(transitioned),
      "countType=sinceImageTransitioned is only allowed with storageClass archive.",
      "",
    ],
    [
      "that archives the archived",
      rule({ ...any, storageClass: "archive" }, transition),
      "Action type transition is not allowed with storageClass archive.",
      "",
    ],
  ])("is refused: %s", (_, bad, detail, where) => {
    expect(refusalOf({ rules: [bad] })).toEqual({ detail, where: `rules[0]${where}` });
  });
});

describe("a selection", () => {
  it.each<[string, unknown, string, string]>([
    ["null", null, isOf("null", "object"), ""],
    ["empty", {}, 'object has missing required properties (["countNumber", "countType", "tagStatus"])', ""],
    [
      "with another member",
      { ...any, tags: [] },
      'object instance has properties which are not allowed by the schema: (["tags"])',
      "",
    ],
    [
      "of an unknown tag status",
      { ...any, tagStatus: "all" },
      'instance value (all) not found in enum :(possible values: ["any", "tagged", "untagged"])',
      ".tagStatus",
    ],
    [
      "of a tag status in capitals",
      { ...any, tagStatus: "ANY" },
      'instance value (ANY) not found in enum :(possible values: ["any", "tagged", "untagged"])',
      ".tagStatus",
    ],
    [
      "of an unknown storage class",
      { ...any, storageClass: "cold" },
      'instance value (cold) not found in enum :(possible values: ["archive", "standard"])',
      ".storageClass",
    ],
    ["tagged without a list", tagged, "Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.", ""],
    [
      "tagged with an empty list",
      { ...tagged, tagPrefixList: [] },
      "Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.",
      "",
    ],
    [
      "tagged with both lists",
      { ...tagged, tagPrefixList: ["a"], tagPatternList: ["a"] },
      "Only one of tagPrefixList and tagPatternList is allowed.",
      "",
    ],
    [
      "untagged with a list",
      { ...untagged, tagPrefixList: ["a"] },
      "tagPrefixList and tagPatternList are only allowed when tagStatus=TAGGED.",
      "",
    ],
    [
      "any with an empty list",
      { ...any, tagPatternList: [] },
      "tagPrefixList and tagPatternList are only allowed when tagStatus=TAGGED.",
      "",
    ],
    ["with a list that is a text", { ...tagged, tagPatternList: "a" }, isOf("string", "array"), ".tagPatternList"],
    ["with a list of null", { ...tagged, tagPrefixList: null }, isOf("null", "array"), ".tagPrefixList"],
    [
      "with a prefix that is a number",
      { ...tagged, tagPrefixList: ["a", 1] },
      isOf("integer", "string"),
      ".tagPrefixList[1]",
    ],
    [
      "with an empty prefix",
      { ...tagged, tagPrefixList: [""] },
      'string "" is too short (length: 0, required minimum: 1)',
      ".tagPrefixList[0]",
    ],
    [
      "with five wildcards",
      { ...tagged, tagPatternList: ["*", "*1*2*3*4*"] },
      "Tag pattern *1*2*3*4* must have at most 4 wildcards.",
      ".tagPatternList[1]",
    ],
    ["of an unknown count type", { ...any, countType: "imageCountLessThan" }, NO_SCHEMA, ""],
    ["of a count type of null", { ...any, countType: null }, NO_SCHEMA, ""],
    [
      "of an unknown unit",
      { ...untagged, countUnit: "hours" },
      'instance value (hours) not found in enum :(possible values: ["days"])',
      ".countUnit",
    ],
    ["of a unit of null", { ...untagged, countUnit: null }, NO_SCHEMA, ""],
    ["of an age without a unit", without(untagged, "countUnit"), NO_SCHEMA, ""],
    ["of a number of days of images", { ...any, countUnit: "days" }, NO_SCHEMA, ""],
    ["of a number of images and a unit of null", { ...any, countUnit: null }, NO_SCHEMA, ""],
    [
      "of no image",
      { ...any, countNumber: 0 },
      "numeric instance is lower than the required minimum (minimum: 1, found: 0)",
      ".countNumber",
    ],
    [
      "of minus five days",
      { ...untagged, countNumber: -5 },
      "numeric instance is lower than the required minimum (minimum: 1, found: -5)",
      ".countNumber",
    ],
    ["of a number in text", { ...any, countNumber: "5" }, isOf("string", "integer"), ".countNumber"],
    ["of half an image", { ...any, countNumber: 0.5 }, isOf("number", "integer"), ".countNumber"],
    [
      "of 89 days in the archive",
      { ...transitioned, storageClass: "archive", countNumber: 89 },
      "numeric instance is lower than the required minimum (minimum: 90, found: 89)",
      ".countNumber",
    ],
  ])("is refused: %s", (_, selection, detail, where) => {
    expect(refusalOf({ rules: [rule(selection)] })).toEqual({ detail, where: `rules[0].selection${where}` });
  });
});

describe("the rules of a policy", () => {
  const ANY_LAST = "Rule for tagStatus=ANY must have the lowest priority per storage class.";
  const ONE_UNTAGGED = "Only one rule can select Untagged images per storage class.";
  const archive = { storageClass: "archive" };

  it.each<[string, readonly object[], string]>([
    ["a priority twice", [rule(untagged, expire, 5), rule(any, expire, 5)], "Rule priority must be unique: 5."],
    [
      "a priority twice in two storage classes",
      [rule(any), rule({ ...any, ...archive })],
      "Rule priority must be unique: 1.",
    ],
    ["any before another", [rule(any, expire, 1), rule(untagged, expire, 2)], ANY_LAST],
    ["any twice", [rule(any), rule(any, expire, 2)], ANY_LAST],
    [
      "any before another in the archive",
      [rule({ ...any, ...archive }), rule({ ...untagged, ...archive }, expire, 2)],
      ANY_LAST,
    ],
    ["untagged twice", [rule(untagged), rule({ ...untagged, storageClass: "standard" }, transition, 2)], ONE_UNTAGGED],
    [
      "untagged twice in the archive",
      [rule({ ...untagged, ...archive }), rule({ ...untagged, ...archive }, expire, 2)],
      ONE_UNTAGGED,
    ],
    [
      "a prefix twice",
      [rule({ ...tagged, tagPrefixList: ["a", "b"] }), rule({ ...tagged, tagPrefixList: ["c", "b"] }, expire, 2)],
      "Tag prefix must be unique per storage class: b is used by more than one rule for standard.",
    ],
  ])("are refused with %s", (_, rules, detail) => {
    expect(refusalOf({ rules })).toEqual({ detail, where: "rules" });
  });
});
