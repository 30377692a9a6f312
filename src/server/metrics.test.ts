import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createLocalEcr, type LocalEcr } from "../local.js";
import { createMetrics } from "./metrics.js";
import { metricsText } from "./metrics-text.js";
import type { Observation } from "./operation-log.js";
import type { Served } from "./traffic.js";

const open: LocalEcr[] = [];
afterEach(async () => {
  for (const local of open.splice(0)) await local.close({ graceMs: 0 });
});

/** What a scraper makes of a text: each series with its value, and the type of each family. */
interface Scrape {
  readonly types: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$/;

/** Reads version 0.0.4 of the format as its documentation has it, and refuses all else. */
function parse(text: string): Scrape {
  const types: Record<string, string> = {};
  const values: Record<string, number> = {};
  let family = "";
  if (!text.endsWith("\n")) throw new Error("the last line must end");
  for (const line of text.slice(0, -1).split("\n")) {
    const [, name = "", type] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (type !== undefined) {
      if (name in types) throw new Error(`a second family ${name}`);
      types[name] = type;
      family = name;
    } else if (!/^# HELP \S+ \S/.test(line)) {
      const [, series = "", labels = "", value = ""] = LINE.exec(line) ?? [];
      if (series.replace(/_(bucket|sum|count)$/, "") !== family && series !== family)
        throw new Error(`not a line of ${family}: ${line}`);
      if (series + labels in values) throw new Error(`a second time: ${line}`);
      values[series + labels] = Number(value);
    }
  }
  return { types, values };
}

const observation = (face: Observation["face"], operation: string | undefined): Observation => ({
  ...{ face, operation, method: "GET", path: "/", startMs: 0, durationMs: 0, caller: undefined },
  ...{ repository: undefined, region: undefined, status: 200, error: undefined, fault: undefined },
});

const served = (changes: Partial<Served>): Served => ({
  ...{ method: "GET", path: "/", status: 200, isWhole: true, sentBytes: 0, durationMs: 1 },
  ...{ requestId: undefined, observation: undefined },
  ...changes,
});

const nothing = { repositories: 0, images: 0, uploads: 0 };

describe("metrics", () => {
  it("count requests by door, operation and status, and how long they took", () => {
    const metrics = createMetrics(() => nothing);
    for (const durationMs of [250, 500, 500, 128_000]) {
      metrics.began();
      metrics.served(served({ durationMs, observation: observation("registry", "PutImage") }));
    }
    metrics.began();
    metrics.served(served({ status: 404, observation: observation("api", "PutImage") }));
    metrics.began();
    metrics.served(served({ status: undefined, durationMs: 1_000, observation: observation("registry", "PutImage") }));
    metrics.began();
    const { values, types } = parse(metrics.text());
    expect(types["ecrkit_local_request_duration_seconds"]).toBe("histogram");
    const registry = '{door="registry",operation="PutImage"';
    expect(values).toMatchObject({
      [`ecrkit_local_requests_total${registry},status="200"}`]: 4,
      [`ecrkit_local_requests_total${registry},status=""}`]: 1,
      'ecrkit_local_requests_total{door="api",operation="PutImage",status="404"}': 1,
      [`ecrkit_local_request_duration_seconds_bucket${registry},le="0.1"}`]: 0,
      [`ecrkit_local_request_duration_seconds_bucket${registry},le="0.25"}`]: 1,
      [`ecrkit_local_request_duration_seconds_bucket${registry},le="0.5"}`]: 3,
      [`ecrkit_local_request_duration_seconds_bucket${registry},le="1"}`]: 4,
      [`ecrkit_local_request_duration_seconds_bucket${registry},le="60"}`]: 4,
      [`ecrkit_local_request_duration_seconds_bucket${registry},le="+Inf"}`]: 5,
      [`ecrkit_local_request_duration_seconds_count${registry}}`]: 5,
      [`ecrkit_local_request_duration_seconds_sum${registry}}`]: 130.25,
      ecrkit_local_requests_under_way: 1,
    });
  });

  it("have as many series whatever clients send", () => {
    const metrics = createMetrics(() => nothing);
    const count = (face: Observation["face"], operation: string | undefined): void => {
      metrics.began();
      metrics.served(served({ observation: observation(face, operation) }));
    };
    count("api", "Made up");
    count("sts", "sts:Made up");
    count(undefined, undefined);
    const before = Object.keys(parse(metrics.text()).values);
    for (let made = 0; made < 1_000; made++) {
      count("api", `Made up ${made}`);
      count("sts", `sts:Made up ${made}`);
    }
    const { values } = parse(metrics.text());
    expect(Object.keys(values)).toEqual(before);
    expect(values['ecrkit_local_requests_total{door="api",operation="",status="200"}']).toBe(1_001);
  });

  it("are written so that any text in a label or a help comes back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.double({ noNaN: true, noDefaultInfinity: true }), (text, value) => {
        const family = {
          name: "m",
          type: "gauge",
          help: `h${text}`,
          samples: [{ labels: { l: text }, value }],
        } as const;
        const { values } = parse(metricsText([family]));
        const [[series = "", read] = []] = Object.entries(values);
        const label = /^m\{l="(.*)"\}$/s.exec(series)?.[1] ?? "";
        expect(label.replace(/\\(.)/g, (_, one) => (one === "n" ? "\n" : one))).toBe(text);
        expect(read).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe("/metrics of a local ECR", () => {
  async function listening() {
    const local = createLocalEcr();
    open.push(local);
    const { port } = await local.listen({ port: 0 });
    const base = `http://127.0.0.1:${port}`;
    const call = (target: string, input: object) =>
      fetch(base, {
        method: "POST",
        headers: {
          "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${target}`,
          authorization:
            "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=0",
        },
        body: JSON.stringify(input),
      }).then((response) => response.text());
    const scrape = async () => parse(await (await fetch(`${base}/metrics`)).text()).values;
    return { base, call, scrape };
  }

  it("tells what was asked, what is stored, and what the process takes", async () => {
    const { base, call, scrape } = await listening();
    await call("CreateRepository", { repositoryName: "app" });
    await call("InitiateLayerUpload", { repositoryName: "app" });
    await call("SECRET-TEXT", {});
    const response = await fetch(`${base}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await response.text()).not.toContain("SECRET");
    const values = await scrape();
    expect(values).toMatchObject({
      'ecrkit_local_requests_total{door="api",operation="CreateRepository",status="200"}': 1,
      'ecrkit_local_requests_total{door="api",operation="",status="400"}': 1,
      'ecrkit_local_requests_total{door="own",operation="",status="200"}': 1,
      ecrkit_local_requests_under_way: 1,
      ecrkit_local_repositories: 1,
      ecrkit_local_images: 0,
      ecrkit_local_uploads_under_way: 1,
      [`ecrkit_build_info{version="0.0.0-source",node="${process.versions.node}"}`]: 1,
    });
    for (const name of [
      "ecrkit_local_received_bytes_total",
      "ecrkit_local_sent_bytes_total",
      "ecrkit_local_connections",
    ])
      expect(values[name]).toBeGreaterThan(0);
    expect(values["process_resident_memory_bytes"]).toBeGreaterThan(10_000_000);
  });

  it("is not for browsers, and is only read", async () => {
    const { base } = await listening();
    expect((await fetch(`${base}/metrics`, { headers: { origin: "http://evil.test" } })).status).toBe(403);
    const posted = await fetch(`${base}/metrics`, { method: "POST", body: "x" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    const head = await fetch(`${base}/metrics`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });
});
