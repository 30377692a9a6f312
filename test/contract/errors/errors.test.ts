import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createLocalEcr, simulate } from "../../../src/local.js";
import { type OperationName, operations } from "../../../src/protocol/operations.js";
import { type MemberPlan, planOf, type StructureShape } from "../../../src/protocol/shape.js";
import { createRegistry } from "../../../src/registry/create-registry.js";
import { memoryStore } from "../../../src/registry/store-memory.js";
import { createApp } from "../../../src/server/app.js";
import type { Transport } from "../../../src/transport/transport.js";
import { caller, refusal } from "../../fixtures/local-registry.js";
import { everyOperation } from "../protocol/sdk.js";
import { cases } from "./cases.js";
import { validInputs } from "./valid-inputs.js";
import { whyNot } from "./why-not.js";
import { callNamed, openWorld } from "./world.js";

/** How an error of an operation is brought about. */
type Way = "rule" | "constraint" | "no repository" | "no registry" | "elsewhere" | "failing store" | "fault plan";

/** The way to each documented error: a case of its own, what the kind of error says for itself, or else a fault plan. */
function wayTo(name: OperationName, code: string): Way {
  if (`${name} ${code}` in cases) return "rule";
  if (code === "ServerException") return "failing store";
  if (code === "UnsupportedCommandException") return "elsewhere";
  if (`${name} ${code}` in whyNot) return "fault plan";
  if (code === "RepositoryNotFoundException") return "no repository";
  if (code === "RegistryNotFoundException") return "no registry";
  const { errors } = operations[name];
  const isBadInput = code === "InvalidParameterException" || !errors.includes("InvalidParameterException");
  return isBadInput && code !== "KmsException" && membersOf(name).length > 0 ? "constraint" : "fault plan";
}

const membersOf = (name: OperationName): readonly MemberPlan[] => planOf(operations[name].input as StructureShape);

const table = everyOperation.flatMap(([name, { errors }]) =>
  errors.map((code) => ({ name, code, way: wayTo(name, code) })),
);
const by = (way: Way): (readonly [OperationName, string])[] =>
  table.filter((one) => one.way === way).map(({ name, code }) => [name, code]);

