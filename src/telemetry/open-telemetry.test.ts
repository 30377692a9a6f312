import { context } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startSdk, type TestSdk } from "../../test/fixtures/open-telemetry.js";
import { Secret } from "../secret.js";
import { emitMetric, logStructured, startSpan } from "./index.js";

let sdk: TestSdk | undefined;
beforeEach(() => {
  sdk = startSdk();
});
afterEach(() => sdk?.stop());

const sum = async () => (await sdk?.measures())?.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]);

describe("emitMetric", () => {
  it("refuses what is no measure, and a value that it cannot take", () => {
    // @ts-expect-error: a name of no measure
    expect(() => emitMetric("ecr.pulls", 1)).toThrow(/^ecr\.pulls is no measure of ecrkit, which has ecr\.repo/);
    expect(() => emitMetric("ecr.images.tagged", -1)).toThrow("ecr.images.tagged takes a number from 0 up, got -1");
    expect(() => emitMetric("ecr.request.latency_ms", Number.NaN)).toThrow("takes a number, got NaN");
  });

  it("leaves out attributes that the measure does not have", async () => {
    // @ts-expect-error: no repository is ever an attribute
    emitMetric("ecr.images.tagged", 2, { "cloud.region": "eu-west-1", "error.type": "Timeout", repository: "app" });
    expect(await sum()).toMatchObject([
      ["ecr.images.tagged", [{ value: 2, attributes: { "cloud.region": "eu-west-1" } }]],
    ]);
  });

  it("goes to the SDK that is registered now, and without one nowhere", async () => {
    emitMetric("ecr.images.tagged", 1);
    await sdk?.stop();
    emitMetric("ecr.images.tagged", 1);
    sdk = startSdk();
    emitMetric("ecr.images.tagged", 4);
    expect(await sum()).toMatchObject([["ecr.images.tagged", [{ value: 4 }]]]);
  });
});

describe("startSpan", () => {
  it("stands inside its parent, else inside the active span", () => {
    const outer = startSpan("ecr.operation");
    startSpan("ecr.request.build", { parent: outer }).end();
    outer.within(() => startSpan("ecr.request.execute").end());
    outer.end();
    startSpan("ecr.operation").end();
    expect(sdk?.tree()).toEqual(["ecr.operation", "  ecr.request.build", "  ecr.request.execute", "ecr.operation"]);
  });

  it("stands inside a given parent without a context manager too", () => {
    context.disable();
    const outer = startSpan("ecr.operation");
    expect(outer.within(() => "what work gives")).toBe("what work gives");
    startSpan("ecr.request.build", { parent: outer }).end();
    outer.end();
    expect(sdk?.tree()).toEqual(["ecr.operation", "  ecr.request.build"]);
  });

  it("has only attributes that a span may have", () => {
    const span = startSpan("ecr.operation", { attributes: { "cloud.region": "eu-west-1" } });
    // @ts-expect-error: nothing that a call is about is ever an attribute
    span.set({ "ecr.attempts": 2, repository: "app" });
    span.end();
    expect(sdk?.spans()[0]?.attributes).toEqual({ "cloud.region": "eu-west-1", "ecr.attempts": 2 });
  });

  it("is not recorded without an SDK", async () => {
    await sdk?.stop();
    const span = startSpan("ecr.operation");
    expect([span.isRecording, span.traceId]).toEqual([false, undefined]);
  });
});

describe("logStructured", () => {
  it("writes a line of JSON with the ids of the active trace, of the fields that a line may have", () => {
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const span = startSpan("ecr.operation");
    // @ts-expect-error: no field of this name is ever written
    span.within(() => logStructured("info", "done", { operation: "PutImage", token: new Secret("hunter2") }));
    logStructured("warn", "by itself");
    span.end();
    const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)));
    written.mockRestore();
    expect(lines).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        ...{ level: "info", msg: "done", operation: "PutImage", trace_id: span.traceId, span_id: span.spanId },
      },
      { time: expect.any(String), level: "warn", msg: "by itself" },
    ]);
  });
});
