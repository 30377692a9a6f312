import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { dial } from "../../test/fixtures/dial.js";
import { createLocalEcr, type LocalEcr } from "../local.js";
import { type AccessLogLine, createAccessLog, type LogSink } from "./access-log.js";
import type { Served } from "./traffic.js";

const open: LocalEcr[] = [];
afterEach(async () => {
  for (const local of open.splice(0)) await local.close({ graceMs: 0 });
});

const request = (path: string): Served => ({
  ...{ method: "GET", path, status: 200, isWhole: true, sentBytes: 10, durationMs: 2.00049 },
  ...{ requestId: undefined, observation: undefined },
});

/** A sink that takes the next text when it is told to. */
function slowSink(): LogSink & { readonly texts: string[]; taken(): void } {
  const texts: string[] = [];
  let onDone = (): void => {};
  return {
    texts,
    write(text, done) {
      texts.push(text);
      onDone = done;
    },
    taken: () => onDone(),
  };
}

const linesOf = (text: string): readonly (AccessLogLine & { readonly omitted?: number })[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe("an access log", () => {
  it("writes the lines of one turn together, and what comes meanwhile with the next write", async () => {
    const sink = slowSink();
    const log = createAccessLog(sink, () => Date.UTC(2026, 0, 1));
    log.served(request("/1"));
    log.served(request("/2"));
    await setImmediate();
    expect(sink.texts.map((text) => linesOf(text).map(({ path }) => path))).toEqual([["/1", "/2"]]);
    log.served(request("/3"));
    await setImmediate();
    expect(sink.texts).toHaveLength(1);
    sink.taken();
    await setImmediate();
    expect(sink.texts[1]).toBe(
      '{"time":"2025-12-31T23:59:59.997Z","method":"GET","path":"/3","status":200,"bytes":10,"durationMs":2}\n',
    );
    sink.taken();
    await log.close();
  });

  it("holds no more than four million characters for a sink that does not take them, and tells how many lines it left out", async () => {
    const sink = slowSink();
    const log = createAccessLog(sink);
    log.served(request("/first"));
    await setImmediate();
    const path = `/${"x".repeat(2_000)}`;
    for (let made = 0; made < 10_000; made++) log.served(request(path));
    sink.taken();
    await setImmediate();
    const written = linesOf(sink.texts[1] ?? "");
    expect(sink.texts[1]?.length).toBeLessThan(4 * 1024 * 1024 + 100);
    expect(written.at(-1)?.omitted).toBe(10_000 - (written.length - 1));
    expect(written[0]?.path).toHaveLength(1_025);
    sink.taken();
    await log.close();
    expect(sink.texts).toHaveLength(2);
  });

  it("has written all when it is closed", async () => {
    const texts: string[] = [];
    const log = createAccessLog({
      write: (text, done) =>
        void setImmediate()
          .then(() => texts.push(text))
          .then(done),
    });
    log.served(request("/1"));
    await log.close();
    expect(linesOf(texts.join("")).map(({ path }) => path)).toEqual(["/1"]);
  });
});

describe("the access log of a local ECR", () => {
  it("says who asked what of whom and what came of it, without a query, a body, a login or a signature", async () => {
    const texts: string[] = [];
    const local = createLocalEcr();
    const write = (text: string, done: () => void): void => {
      texts.push(text);
      done();
    };
    const { port } = await local.listen({ port: 0, accessLog: { write } });
    const base = `http://127.0.0.1:${port}`;
    const signature = "5EC2E7".repeat(10);
    const created = await fetch(base, {
      method: "POST",
      headers: {
        "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.CreateRepository",
        authorization: `AWS4-HMAC-SHA256 Credential=111122223333/20260101/eu-west-1/ecr/aws4_request, SignedHeaders=host, Signature=${signature}`,
      },
      body: JSON.stringify({ repositoryName: "app", tags: [{ Key: "k", Value: "5EC2E7" }] }),
    });
    await fetch(`${base}/v2/app/manifests/v1?token=5EC2E7`, {
      headers: { authorization: `Basic ${Buffer.from("AWS:5EC2E7").toString("base64")}` },
    });
    await fetch(`${base}/_ecrkit/health`);
    await local.close();
    expect(texts.join("")).not.toContain("5EC2E7");
    expect(texts.join("")).not.toContain(Buffer.from("AWS:5EC2E7").toString("base64"));
    const lines = linesOf(texts.join(""));
    for (const { time, durationMs, bytes } of lines) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(durationMs).toBeGreaterThan(0);
      expect(bytes).toBeGreaterThan(100);
    }
    expect(lines.map(({ time: _time, durationMs: _durationMs, bytes: _bytes, ...rest }) => rest)).toEqual([
      {
        ...{ method: "POST", path: "/", status: 200, operation: "CreateRepository", repository: "app" },
        ...{ account: "111122223333", region: "eu-west-1", principal: "arn:aws:iam::111122223333:root" },
        requestId: created.headers.get("x-amzn-requestid"),
      },
      { method: "GET", path: "/v2/app/manifests/v1", status: 401, operation: "BatchGetImage", repository: "app" },
      { method: "GET", path: "/_ecrkit/health", status: 200 },
    ]);
  });

  it("says so when a connection ended before its answer", async () => {
    const texts: string[] = [];
    const local = createLocalEcr({ faults: { faults: [{ effect: { kind: "reset" } }] } });
    const write = (text: string, done: () => void): void => {
      texts.push(text);
      done();
    };
    const { port } = await local.listen({ port: 0, accessLog: { write } });
    const { send, closed } = await dial({ port });
    send("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n");
    await closed();
    await local.close();
    expect(linesOf(texts.join(""))).toEqual([
      expect.objectContaining({ path: "/v2/", complete: false, bytes: 0, operation: "GetAuthorizationToken" }),
    ]);
    expect(texts.join("")).not.toContain("status");
  });
});