/** Asks an app for an operation and answers the error's code and status. */
async function ask(transport: Transport, name: OperationName, region = "us-east-1") {
  const { service, name: operation } = operations[name];
  const { response } = await transport.handle({
    method: "POST",
    protocol: "https:",
    hostname: "localhost",
    path: "/",
    headers: {
      "x-amz-target": `${service.targetPrefix}.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=AKID/20260101/${region}/${service.id}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(validInputs[name]),
  });
  return { status: response.statusCode, code: response.headers["x-amzn-errortype"] };
}

describe("a documented error is reached", () => {
  it.each(by("rule"))("%s %s, by a rule or the state of the registry", async (name, code) => {
    expect((await refusal(cases[`${name} ${code}`]?.(openWorld) ?? Promise.resolve())).code).toBe(code);
  });

  it.each(by("constraint"))("%s %s, by a value that the model does not allow", async (name, code) => {
    const world = await openWorld();
    const broken = brokenInputs(name);
    expect(broken.length).toBeGreaterThan(0);
    for (const input of broken) expect((await refusal(callNamed(world, name, input))).code).toBe(code);
  });

  it.each(by("no repository"))("%s %s, for a repository that does not exist", async (name, code) => {
    expect((await refusal(callNamed(await openWorld(), name, validInputs[name]))).code).toBe(code);
  });

  it.each(by("no registry"))("%s %s, for a registry that does not exist", async (name, code) => {
    const world = await openWorld();
    const input = { ...validInputs[name], repositoryName: "app", registryId: "nobody" };
    expect((await refusal(callNamed(world, name, input))).code).toBe(code);
  });

  it.each(by("elsewhere"))("%s %s, in a region without ECR Public", async (name, code) => {
    const inAnotherRegion = { ...caller, region: "eu-west-1" };
    expect((await refusal(callNamed(await openWorld(), name, validInputs[name], inAnotherRegion))).code).toBe(code);
  });

  it.each(by("failing store"))("%s %s with status 500, when the registry itself fails", async (name, code) => {
    const store = memoryStore();
    const fail = (): never => {
      throw new Error("the disk is gone");
    };
    const registry = createRegistry({ store: { ...store, get: fail, range: fail } });
    const faults: unknown[] = [];
    const app = createApp(registry, { onFault: (error) => faults.push(error) });
    expect(await ask(app, name)).toEqual({ status: 500, code });
    expect(faults).toHaveLength(1);
    await registry.close();
  });

  it.each(by("fault plan"))("%s %s, by a fault plan alone", async (name, code) => {
    const effect = code === "KmsException" ? ({ kind: "kms" } as const) : ({ kind: "error", code } as const);
    const local = createLocalEcr({ faults: { faults: [{ operation: name, effect }] } });
    expect(await ask(simulate(local), name)).toEqual({ status: 400, code });
    await local.close();
  });
});

/** Inputs that each break one constraint: a required member that is missing, a text, number or list that is too long, too large or malformed. */
function brokenInputs(name: OperationName): readonly object[] {
  const valid = validInputs[name] as Readonly<Record<string, unknown>>;
  return membersOf(name).flatMap(({ name: member, shape, required }) => {
    const broken: object[] = [];
    if (required) broken.push(without(valid, member));
    const with_ = (value: unknown): void => void broken.push({ ...valid, [member]: value });
    if (shape.kind === "string") {
      if (shape.values) with_("NONE_OF_THEM");
      if (shape.pattern) with_("\u0000");
      if (shape.max !== undefined) with_("x".repeat(shape.max + 1));
    }
    if (shape.kind === "number" && shape.max !== undefined) with_(shape.max + 1);
    if (shape.kind === "number" && shape.min !== undefined) with_(shape.min - 1);
    if (shape.kind === "list" && shape.min) with_([]);
    return broken;
  });
}

const without = (object: Readonly<Record<string, unknown>>, member: string): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== member));

describe("the table of operations and errors", () => {
  it("says why an error is reached by a fault plan alone, and of no other", () => {
    const planned = by("fault plan").map(([name, code]) => (`${name} ${code}` in whyNot ? `${name} ${code}` : code));
    expect(planned.filter((key) => !(key in whyNot))).toEqual([]);
    expect(Object.keys(whyNot).filter((key) => !planned.includes(key))).toEqual([]);
    expect(Object.keys(cases).filter((key) => !table.some(({ name, code }) => `${name} ${code}` === key))).toEqual([]);
  });

  it("is printed for people", async () => {
    const rows = everyOperation.map(([name, { errors }]) => {
      const cells = errors.map((code) => `${code}: ${wayTo(name, code)}`);
      return `| ${name} | ${cells.join(", ")} |`;
    });
    const reasons = Object.entries(whyNot).map(([key, reason]) => `| ${key} | ${reason} |`);
    const page = [
      ...INTRODUCTION,
      "| operation | errors |",
      "| --- | --- |",
      ...rows,
      "",
      "## By a fault plan alone",
      "",
      "| error | why |",
      "| --- | --- |",
      ...reasons,
      "",
    ];
    await expect(page.join("\n")).toMatchFileSnapshot(
      fileURLToPath(new URL("../../../docs/errors.md", import.meta.url)),
    );
  });
});

const INTRODUCTION = [
  "# Every documented error of every operation, and how the local ECR comes to answer it",
  "",
  "Written by `test/contract/errors/errors.test.ts`, which reaches every one of them. The ways:",
  "",
  "- **rule**: a rule of ECR or the state of a registry brings it about.",
  "- **constraint**: a value that the service model does not allow.",
  "- **no repository**, **no registry**: what the call names does not exist.",
  "- **elsewhere**: ECR Public is asked in a region where it is not.",
  "- **failing store**: the local ECR itself fails, with status 500.",
  "- **fault plan**: nothing in a local ECR brings it about; a [fault plan](faults.md) does. The second table says why.",
  "",
];
