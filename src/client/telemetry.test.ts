import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../test/fixtures/scripted-client.js";
import { answer, answering, refusal, scripted } from "../../test/fixtures/scripted-transport.js";
import type { PipelineObserver, Step } from "../telemetry/pipeline-observer.js";
import { manualTime } from "../time.js";

const REPOSITORIES = answer({ repositories: [] });
const TOKEN = answer({
  authorizationData: [{ authorizationToken: "QVdTOnBhc3N3b3Jk", expiresAt: 2e9, proxyEndpoint: "https://registry" }],
});

/** Writes down what it sees, a line for each, further in for each step. */
function watching() {
  const lines: string[] = [];
  const stepAt = (depth: number): Step => ({
    step(name, work) {
      lines.push(`${"  ".repeat(depth)}${name}`);
      return work(stepAt(depth + 1));
    },
    note({ error, ...facts }) {
      lines.push(`${"  ".repeat(depth)}${JSON.stringify({ ...facts, ...(error && { error: error.kind }) })}`);
    },
  });
  const observer: PipelineObserver = {
    async call({ operation, service, region, access }, work) {
      lines.push(`${service} ${operation} ${region} ${access}`);
      try {
        return await work(stepAt(1));
      } finally {
        lines.push("end");
      }
    },
    token: (event, region) => lines.push(`token ${event} ${region}`),
    circuit: (state, service, region) => lines.push(`circuit ${state} ${service} ${region}`),
  };
  return { telemetry: observer, lines };
}

describe("whoever watches a client", () => {
  it("sees each call with its parts, its attempts and its renewals", async () => {
    const { telemetry, lines } = watching();
    let keys = 0;
    const provide = async () => ({ accessKeyId: `AKIA${++keys}`, secretAccessKey: "s" });
    const transport = scripted(refusal("ThrottlingException"), refusal("ExpiredTokenException"), REPOSITORIES);
    await clientOver(transport, { telemetry, limiter: false, auth: { kind: "provider", provide } }).ecr.call(
      "DescribeRepositories",
      {},
    );
    expect(lines).toEqual([
      "ecr DescribeRepositories eu-west-1 read",
      "  build",
      "  checkToken",
      "    refreshToken",
      "  execute",
      "    sign",
      "    http",
      '      {"status":400,"requestId":"request-1"}',
      "  parse",
      '  {"attempt":1,"error":"Throttled"}',
      "  execute",
      "    sign",
      "    http",
      '      {"status":400,"requestId":"request-1"}',
      "  parse",
      '  {"attempt":2,"error":"ExpiredToken"}',
      "  refreshToken",
      "  execute",
      "    sign",
      "    http",
      '      {"status":200,"requestId":"request-1"}',
      "  parse",
      "end",
    ]);
  });

  it("sees where a call goes that is not the client's own region", async () => {
    const { telemetry, lines } = watching();
    const { ecr } = clientOver(scripted(TOKEN), { telemetry });
    await rejection(ecr.call("ecr-public:GetAuthorizationToken", {}));
    expect(lines[0]).toBe("ecr-public GetAuthorizationToken us-east-1 read");
  });

  it("sees what the token cache did, and a circuit open", async () => {
    const { telemetry, lines } = watching();
    const { ecr } = clientOver(
      answering(() => TOKEN),
      { telemetry },
    );
    await ecr.auth.token();
    await ecr.auth.token();
    await ecr.auth.refresh();
    expect(lines.filter((line) => line.startsWith("token"))).toEqual([
      "token miss eu-west-1",
      "token hit eu-west-1",
      "token refresh eu-west-1",
    ]);
    const down = clientOver(
      answering(() => refusal("ServerException", "", { status: 500 })),
      { telemetry },
    );
    for (let call = 0; call < 2; call++) await rejection(down.ecr.call("DescribeRepositories", {}));
    expect(lines.filter((line) => line.startsWith("circuit"))).toEqual(["circuit open ecr eu-west-1"]);
  });

  it("sees how long the rate limiter made a call wait", async () => {
    const { telemetry, lines } = watching();
    const { ecr } = clientOver(
      answering(() => REPOSITORIES),
      { telemetry, limiter: { perSecond: { "*": 1 } } },
    );
    await ecr.call("DescribeRepositories", {});
    await ecr.call("DescribeRepositories", {});
    expect(lines.find((line) => line.includes("waitedMs"))).toMatch(/^ {2}\{"waitedMs":\d+\}$/);
  });
});

describe("a logger", () => {
  it("gets a line for each call, attempt and token, without a message that may quote the service", async () => {
    const lines: [string, Readonly<Record<string, unknown>>, string][] = [];
    const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
      lines.push([level, fields, message]);
    };
    const logger = { debug: write("debug"), info: write("info"), warn: write("warn") };
    const time = manualTime({ sleeping: "skip", random: () => 1 });
    const denied = refusal("AccessDeniedException", "hunter2");
    const transport = scripted(refusal("ThrottlingException", "hunter2"), TOKEN, denied, denied);
    const { ecr } = clientOver(transport, { logger, time, retry: { attempts: { throttle: 2 } } });
    await ecr.auth.token();
    await rejection(ecr.call("DeleteRepository", { repositoryName: "secret-app" }));
    const call = { operation: "GetAuthorizationToken", service: "ecr", region: "eu-west-1", access: "read" };
    expect(lines.slice(0, 3)).toEqual([
      ["debug", { event: "miss", region: "eu-west-1" }, "ecr registry token"],
      [
        "debug",
        { ...call, attempt: 1, kind: "Throttled", category: "retryable", requestId: "request-1", attempts: 1 },
        "ecr attempt failed",
      ],
      ["debug", { ...call, durationMs: 500 }, "ecr call done"],
    ]);
    expect(lines.at(-1)).toMatchObject([
      "warn",
      { operation: "DeleteRepository", kind: "AccessDenied" },
      "ecr call failed",
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/hunter2|secret-app|QVdT/);
  });
});
