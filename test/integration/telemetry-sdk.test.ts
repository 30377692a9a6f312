import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EmitMetric, Span, StartSpan } from "../../src/telemetry/index.js";
import { clientOver, rejection } from "../fixtures/scripted-client.js";
import { answer, answering, refusal } from "../fixtures/scripted-transport.js";

const api = vi.hoisted(() => ({ loads: 0 }));
vi.mock("@opentelemetry/api", async (original) => {
  api.loads++;
  return original();
});

const REGISTERED = Symbol.for("opentelemetry.js.api.1");
const registry = globalThis as { [REGISTERED]?: unknown };
const transport = answering(() => answer({ repositories: [] }));
const list = (config = {}) => clientOver(transport, config).ecr.call("DescribeRepositories", {});

let warned: { readonly mock: { readonly calls: readonly (readonly unknown[])[] } };
beforeEach(() => {
  vi.resetModules();
  api.loads = 0;
  warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  delete registry[REGISTERED];
});

/** The client anew, as a process that has loaded nothing has it. */
const freshClient = async (config = {}) => {
  const { createEcrClient } = await import("../../src/index.js");
  const auth = { kind: "static", accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret-key" } as const;
  return createEcrClient({ region: "eu-west-1", auth, transport, ...config });
};

describe("OpenTelemetry's API", () => {
  it("is not loaded by clients and calls of a process without an SDK", async () => {
    const ecr = await freshClient({ logger: { debug() {}, info() {}, warn() {} } });
    await ecr.call("DescribeRepositories", {});
    expect(api.loads).toBe(0);
  });

  it("is loaded when an SDK is registered, also one that comes after the client", async () => {
    const ecr = await freshClient();
    await ecr.call("DescribeRepositories", {});
    const starts: string[] = [];
    const otel = await vi.importActual<typeof import("@opentelemetry/api")>("@opentelemetry/api");
    const tracer = {
      startSpan: (name: string) => {
        starts.push(name);
        return otel.trace.wrapSpanContext(otel.INVALID_SPAN_CONTEXT);
      },
    };
    otel.trace.setGlobalTracerProvider({ getTracer: () => tracer as never });
    await ecr.call("DescribeRepositories", {});
    await vi.dynamicImportSettled();
    await ecr.call("DescribeRepositories", {});
    otel.trace.disable();
    expect(starts).toEqual(["ecr.operation"]);
    expect(api.loads).toBe(1);
  });

  it("is not loaded where telemetry is off, or goes to functions of the caller's", async () => {
    registry[REGISTERED] = { version: "1.9.1", trace: {} };
    for (const telemetry of [false, { emitMetric: () => undefined, startSpan: () => deafSpan }] as const)
      await (await freshClient({ telemetry })).call("DescribeRepositories", {});
    expect(api.loads).toBe(0);
  });
});

const deafSpan: Span = {
  ...{ isRecording: true, traceId: undefined, spanId: undefined },
  set() {},
  fail() {},
  end() {},
  within: (work) => work(),
};

describe("functions in place of OpenTelemetry's", () => {
  it("get every measurement and every span, each ended once", async () => {
    const measured: unknown[] = [];
    const running: string[] = [];
    const startSpan: StartSpan = (name) => {
      running.push(name);
      return { ...deafSpan, end: () => void running.splice(running.indexOf(name), 1) };
    };
    const emitMetric: EmitMetric = (name, value, attributes) => void measured.push([name, value, attributes]);
    await list({ telemetry: { emitMetric, startSpan } });
    expect(running).toEqual([]);
    const method = { "cloud.region": "eu-west-1", "rpc.method": "ECR/DescribeRepositories" };
    expect(measured).toEqual([
      ["ecr.circuit_breaker.state", 0, { "cloud.region": "eu-west-1", "ecr.service": "ecr" }],
      ["ecr.request.latency_ms", 0, method],
      ["rpc.client.call.duration", 0, { ...method, "rpc.system.name": "aws-api", "error.type": undefined }],
      ["ecr.repositories.listed", 1, method],
    ]);
  });

  it("that throw are told of once and cost no call its outcome", async () => {
    const fail = () => {
      throw new Error("hunter2");
    };
    const span = { ...deafSpan, set: fail, fail, end: fail };
    const telemetry = { emitMetric: fail, startSpan: () => span };
    const { ecr } = clientOver(transport, { telemetry, logger: { debug: fail, info: fail, warn: fail } });
    for (let calls = 0; calls < 3; calls++) await ecr.call("DescribeRepositories", {});
    const refused = clientOver(
      answering(() => refusal("AccessDeniedException")),
      { telemetry: { startSpan: fail } },
    );
    expect(await rejection(refused.ecr.call("DescribeRepositories", {}))).toMatchObject({ kind: "AccessDenied" });
    const told = warned.mock.calls.map(([message]) => String(message).split(";")[0]);
    expect(told.sort()).toEqual([
      "ecrkit: a span threw an error",
      "ecrkit: a span threw an error",
      "ecrkit: emitMetric threw an error",
      "ecrkit: startSpan threw an error",
      "ecrkit: the logger threw an error",
    ]);
  });
});
