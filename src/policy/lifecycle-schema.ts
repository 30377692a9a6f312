/**
 * The refusals of a lifecycle policy in the words of ECR's JSON schema validator, and the readers that use them. The words
 * are observed where they are moto's or a user's report, assumed where they are only that validator's usual ones.
 */

/** A lifecycle policy that ECR would not store. */
export class LifecyclePolicyError extends Error {
  override readonly name = "LifecyclePolicyError";
  /** What is wrong, in ECR's words; PutLifecyclePolicy's message has it after `Lifecycle policy validation failure: `. */
  readonly detail: string;
  /** The place in the document, such as `rules[2].selection.countNumber`; empty for the document itself. */
  readonly where: string;

  constructor(detail: string, where: string) {
    super(`invalid lifecycle policy${where && ` at ${where}`}: ${detail}`);
    this.detail = detail;
    this.where = where;
  }
}

/** The members of a JSON object by name, none of them looked at yet. */
export type Members<Names extends string> = { readonly [Name in Names]?: unknown };

/** An object with every member of `required` and no other than those and `optional`. */
export function readObject<const Names extends string>(
  value: unknown,
  where: string,
  required: readonly Names[],
  optional: readonly Names[] = [],
): Members<Names> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongType(value, "object", where);
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  if (missing.length > 0) throw missingMembers(missing, where);
  const allowed: readonly string[] = [...required, ...optional];
  const unknown = Object.keys(value).filter((name) => !allowed.includes(name));
  if (unknown.length > 0)
    throw new LifecyclePolicyError(
      `object instance has properties which are not allowed by the schema: (${listed(unknown)})`,
      where,
    );
  return value;
}

export function readArray(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(value, "array", where);
  return value;
}

/** Refuses a list of fewer than `least` or more than `most` elements. assumed words. */
export function requireLength(list: readonly unknown[], where: string, least: number, most: number): void {
  const refuse = (bound: string): LifecyclePolicyError =>
    new LifecyclePolicyError(`array is too ${bound} elements but instance has ${list.length} elements`, where);
  if (list.length < least) throw refuse(`short: must have at least ${least}`);
  if (list.length > most) throw refuse(`long: must have at most ${most}`);
}

/** A string of at least `least` characters. assumed words. */
export function readString(value: unknown, where: string, least = 0): string {
  if (typeof value !== "string") throw wrongType(value, "string", where);
  if (value.length < least)
    throw new LifecyclePolicyError(
      `string ${JSON.stringify(value)} is too short (length: ${value.length}, required minimum: ${least})`,
      where,
    );
  return value;
}

/** An integer from `minimum` up. `1.0` is one, as in JSON Schema. */
export function readInteger(value: unknown, where: string, minimum: number): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(value, "integer", where);
  if (value < minimum)
    throw new LifecyclePolicyError(
      `numeric instance is lower than the required minimum (minimum: ${minimum}, found: ${value})`,
      where,
    );
  return value;
}

/** One of `values`, which are listed in alphabetical order, as moto lists them. */
export function readEnum<const Value extends string>(value: unknown, where: string, values: readonly Value[]): Value {
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  throw new LifecyclePolicyError(
    `instance value (${shown}) not found in enum :(possible values: ${listed(values)})`,
    where,
  );
}

export const missingMembers = (names: readonly string[], where: string): LifecyclePolicyError =>
  new LifecyclePolicyError(`object has missing required properties (${listed(names)})`, where);

/** The members, each good in itself, do not go together. observed: users' reports of 2024 and 2026, for a `countUnit` and a `targetStorageClass` that do not belong. */
export const noSchemaMatches = (where: string): LifecyclePolicyError =>
  new LifecyclePolicyError("instance failed to match exactly one schema (matched 0 out of 2)", where);

const wrongType = (value: unknown, allowed: string, where: string): LifecyclePolicyError =>
  new LifecyclePolicyError(
    `instance type (${typeOf(value)}) does not match any allowed primitive type (allowed: ${listed([allowed])})`,
    where,
  );

const listed = (names: readonly string[]): string =>
  `[${[...names]
    .sort()
    .map((name) => JSON.stringify(name))
    .join(", ")}]`;

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}
