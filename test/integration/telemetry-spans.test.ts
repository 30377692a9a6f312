import { SpanKind, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bareManifest, OCI_MANIFEST } from "../fixtures/local-registry.js";
import { startSdk, type TestSdk } from "../fixtures/open-telemetry.js";
import { clientOver, rejection } from "../fixtures/scripted-client.js";
import { registryAnswer } from "../fixtures/scripted-registry.js";
import { answer, answering, failure, refusal, scripted } from "../fixtures/scripted-transport.js";

const REPOSITORIES = answer({ repositories: [] });
const TOKEN = answer({ authorizationData: { authorizationToken: "QVdTOnBhc3N3b3Jk", expiresAt: 2e9 } });

let sdk: TestSdk;
beforeEach(() => {
  sdk = startSdk();
});
afterEach(() => sdk.stop());

const attributesOf = (name: string) =>
  sdk
    .spans()
    .filter((span) => span.name === name)
    .map(({ attributes }) => attributes);

describe("the spans of a call", () => {
  it("show each attempt, and the credentials that were renewed between two of them", async () => {
    let keys = 0;
    const provide = async () => ({ accessKeyId: `AKIA${++keys}`, secretAccessKey: "s" });
    const transport = scripted(refusal("ThrottlingException"), refusal("ExpiredTokenException"), REPOSITORIES);
    const { ecr } = clientOver(transport, { auth: { kind: "provider", provide } });
    await ecr.call("DescribeRepositories", {});
    const attempt = ["  ecr.request.execute", "    aws.sdk.sign_request", "    http.request", "  ecr.response.parse"];
    expect(sdk.tree()).toEqual([
      "ecr.operation",
      "  ecr.request.build",
      "  ecr.auth.check_token",
      "    ecr.auth.refresh_token",
      ...attempt,
      ...attempt,
      "  ecr.auth.refresh_token",
      ...attempt,
      "  ecr.metrics.emit",
    ]);
  });

  it("say what was called, where, how often, and AWS's ids of the requests", async () => {
    const throttled = refusal("ThrottlingException", "", { headers: { "x-amzn-requestid": "request-0" } });
    await clientOver(scripted(throttled, REPOSITORIES)).ecr.call("DescribeRepositories", {});
    expect(attributesOf("ecr.operation")).toEqual([
      {
        "rpc.system.name": "aws-api",
        "rpc.method": "ECR/DescribeRepositories",
        "cloud.region": "eu-west-1",
        "aws.request_id": "request-1",
        "ecr.attempts": 2,
      },
    ]);
    expect(attributesOf("http.request")).toEqual([
      { "http.response.status_code": 400, "aws.request_id": "request-0" },
      { "http.request.resend_count": 1, "http.response.status_code": 200, "aws.request_id": "request-1" },
    ]);
    const kinds = sdk.spans().map(({ name, kind }) => [name, kind === SpanKind.CLIENT]);
    expect(kinds.filter(([, isClient]) => isClient).map(([name]) => name)).toEqual([
      "ecr.operation",
      "http.request",
      "http.request",
    ]);
  });

  it("say what failed, by the error's kind and without its message", async () => {
    const { ecr } = clientOver(scripted(failure("ECONNRESET")), { retry: false });
    await rejection(ecr.call("DescribeRepositories", {}));
    expect(sdk.tree()).toEqual([
      "ecr.operation ! Connection",
      "  ecr.request.build",
      "  ecr.auth.check_token",
      "    ecr.auth.refresh_token",
      "  ecr.request.execute ! Connection",
      "    aws.sdk.sign_request",
      "    http.request ! Connection",
      "  ecr.metrics.emit",
    ]);
    for (const { status, events } of sdk.spans()) {
      expect(status.message).toBeUndefined();
      expect(events).toEqual([]);
    }
  });

  it("hold the registry token's renewal on /v2/, with the call that fetches it", async () => {
    const manifest = bareManifest(1);
    const served = registryAnswer(200, { "content-type": OCI_MANIFEST }, manifest);
    const { ecr } = clientOver(scripted(TOKEN, served));
    await ecr.publicRegistry.manifest("docker/library/app", { imageTag: "v1" }, { login: "account" });
    expect(sdk.tree()).toEqual([
      "ecr.operation",
      "  ecr.auth.check_token",
      "    ecr.auth.refresh_token",
      "      ecr.operation",
      "        ecr.request.build",
      "        ecr.auth.check_token",
      "        ecr.request.execute",
      "          aws.sdk.sign_request",
      "          http.request",
      "        ecr.response.parse",
      "        ecr.metrics.emit",
      "  ecr.request.execute",
      "    http.request",
      "  ecr.metrics.emit",
    ]);
    expect(attributesOf("ecr.operation").map((attributes) => attributes["rpc.method"])).toEqual([
      "ECR PUBLIC/BatchGetImage",
      "ECR PUBLIC/GetAuthorizationToken",
    ]);
  });

  it("stand inside the caller's span, and the transport inside theirs", async () => {
    let inTransport: string | undefined;
    const transport = answering(() => {
      inTransport = trace.getActiveSpan()?.spanContext().spanId;
      return REPOSITORIES;
    });
    const { ecr } = clientOver(transport);
    await trace.getTracer("app").startActiveSpan("deploy", async (span) => {
      await ecr.call("DescribeRepositories", {});
      expect(trace.getActiveSpan()).toBe(span);
      span.end();
    });
    expect(sdk.tree().slice(0, 3)).toEqual(["deploy", "  ecr.operation", "    ecr.request.build"]);
    const http = sdk.spans().find(({ name }) => name === "http.request");
    expect(inTransport).toBe(http?.spanContext().spanId);
  });

  it("of calls at the same time do not mix", async () => {
    const { ecr } = clientOver(answering(() => REPOSITORIES));
    await ecr.call("DescribeRepositories", {});
    const [first = "", ...parts] = sdk.tree().filter((line) => !line.includes("refresh_token"));
    const calls = Array.from({ length: 20 }, () => ecr.call("DescribeRepositories", {}));
    await Promise.all(calls);
    expect(sdk.tree().slice(parts.length + 2)).toEqual(Array.from({ length: 20 }, () => [first, ...parts]).flat());
  });

  it("tell what the cache did and how long the rate limiter made it wait", async () => {
    const options = { cache: { reads: true }, limiter: { perSecond: { "*": 1 } } } as const;
    const { ecr } = clientOver(
      answering(() => REPOSITORIES),
      options,
    );
    await ecr.call("DescribeRepositories", {});
    await ecr.call("DescribeRepositories", {});
    await ecr.call("DescribeRepositories", { maxResults: 1 });
    expect(
      attributesOf("ecr.operation").map((attributes) => [attributes["ecr.cache"], attributes["ecr.attempts"]]),
    ).toEqual([
      ["miss", 1],
      ["hit", 0],
      ["miss", 1],
    ]);
    expect(attributesOf("ecr.operation")[2]?.["ecr.limiter.wait_ms"]).toBeGreaterThan(0);
  });

  it("are in the lines of a log by their ids", async () => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    const write = (fields: Readonly<Record<string, unknown>>) => void lines.push(fields);
    const { ecr } = clientOver(scripted(refusal("ThrottlingException"), REPOSITORIES), {
      logger: { debug: write, info: write, warn: write },
    });
    await ecr.call("DescribeRepositories", {});
    const { traceId, spanId } =
      sdk
        .spans()
        .find(({ name }) => name === "ecr.operation")
        ?.spanContext() ?? {};
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(lines.map(({ trace_id, span_id }) => [trace_id, span_id])).toEqual([
      [traceId, spanId],
      [traceId, spanId],
    ]);
  });
});

describe("a trace that is not sampled", () => {
  it("records nothing, and lines of a log still name it", async () => {
    await sdk.stop();
    sdk = startSdk({ sampled: false });
    const lines: Readonly<Record<string, unknown>>[] = [];
    const logger = (_level: string, _message: string, fields = {}) => void lines.push(fields);
    await clientOver(scripted(REPOSITORIES), { logger }).ecr.call("DescribeRepositories", {});
    expect(sdk.spans()).toEqual([]);
    expect(lines[0]?.["trace_id"]).toMatch(/^[0-9a-f]{32}$/);
  });
});
