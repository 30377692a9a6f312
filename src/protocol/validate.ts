import type { OperationDescription } from "./operation.js";
import {
  type BlobShape,
  type ListShape,
  type NumberShape,
  planOf,
  type Shape,
  type StringShape,
  type StructureShape,
} from "./shape.js";

/** A value that breaks a constraint of its shape. */
export interface Violation {
  /** Where: `repositoryName`, `imageIds.1.member.imageDigest` (list positions from 1). assumed: AWS's usual way to name a nested member. */
  readonly field: string;
  /** What the value fails, in AWS's words. */
  readonly constraint: string;
  /** The text of the error that ECR answers. observed: moto's tests, field reports (`maxResults`). */
  readonly message: string;
}

/** The first violation of `value` in the order of the members, or undefined when ECR would take it. */
export function validate(shape: StructureShape, value: unknown): Violation | undefined {
  return check(shape, value, "");
}

/**
 * The error that an operation answers to a bad value: `InvalidParameterException` where it is modelled, `ValidationException` elsewhere.
 * assumed: AWS does not say which of the two a given value produces where an operation models both.
 */
export const invalidInputCode = ({ errors }: Pick<OperationDescription<unknown, unknown>, "errors">): string =>
  errors.includes("InvalidParameterException") ? "InvalidParameterException" : "ValidationException";

function check(shape: Shape, value: unknown, field: string): Violation | undefined {
  switch (shape.kind) {
    case "structure":
      return checkStructure(shape, value, field);
    case "list":
      return checkList(shape, value, field);
    case "map":
      return checkEntries(shape.value, value, field);
    case "string":
      return checkString(shape, value, field);
    case "number":
      return checkNumber(shape, value, field);
    case "blob":
      return checkBlob(shape, value, field);
    case "boolean":
      return typeof value === "boolean" ? undefined : violation(field, "Member must be a boolean");
    case "timestamp":
      return value instanceof Date && !Number.isNaN(value.getTime())
        ? undefined
        : violation(field, "Member must be a timestamp");
  }
}

function checkStructure(shape: StructureShape, value: unknown, field: string): Violation | undefined {
  if (!isObject(value)) return violation(field, "Member must be a structure");
  for (const member of planOf(shape)) {
    const found = value[member.name];
    const at = field === "" ? member.name : `${field}.${member.name}`;
    if (found === undefined || found === null) {
      if (member.required) return violation(at, "Member must not be null");
    } else {
      const violated = check(member.shape, found, at);
      if (violated !== undefined) return violated;
    }
  }
  return undefined;
}

function checkList(shape: ListShape, value: unknown, field: string): Violation | undefined {
  if (!Array.isArray(value)) return violation(field, "Member must be a list");
  const outside = checkLength(shape, value.length, field);
  if (outside !== undefined) return outside;
  for (const [index, element] of value.entries()) {
    const violated = checkElement(shape.element, element, `${field}.${index + 1}.member`);
    if (violated !== undefined) return violated;
  }
  return undefined;
}

function checkEntries(shape: Shape, value: unknown, field: string): Violation | undefined {
  if (!isObject(value)) return violation(field, "Member must be a map");
  for (const [key, element] of Object.entries(value)) {
    const violated = checkElement(shape, element, `${field}.${key}.member`);
    if (violated !== undefined) return violated;
  }
  return undefined;
}

const checkElement = (shape: Shape, element: unknown, field: string): Violation | undefined =>
  element === undefined || element === null
    ? violation(field, "Member must not be null")
    : check(shape, element, field);

function checkString(shape: StringShape, value: unknown, field: string): Violation | undefined {
  if (typeof value !== "string") return violation(field, "Member must be a string");
  if (shape.values !== undefined && !shape.values.includes(value))
    return violation(field, `Member must satisfy enum value set: [${shape.values.join(", ")}]`);
  const outside = checkLength(shape, value.length, field);
  if (outside !== undefined || shape.pattern === undefined || wholeMatch(shape.pattern).test(value)) return outside;
  // ECR closes the quote of the expression and that of the constraint with one character. observed: moto's tests.
  return violation(field, `must satisfy regular expression '${shape.pattern}`);
}

function checkNumber({ integer, min, max }: NumberShape, value: unknown, field: string): Violation | undefined {
  if (typeof value !== "number" || Number.isNaN(value)) return violation(field, "Member must be a number");
  if (integer && !Number.isInteger(value)) return violation(field, "Member must be an integer");
  if (min !== undefined && value < min)
    return violation(field, `Member must have value greater than or equal to ${min}`);
  if (max !== undefined && value > max) return violation(field, `Member must have value less than or equal to ${max}`);
  return undefined;
}

const checkBlob = (shape: BlobShape, value: unknown, field: string): Violation | undefined =>
  value instanceof Uint8Array ? checkLength(shape, value.length, field) : violation(field, "Member must be a blob");

function checkLength(
  { min, max }: { readonly min?: number; readonly max?: number },
  length: number,
  field: string,
): Violation | undefined {
  if (min !== undefined && length < min)
    return violation(field, `Member must have length greater than or equal to ${min}`);
  if (max !== undefined && length > max)
    return violation(field, `Member must have length less than or equal to ${max}`);
  return undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const violation = (field: string, constraint: string): Violation => ({
  field,
  constraint,
  message: `Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`,
});

/** AWS's patterns that would take exponential time in JavaScript, each beside one for the same language that takes linear time. */
const LINEAR: Readonly<Record<string, string>> = {
  "^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$": "^[a-z0-9*](?:[._\\-/]?[a-z0-9*])*$",
};

const expressions = new Map<string, RegExp>();

function wholeMatch(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const expression = new RegExp(`^(?:${LINEAR[pattern] ?? pattern})$`);
  expressions.set(pattern, expression);
  return expression;
}
