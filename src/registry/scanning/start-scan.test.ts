import { describe, expect, it } from "vitest";
import { bareManifest, OCI_MANIFEST } from "../../../test/fixtures/local-registry.js";
import type { InputOf } from "../../protocol/operations.js";
import { manualTime } from "../../time.js";
import { eventsAfter } from "../events.js";
import { runDue } from "../jobs.js";
import { putRegistryScanningConfiguration } from "../operations/put-registry-scanning-configuration.js";
import { openTables } from "../records.js";
import type { State } from "../state.js";
import { memoryStore } from "../store-memory.js";
import type { Finding } from "./finding.js";
import { putReport } from "./put-report.js";
import { SCANS_PER_REGISTRY } from "./scan-quota.js";
import { resolveScanning, type ScanningOptions } from "./scanner.js";
import { scanOnPush } from "./start-scan.js";

const TARGET = { account: "111122223333", region: "eu-west-1", repositoryName: "app" };
const KEY = [TARGET.account, TARGET.region, "app"];
const ARN = "arn:aws:ecr:eu-west-1:111122223333:repository/app";
const IMAGE = {
  mediaType: OCI_MANIFEST,
  artifactMediaType: "application/vnd.oci.image.config.v1+json",
  sizeBytes: 1,
  manifestBytes: 1,
  pushedAtMs: 0,
  tagCount: 1,
  children: [],
  layers: [],
};
const bad: Finding = { name: "CVE-1", severity: "HIGH", packages: [{ name: "zlib", version: "1" }] };
const worse: Finding = { name: "CVE-2", severity: "CRITICAL", packages: [{ name: "curl", version: "1" }] };

/** A registry with one image, tagged v1, in a repository that is scanned on push. */
async function stateWith(scanType: "BASIC" | "ENHANCED", scanning: ScanningOptions) {
  const time = manualTime({ startMs: 0 });
  const store = memoryStore();
  const settings = { scanning: resolveScanning(scanning) };
  const state = { time, store, settings, tables: openTables(store) } as unknown as State;
  const { tables } = state;
  await store.transaction(() => {
    const encryption = { encryptionType: "AES256" } as const;
    tables.repository.put(KEY, {
      createdAtMs: 0,
      tagMutability: "MUTABLE",
      scanOnPush: true,
      encryption,
      resourceTags: [],
    });
    tables.registryScanning.put([TARGET.account, TARGET.region], { scanType, rules: [] });
    tables.image.put([...KEY, "d"], IMAGE);
    tables.imageTag.put([...KEY, "d", "v1"], 1);
    tables.manifest.put([...KEY, "d"], bareManifest(1));
  });
  const push = () => store.transaction(() => scanOnPush(state, TARGET, { digest: "d", image: IMAGE }));
  const events = () => eventsAfter(state, 0, 100).map(({ event }) => event);
  const pass = async (duration: string) => {
    await time.advance(duration);
    await runDue(state);
  };
  return { state, push, pass, events };
}

describe("the events of scans", () => {
  it("tell the end of a basic scan, at its time", async () => {
    const { push, pass, events } = await stateWith("BASIC", { scanner: () => [bad, worse, bad] });
    await push();
    expect(events()).toEqual([]);
    await pass("1h");
    expect(events()).toMatchObject([
      {
        "detail-type": "ECR Image Scan",
        source: "aws.ecr",
        account: "111122223333",
        region: "eu-west-1",
        time: "1970-01-01T00:00:02Z",
        resources: [ARN],
        detail: {
          "scan-status": "COMPLETE",
          "repository-name": "app",
          "finding-severity-counts": { CRITICAL: 1, HIGH: 2 },
          "image-digest": "d",
          "image-tags": ["v1"],
        },
      },
    ]);
  });

  it("tell the first findings of an enhanced scan, and each finding once, late ones when they come", async () => {
    const { push, pass, events, state } = await stateWith("ENHANCED", { scanner: () => [bad] });
    await push();
    await pass("2s");
    expect(events()).toMatchObject([
      {
        "detail-type": "Inspector2 Scan",
        source: "aws.inspector2",
        resources: [ARN],
        detail: {
          "scan-status": "INITIAL_SCAN_COMPLETE",
          "repository-name": ARN,
          "finding-severity-counts": { HIGH: 1, TOTAL: 1 },
          "image-digest": "d",
          "image-tags": ["v1"],
        },
      },
      {
        "detail-type": "Inspector2 Finding",
        source: "aws.inspector2",
        resources: [`${ARN}/d`],
        detail: { title: "CVE-1 - zlib", severity: "HIGH", firstObservedAt: "1970-01-01T00:00:02.000Z" },
      },
    ]);
    await state.store.transaction(() => putReport(state, "d", [bad, worse]));
    expect(events().slice(2)).toMatchObject([{ detail: { title: "CVE-2 - curl" } }]);
  });
});

describe("the event of a changed scan frequency", () => {
  it("names every repository that changes under enhanced scanning, and how", async () => {
    const { state, events } = await stateWith("ENHANCED", { scanner: () => [] });
    const repositoryFilters = [{ filter: "app", filterType: "WILDCARD" as const }];
    const put = (input: InputOf<"PutRegistryScanningConfiguration">) =>
      putRegistryScanningConfiguration(state, { ...TARGET, arn: "" }, input);
    const onPush = { scanFrequency: "SCAN_ON_PUSH" as const, repositoryFilters };
    await put({ scanType: "ENHANCED", rules: [onPush] });
    await put({ scanType: "ENHANCED", rules: [onPush] });
    await put({ scanType: "BASIC", rules: [] });
    expect(events()).toMatchObject([
      {
        "detail-type": "ECR Scan Resource Change",
        source: "aws.ecr",
        detail: {
          "action-type": "SCAN_FREQUENCY_CHANGE",
          repositories: [
            {
              "repository-name": "app",
              "repository-arn": ARN,
              "scan-frequency": "SCAN_ON_PUSH",
              "previous-scan-frequency": "CONTINUOUS_SCAN",
            },
          ],
          "resource-type": "REPOSITORY",
          "scan-type": "ENHANCED",
        },
      },
    ]);
  });
});

describe("a push when the registry's scans are used up", () => {
  it("leaves a scan that says so, which does not count as the image's scan of the day", async () => {
    const { push, state, pass } = await stateWith("BASIC", { scanner: () => [bad] });
    const { tables, store } = state;
    await store.transaction(() =>
      tables.counter.put(["recent-scan", TARGET.account, TARGET.region], SCANS_PER_REGISTRY),
    );
    await push();
    expect(tables.scan.get(...KEY, "d", "BASIC")).toMatchObject({ status: "LIMIT_EXCEEDED" });
    await store.transaction(() => tables.counter.put(["recent-scan", TARGET.account, TARGET.region], 0));
    await push();
    await pass("2s");
    expect(tables.scan.get(...KEY, "d", "BASIC")).toMatchObject({ status: "COMPLETE" });
  });
});
