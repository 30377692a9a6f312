import { readFileSync } from "node:fs";
import { DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEcrClient, digestOf, type EcrClient, type MetricName, manualTime } from "../../src/index.js";
import { createLocalEcr, type LocalEcr, simulate } from "../../src/local.js";
import { metrics } from "../../src/telemetry/metrics.js";
import { watch } from "../../src/telemetry/watch.js";
import { bareManifest, OCI_MANIFEST } from "../fixtures/local-registry.js";
import { startSdk, type TestSdk } from "../fixtures/open-telemetry.js";
import { clientOver, rejection } from "../fixtures/scripted-client.js";
import { registryAnswer, registryOver } from "../fixtures/scripted-registry.js";
import { answer, answering, failure, refusal, scripted } from "../fixtures/scripted-transport.js";

let sdk: TestSdk;
beforeEach(() => {
  sdk = startSdk();
});
afterEach(() => sdk.stop());

const open: LocalEcr[] = [];
afterEach(async () => {
  for (const local of open.splice(0)) await local.close();
});

const REPOSITORIES = answer({ repositories: [] });
const REGION = { "cloud.region": "eu-west-1" };
const of = (method: string) => ({ ...REGION, "rpc.method": method });
const LIST = of("ECR/DescribeRepositories");
const AWS = { "rpc.system.name": "aws-api" };

/** The points of a measure: attributes, and its value, or how many values it took and their sum. */
async function points(name: string) {
  const measure = (await sdk.measures()).find(({ descriptor }) => descriptor.name === name);
  return measure?.dataPoints.map(({ attributes, value }) =>
    typeof value === "object" && "count" in value
      ? { attributes, count: value.count, sum: value.sum }
      : { attributes, value },
  );
}

