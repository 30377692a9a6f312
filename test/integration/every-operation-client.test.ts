import { afterEach, describe, expect, it } from "vitest";
import { manualTime, type OperationName } from "../../src/index.js";
import type { OperationDescription } from "../../src/protocol/operation.js";
import { operations } from "../../src/protocol/operations.js";
import type { StructureShape } from "../../src/protocol/shape.js";
import { validate } from "../../src/protocol/validate.js";
import { ACCOUNT, type Answers, make, PRIVATE, PUBLIC } from "../fixtures/every-operation.js";
import { DOORS, inProcess, type OpenDoor, type RegistryDoor } from "../fixtures/registry-door.js";
import { clientOver, rejection } from "../fixtures/scripted-client.js";
import { answering, scripted } from "../fixtures/scripted-transport.js";

const doors: RegistryDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

const descriptionOf = (name: OperationName) =>
  operations[name] as unknown as OperationDescription<unknown, unknown> & { readonly input: StructureShape<unknown> };
const steps = [...PRIVATE, ...PUBLIC];
const takesRegistryId = (name: OperationName): boolean =>
  Object.hasOwn(descriptionOf(name).input.members, "registryId");
/** One call of each operation. */
const each = [...new Map(steps.map((step) => [step.operation, step] as const))];

async function started(open: OpenDoor) {
  const time = manualTime({ sleeping: "skip" });
  const door = await open({ time });
  doors.push(door);
  return { ecr: door.client({ time }), door, time };
}

describe.each(DOORS)("call, $name", ({ open }) => {
  it("makes all 62 operations of ECR and all 23 of ECR Public, and reads what they answer", async () => {
    const { ecr, time } = await started(open);
    const answers: Answers = {};
    for (const step of steps) {
      const { operation } = step;
      const answered = await make(step, ecr, answers);
      expect([operation, validate(descriptionOf(operation).output, answered)]).toEqual([operation, undefined]);
    }
    expect(Object.keys(answers).sort()).toEqual(Object.keys(operations).sort());
    expect(each).toHaveLength(62 + 23);
    expect(answers.CreateRepository?.repository).toMatchObject({
      ...{ repositoryName: "app", registryId: ACCOUNT, createdAt: new Date(time.now()) },
    });
    expect(answers.UploadLayerPart).toMatchObject({ registryId: ACCOUNT, lastByteReceived: 6 });
    expect(answers.BatchGetImage?.images).toHaveLength(1);
    expect(answers["ecr-public:DescribeImages"]?.imageDetails?.[0]?.imageTags).toEqual(["v1"]);
  });
});

describe("a registry id", () => {
  it("is sent with each operation that takes one, and refused with every other", async () => {
    const { ecr } = await started(inProcess);
    const answers: Answers = {};
    for (const step of steps) {
      const sent = make(step, ecr, answers, { more: { registryId: ACCOUNT } });
      if (takesRegistryId(step.operation)) await sent;
      else {
        expect(String(await rejection(sent))).toContain("registryId is not a member of its input");
        await make(step, ecr, answers);
      }
    }
    // documented: 38 of ECR's operations, 15 of ECR Public's.
    expect(each.filter(([name]) => takesRegistryId(name))).toHaveLength(38 + 15);
  });

  it.each(each)("that is no account's is refused before anything is sent: %s", async (name, step) => {
    const transport = scripted();
    const made = make(step, clientOver(transport).ecr, {}, { more: { registryId: "" } });
    const field = takesRegistryId(name) ? "registryId must" : "registryId is not a member";
    expect(await rejection(made)).toMatchObject({ kind: "InvalidParameter", message: expect.stringContaining(field) });
    expect(transport.requests).toEqual([]);
  });
});

describe("each operation", () => {
  it.each(each)("is not sent once its signal has aborted: %s", async (_, step) => {
    const reason = new Error("no longer wanted");
    const made = make(step, clientOver(scripted()).ecr, {}, { signal: AbortSignal.abort(reason) });
    expect(await rejection(made)).toMatchObject({ kind: "Aborted", cause: reason });
  });

  it.each(each)(
    "ends when its time is over, and tells of a write that it may have been done: %s",
    async (name, step) => {
      const time = manualTime({ sleeping: "skip", random: () => 1 });
      const slow = answering(async (_request, { requestTimeout = 0 }) => {
        await time.advance(requestTimeout);
        throw Object.assign(new Error("no answer in time"), { name: "TimeoutError" });
      });
      const made = make(step, clientOver(slow, { time }).ecr, {}, { timeoutMs: 1_000 });
      const { access, name: operation } = descriptionOf(name);
      expect(await rejection(made)).toMatchObject({ kind: "Timeout", operation, ambiguous: access === "write" });
      expect(slow.options.map(({ requestTimeout }) => requestTimeout)).toEqual([1_000]);
    },
  );
});
