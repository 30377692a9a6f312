import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../../../src/protocol/codec.js";
import { type OperationName, operations } from "../../../src/protocol/operations.js";
import { planOf, type Shape, type StringShape, type StructureShape } from "../../../src/protocol/shape.js";
import { invalidInputCode } from "../../../src/protocol/validate.js";
import { refusal, testRegistry } from "../../fixtures/local-registry.js";
import { callNamed } from "../errors/world.js";

/** A way to break one constraint: the value of one member, and where the error has to point. */
interface Break {
  readonly field: string;
  readonly constraint: RegExp;
  readonly input: unknown;
}

const names = Object.keys(operations) as OperationName[];

describe("a constraint of the models", () => {
  const local = testRegistry();
  let broken = 0;

  it.each(names)("is enforced with the right error wherever it stands: %s", async (name) => {
    const description = operations[name];
    for (const { field, constraint, input } of breaksOf(description.input, "")) {
      const { code, message } = await refusal(callNamed(local, name, encode(description.input, input)));
      expect([field, code, message]).toEqual([field, invalidInputCode(description), expect.stringMatching(constraint)]);
      expect(message).toContain(`Invalid parameter at '${field}' failed`);
      broken += 1;
    }
  });

  it("is there in hundreds", () => {
    console.log(`${broken} constraints of ${names.length} operations were broken, each alone`);
    expect(broken).toBeGreaterThan(500);
  });
});

/** Every way to break one constraint in a value of the shape that breaks no other. */
function breaksOf(shape: Shape, field: string): readonly Break[] {
  const at = (constraint: RegExp, input: unknown): Break => ({ field, constraint, input });
  switch (shape.kind) {
    case "structure":
      return planOf(shape).flatMap(({ name, required, shape: member }) => {
        const inside = field === "" ? name : `${field}.${name}`;
        const whole = sampleStructure(shape);
        const { [name]: _, ...without } = whole;
        return [
          ...(required ? [{ field: inside, constraint: /Member must not be null/, input: without }] : []),
          ...breaksOf(member, inside).map((one) => ({ ...one, input: { ...whole, [name]: one.input } })),
        ];
      });
    case "list":
      return [
        ...lengthBreaks(shape, (length) => Array.from({ length }, () => sample(shape.element))).map(([rule, value]) =>
          at(rule, value),
        ),
        ...breaksOf(shape.element, `${field}.1.member`).map((one) => ({
          ...one,
          input: [one.input, ...Array.from({ length: Math.max(0, (shape.min ?? 1) - 1) }, () => sample(shape.element))],
        })),
      ];
    case "map":
      return breaksOf(shape.value, `${field}.key.member`).map((one) => ({ ...one, input: { key: one.input } }));
    case "string":
      return stringBreaks(shape).map(([rule, value]) => at(rule, value));
    case "number":
      return [
        ...(shape.min === undefined ? [] : [at(/greater than or equal to/, shape.min - 1)]),
        ...(shape.max === undefined ? [] : [at(/less than or equal to/, shape.max + 1)]),
      ];
    case "blob":
      return lengthBreaks(shape, (length) => new Uint8Array(length)).map(([rule, value]) => at(rule, value));
    case "boolean":
    case "timestamp":
      return [];
  }
}

function lengthBreaks(
  { min, max }: { readonly min?: number; readonly max?: number },
  ofLength: (length: number) => unknown,
): readonly (readonly [RegExp, unknown])[] {
  return [
    ...(min === undefined || min === 0 ? [] : [[/length greater than or equal to/, ofLength(min - 1)] as const]),
    ...(max === undefined ? [] : [[/length less than or equal to/, ofLength(max + 1)] as const]),
  ];
}

function stringBreaks(shape: StringShape): readonly (readonly [RegExp, unknown])[] {
  if (shape.values !== undefined) return [[/enum value set/, "no such value"]];
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern } = shape;
  const outside = lengthBreaks(shape, (length) => "a".repeat(length));
  if (pattern === undefined) return outside;
  const expression = new RegExp(`^(?:${pattern})$`);
  const candidates = ["!", "\n", " ", "A!", "a\n", ""].map((text) => text.padEnd(min, text === "" ? "!" : text));
  const unmatched = candidates.find((text) => text.length <= max && !expression.test(text));
  return unmatched === undefined ? outside : [...outside, [/regular expression/, unmatched]];
}

const samples = new Map<Shape, unknown>();

/** A value that breaks no constraint, with nothing in it that need not be there. */
function sample(shape: Shape): unknown {
  if (!samples.has(shape)) samples.set(shape, freshSample(shape));
  return samples.get(shape);
}

function freshSample(shape: Shape): unknown {
  switch (shape.kind) {
    case "structure":
      return sampleStructure(shape);
    case "list":
      return Array.from({ length: shape.min ?? 0 }, () => sample(shape.element));
    case "map":
      return {};
    case "string":
      return sampleString(shape);
    case "number":
      return shape.min ?? 1;
    case "boolean":
      return true;
    case "timestamp":
      return new Date(0);
    case "blob":
      return new Uint8Array(shape.min ?? 0);
  }
}

const sampleStructure = (shape: StructureShape): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    planOf(shape)
      .filter(({ required }) => required)
      .map(({ name, shape: member }) => [name, sample(member)]),
  );

function sampleString({ values, pattern, min = 0, max = 256 }: StringShape): string {
  if (values !== undefined) return values[0] ?? "";
  if (pattern === undefined) return "a".repeat(min);
  const matching = fc.sample(fc.stringMatching(new RegExp(`^(?:${pattern})$`)), { seed: 1, numRuns: 200 });
  const found = matching.find(({ length }) => length >= min && length <= max);
  if (found === undefined) throw new Error(`no text of ${min} to ${max} characters was found for ${pattern}`);
  return found;
}