/** A client that has done whatever is measured. */
async function busyClient(): Promise<EcrClient> {
  const time = manualTime({ sleeping: "skip" });
  const local = createLocalEcr({
    time,
    layers: "unchecked",
    scanning: { scanner: () => [{ name: "CVE-1", severity: "HIGH", packages: [] }] },
  });
  open.push(local);
  const auth = { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" } as const;
  const ecr = createEcrClient({ region: "eu-west-1", auth, transport: simulate(local), time });
  const id = { imageTag: "v1" };
  await ecr.call("CreateRepository", { repositoryName: "app" });
  await ecr.repositories.list().all();
  await ecr.images.putTag("app", { imageManifest: bareManifest(1) }, "v1");
  await ecr.images.describe("app");
  await ecr.scans.start("app", id);
  await local.time.advance("1m");
  await ecr.scans.findings("app", id);
  await ecr.replication.status("app", id);
  await ecr.images.batchDelete("app", [id]);
  await ecr.auth.token();
  await ecr.auth.token();
  await ecr.auth.refresh();
  await rejection(ecr.repositories.get("nothing"));
  return ecr;
}

const TYPES: Readonly<Record<string, (measure: MetricData) => boolean>> = {
  counter: (measure) => measure.dataPointType === DataPointType.SUM && measure.isMonotonic,
  histogram: ({ dataPointType }) => dataPointType === DataPointType.HISTOGRAM,
  gauge: ({ dataPointType }) => dataPointType === DataPointType.GAUGE,
};

describe("the measures that an OpenTelemetry SDK gets", () => {
  it("are those of the table, with its types, units, attributes and bounds", async () => {
    await busyClient();
    const measures = await sdk.measures();
    expect(measures.map(({ descriptor }) => descriptor.name).sort()).toEqual(Object.keys(metrics).sort());
    for (const measure of measures) {
      const { name, unit, description } = measure.descriptor;
      const told = metrics[name as keyof typeof metrics];
      expect({ name, unit, description, type: TYPES[told.type]?.(measure) }).toEqual({
        ...{ name, unit: told.unit, description: told.description, type: true },
      });
      const attributes = measure.dataPoints.flatMap((point) => Object.keys(point.attributes));
      expect([...new Set(attributes)].sort(), name).toEqual([...told.attributes].sort());
      for (const { value } of measure.dataPoints)
        if (typeof value === "object" && "buckets" in value) expect(value.buckets.boundaries).toEqual(told.buckets);
    }
  });

  it("count each operation once when it succeeds", async () => {
    await busyClient();
    for (const [name, method] of [
      ["ecr.repositories.listed", "ECR/DescribeRepositories"],
      ["ecr.images.tagged", "ECR/PutImage"],
      ["ecr.images.deleted", "ECR/BatchDeleteImage"],
      ["ecr.scans.started", "ECR/StartImageScan"],
      ["ecr.replication.checks", "ECR/DescribeImageReplicationStatus"],
    ] as const)
      expect(await points(name), name).toEqual([{ attributes: of(method), value: 1 }]);
    expect(await points("ecr.auth.token_cache_miss")).toEqual([{ attributes: REGION, value: 1 }]);
    expect(await points("ecr.auth.token_cache_hit")).toEqual([{ attributes: REGION, value: 1 }]);
    expect(await points("ecr.auth.token_refresh")).toEqual([{ attributes: REGION, value: 1 }]);
  });

  it("count a complete scan once, however often it is read, and its findings by severity", async () => {
    const ecr = await busyClient();
    await rejection(ecr.scans.findings("app", { imageTag: "v1" }));
    const scan = { ecr, id: { imageTag: "v2" } };
    await ecr.images.putTag("app", { imageManifest: bareManifest(2) }, "v2");
    await ecr.scans.start("app", scan.id);
    await open[0]?.time.advance("1m");
    for (let reads = 0; reads < 3; reads++) await ecr.scans.findings("app", scan.id);
    expect(await points("ecr.scans.completed")).toEqual([{ attributes: REGION, value: 2 }]);
    const bySeverity = (await points("ecr.scans.findings")) ?? [];
    expect(bySeverity).toHaveLength(6);
    expect(bySeverity).toContainEqual({ attributes: { ...REGION, "ecr.finding.severity": "HIGH" }, count: 2, sum: 2 });
    expect(bySeverity).toContainEqual({ attributes: { ...REGION, "ecr.finding.severity": "LOW" }, count: 2, sum: 0 });
  });

  it("tell requests from calls: each attempt has its latency and its error, the call its whole time", async () => {
    const time = manualTime({ sleeping: "skip", random: () => 1 });
    const slowly = (ms: number, step: typeof REPOSITORIES) => async () => {
      await time.sleep(ms);
      return step;
    };
    const throttled = refusal("ThrottlingException");
    const transport = scripted(slowly(20, throttled), slowly(30, throttled), slowly(50, REPOSITORIES));
    await clientOver(transport, { time, limiter: false }).ecr.call("DescribeRepositories", {});
    expect(await points("ecr.request.latency_ms")).toEqual([{ attributes: LIST, count: 3, sum: 100 }]);
    expect(await points("ecr.request.errors")).toEqual([
      { attributes: { ...LIST, "error.type": "Throttled" }, value: 2 },
    ]);
    // 100 ms of requests, and waits of 500 and 1,000 ms between them.
    expect(await points("rpc.client.call.duration")).toEqual([{ attributes: { ...LIST, ...AWS }, count: 1, sum: 1.6 }]);
  });

  it("count a call that fails once for each attempt, and one that no attempt met once", async () => {
    const down = clientOver(
      answering(() => {
        throw failure("ECONNRESET");
      }),
      { retry: { attempts: { connection: 2 } } },
    );
    await rejection(down.ecr.call("DescribeRepositories", {}));
    await rejection(down.ecr.call("DescribeRepositories", { maxResults: -1 }));
    const noKeys = clientOver(scripted(), {
      auth: { kind: "provider", provide: () => Promise.reject(new Error("no keys")) },
    });
    await rejection(noKeys.ecr.call("DescribeRepositories", {}));
    const failed = (kind: string, value: number) => ({ attributes: { ...LIST, "error.type": kind }, value });
    expect(await points("ecr.request.errors")).toEqual([
      failed("Connection", 2),
      failed("InvalidParameter", 1),
      failed("InvalidCredentials", 1),
    ]);
    expect(await points("ecr.repositories.listed")).toBeUndefined();
  });

  it("show a circuit as closed before it is ever open", async () => {
    const { ecr } = clientOver(
      answering(() => refusal("ServerException", "", { status: 500 })),
      { retry: false, breaker: { failures: 2 } },
    );
    const state = async () => (await points("ecr.circuit_breaker.state"))?.map(({ value }) => value);
    await rejection(ecr.call("DescribeRepositories", {}));
    expect(await state()).toEqual([0]);
    await rejection(ecr.call("DescribeRepositories", {}));
    expect(await state()).toEqual([2]);
    expect(await points("ecr.circuit_breaker.state")).toMatchObject([{ attributes: { "ecr.service": "ecr" } }]);
  });

  it("leave out what a cache answered", async () => {
    const { ecr } = clientOver(scripted(REPOSITORIES), { cache: { reads: true } });
    for (let calls = 0; calls < 3; calls++) await ecr.call("DescribeRepositories", {});
    expect(await points("ecr.repositories.listed")).toEqual([{ attributes: LIST, value: 1 }]);
    expect(await points("rpc.client.call.duration")).toMatchObject([{ count: 1 }]);
  });

  it("count a put image as tagged only where it gives a tag", async () => {
    const local = createLocalEcr({ layers: "unchecked" });
    open.push(local);
    const auth = { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" } as const;
    const { call } = createEcrClient({ region: "eu-west-1", auth, transport: simulate(local) });
    await call("CreateRepository", { repositoryName: "app" });
    await call("PutImage", { repositoryName: "app", imageManifest: bareManifest(1) });
    expect(await points("ecr.images.tagged")).toBeUndefined();
    await call("PutImage", { repositoryName: "app", imageManifest: bareManifest(1), imageTag: "v1" });
    expect(await points("ecr.images.tagged")).toMatchObject([{ value: 1 }]);
  });
});

describe("a manifest that is put over /v2/", () => {
  it("counts as tagged by its tag, and not by its digest", async () => {
    const names: MetricName[] = [];
    const observer = watch({ emitMetric: (name) => void names.push(name), time: manualTime() });
    const { v2 } = registryOver(
      answering(() => registryAnswer(201)),
      { observer },
    );
    const bytes = Buffer.from(bareManifest(1));
    const manifest = { bytes, mediaType: OCI_MANIFEST };
    await v2.putManifest({ repository: "app", reference: digestOf(bytes) }, manifest, {});
    expect(names).not.toContain("ecr.images.tagged");
    await v2.putManifest({ repository: "app", reference: "v1" }, manifest, {});
    expect(names.filter((name) => name === "ecr.images.tagged")).toHaveLength(1);
  });
});

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

describe("the documents on telemetry", () => {
  it("hold the table of the measures as the code has it", () => {
    const rows = Object.entries(metrics).map(
      ([name, { type, unit, attributes, description }]) =>
        `| \`${name}\` | ${type} | \`${unit}\` | ${attributes.map((attribute) => `\`${attribute}\``).join(", ")} | ${description} |`,
    );
    const [, table = ""] = /\| name \| type .*\n\| --- .*\n((?:\|.*\n)+)/.exec(read("docs/telemetry.md")) ?? [];
    expect(table.trimEnd().split("\n")).toEqual(rows);
  });

  it("alert on names and labels that Prometheus is given", async () => {
    await busyClient();
    const text = await sdk.prometheus();
    const rules = read("docs/alerts.yaml");
    const names = new Set([...rules.matchAll(/\b(?:ecr|rpc|cloud|error)_[a-z_]+/g)].map(([name]) => name));
    expect(names.size).toBeGreaterThan(12);
    expect([...names].filter((name) => !new RegExp(`^${name}\\{|[{,]${name}="`, "m").test(text))).toEqual([]);
  });
});
