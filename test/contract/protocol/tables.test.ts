import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Shape } from "../../../src/protocol/shape.js";
import { planOf } from "../../../src/protocol/shape.js";
import { everyOperation, sdkOperationNames, sdkSchema } from "./sdk.js";

describe("the table of operations", () => {
  it.each([
    ["ecr", 62],
    ["ecr-public", 23],
  ])("holds every operation that the AWS SDK has for %s, and no other", (service, count) => {
    const names = everyOperation
      .map(([, operation]) => operation)
      .filter((operation) => operation.service.id === service);
    expect(names.map(({ name }) => name).sort()).toEqual(sdkOperationNames(service));
    expect(names).toHaveLength(count);
  });

  it.each(everyOperation)("names the members of %s as the AWS SDK does, in the same order", (_name, operation) => {
    const [, , , , input, output] = sdkSchema(operation);
    expect(outline(operation.input)).toEqual(sdkOutline(input));
    expect(outline(operation.output)).toEqual(sdkOutline(output));
  });

  it.each(everyOperation.filter(([, { paging }]) => paging !== undefined))(
    "pages %s by a member of its output that holds a list",
    (_name, { paging, output, input }) => {
      const items = planOf(output).find(({ name }) => name === paging?.items)?.shape;
      const kinds = items?.kind === "structure" ? planOf(items).map(({ shape }) => shape.kind) : [items?.kind];
      expect(kinds).toContain("list");
      expect(planOf(input).map(({ name }) => name)).toEqual(expect.arrayContaining(["maxResults", "nextToken"]));
    },
  );
});

/** The botocore model of a service, which lies beside the repository on a founder's machine. */
interface Model {
  readonly metadata: { readonly targetPrefix: string };
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}
interface ModelOperation {
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors?: readonly { readonly shape: string }[];
}
interface ModelShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

/** Newer than the models: only the SDK's schemas speak of them. */
const NEWER = /ReplicationBackfill/;

describe.each(["ecr", "ecr-public"])("the service model of %s", (service) => {
  const file = new URL(`../../../../shared/reference/models/${service}.json`, import.meta.url);
  if (!existsSync(file)) {
    it.skip(`is not on this machine: ${file.pathname} (the SDK's schemas were compared all the same)`);
    return;
  }
  const model: Model = JSON.parse(readFileSync(file, "utf8"));
  const ours = everyOperation.map(([, operation]) => operation).filter((operation) => operation.service.id === service);
  const compared = ours.filter(({ name }) => !NEWER.test(name));

  it("has the operations and the target prefix of the table", () => {
    expect(compared.map(({ name }) => name).sort()).toEqual(Object.keys(model.operations).sort());
    for (const operation of ours) expect(operation.service.targetPrefix).toBe(model.metadata.targetPrefix);
  });

  it.each(compared.map((operation) => [operation.name, operation] as const))(
    "describes %s: shapes, constraints, what is required, enums and errors",
    (name, operation) => {
      const described = model.operations[name] ?? {};
      expect(ofShape(operation.input, true)).toEqual(ofModel(model, described.input?.shape, true));
      expect(ofShape(operation.output, false)).toEqual(ofModel(model, described.output?.shape, false));
      expect([...operation.errors].sort()).toEqual((described.errors ?? []).map(({ shape }) => shape).sort());
    },
  );
});

/** Kinds and names only, in order: what the SDK's schemas say too. */
function outline(shape: Shape): unknown {
  if (shape.kind === "list") return ["list", outline(shape.element)];
  if (shape.kind === "map") return ["map", outline(shape.value)];
  if (shape.kind === "structure") return planOf(shape).map(({ name, shape: member }) => [name, outline(member)]);
  return shape.kind;
}

/** Smithy's compact schemas: a number for a simple shape, 64 and 128 added for a list or map of one, an array for the rest. */
const SDK_KINDS: Readonly<Record<number, string>> = {
  0: "string",
  1: "number",
  2: "boolean",
  4: "timestamp",
  21: "blob",
};

function sdkOutline(given: unknown): unknown {
  const schema = typeof given === "function" ? given() : given;
  if (typeof schema === "number") {
    if (schema >= 128) return ["map", sdkOutline(schema - 128)];
    return schema >= 64 ? ["list", sdkOutline(schema - 64)] : SDK_KINDS[schema];
  }
  const [kind, , name, , first, second] = schema as readonly unknown[];
  if (kind === 0) return sdkOutline(first);
  if (kind === 1) return ["list", sdkOutline(first)];
  if (kind === 2) return ["map", sdkOutline(second)];
  if (kind !== 3) throw new Error(`unknown schema of ${String(name)}`);
  return (first as readonly string[]).map((member, index) => [
    member,
    sdkOutline((second as readonly unknown[])[index]),
  ]);
}

const bounds = ({ min, max }: { readonly min?: number; readonly max?: number }): unknown => ({ min, max });

/** A shape as the model would put it. What is required of an answer is left aside: nobody refuses one. */
function ofShape(shape: Shape, demanding: boolean): unknown {
  switch (shape.kind) {
    case "structure":
      return {
        members: Object.fromEntries(planOf(shape).map(({ name, shape: member }) => [name, ofShape(member, demanding)])),
        required: demanding
          ? planOf(shape)
              .flatMap(({ name, required }) => (required ? [name] : []))
              .sort()
          : [],
      };
    case "list":
      return { kind: "list", element: ofShape(shape.element, demanding), ...(bounds(shape) as object) };
    case "map":
      return { kind: "map", value: ofShape(shape.value, demanding) };
    case "string":
      return {
        kind: "string",
        pattern: shape.pattern,
        values: shape.values && [...shape.values].sort(),
        ...(bounds(shape) as object),
      };
    case "number":
      return { kind: shape.integer ? "integer" : "double", ...(bounds(shape) as object) };
    case "blob":
      return { kind: "blob", ...(bounds(shape) as object) };
    default:
      return { kind: shape.kind };
  }
}

function ofModel(model: Model, name: string | undefined, demanding: boolean): unknown {
  const shape: ModelShape = model.shapes[name ?? ""] ?? { type: "structure", members: {} };
  const sub = (of: { readonly shape: string } | undefined): unknown => ofModel(model, of?.shape, demanding);
  switch (shape.type) {
    case "structure":
      return {
        members: Object.fromEntries(Object.entries(shape.members ?? {}).map(([key, member]) => [key, sub(member)])),
        required: demanding ? [...(shape.required ?? [])].sort() : [],
      };
    case "list":
      return { kind: "list", element: sub(shape.member), ...(bounds(shape) as object) };
    case "map":
      return { kind: "map", value: sub(shape.value) };
    case "string":
      return {
        kind: "string",
        pattern: shape.pattern,
        values: shape.enum && [...shape.enum].sort(),
        ...(bounds(shape) as object),
      };
    case "integer":
    case "long":
      return { kind: "integer", ...(bounds(shape) as object) };
    case "double":
      return { kind: "double", ...(bounds(shape) as object) };
    case "blob":
      return { kind: "blob", ...(bounds(shape) as object) };
    default:
      return { kind: shape.type };
  }
}
