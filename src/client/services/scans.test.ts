import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../../test/fixtures/scripted-client.js";
import { answer, refusal, scripted } from "../../../test/fixtures/scripted-transport.js";
import { readCache, staleAgeMs } from "../../index.js";
import { manualTime } from "../../time.js";

const id = { imageTag: "v1" };
const page = (names: readonly string[], nextToken?: string, completedAt = 1_700_000_000) =>
  answer({
    imageId: { imageDigest: `sha256:${"a".repeat(64)}`, imageTag: "v1" },
    imageScanStatus: { status: "COMPLETE", description: "The scan was completed successfully." },
    imageScanFindings: {
      imageScanCompletedAt: completedAt,
      findingSeverityCounts: { HIGH: 3 },
      findings: names.map((name) => ({ name, severity: "HIGH" })),
    },
    nextToken,
  });
const disabled = refusal("ValidationException", "This feature is disabled");

describe("scans.findings", () => {
  it("gives the findings of all pages in their order, and the counts once", async () => {
    const transport = scripted(page(["CVE-1", "CVE-2"], "two"), page(["CVE-3"]));
    const found = await clientOver(transport).ecr.scans.findings("app", id);
    expect(found.findings.map(({ name }) => name)).toEqual(["CVE-1", "CVE-2", "CVE-3"]);
    expect(found.severityCounts.HIGH).toBe(3);
    expect(found.completedAt).toEqual(new Date(1_700_000_000_000));
    expect(found.stale).toBe(false);
    expect(transport.inputs).toEqual([
      { repositoryName: "app", imageId: id, maxResults: 1_000 },
      { repositoryName: "app", imageId: id, maxResults: 1_000, nextToken: "two" },
    ]);
  });

  it("are flagged as stale, with their age, when ECR could not be asked", async () => {
    const time = manualTime({ sleeping: "skip", random: () => 1 });
    const down = refusal("ServerException", "down", { status: 500 });
    const transport = scripted(page(["CVE-1"]), ...Array.from({ length: 3 }, () => down));
    const { ecr } = clientOver(transport, { time, cache: { reads: readCache({ time, ttlMs: { findings: 1_000 } }) } });
    await ecr.scans.findings("app", id);
    await time.advance("1h");
    const found = await ecr.scans.findings("app", id);
    expect(found).toMatchObject({ stale: true, status: "COMPLETE", findings: [{ name: "CVE-1" }] });
    expect(staleAgeMs(found)).toBeGreaterThanOrEqual(3_600_000);
  });

  it("are of one scan: when another one ends meanwhile they are read again", async () => {
    const [older, newer] = [1_700_000_000, 1_700_000_600];
    const mixed = [page(["CVE-1"], "two", older), page(["CVE-4"], undefined, newer)];
    const whole = [page(["CVE-3"], "two", newer), page(["CVE-4"], undefined, newer)];
    const found = await clientOver(scripted(...mixed, ...whole)).ecr.scans.findings("app", id);
    expect(found.findings.map(({ name }) => name)).toEqual(["CVE-3", "CVE-4"]);
    expect(found.completedAt).toEqual(new Date(newer * 1_000));
    expect(await rejection(clientOver(scripted(...mixed, ...mixed)).ecr.scans.findings("app", id))).toMatchObject({
      kind: "FindingsUnavailable",
      category: "retryable",
    });
  });

  it("of an answer that says nothing of a scan is no empty list", async () => {
    expect(await rejection(clientOver(scripted(answer({}))).ecr.scans.findings("app", id))).toMatchObject({
      kind: "InvalidResponse",
      message:
        "DescribeImageScanFindings was answered without imageScanStatus: the endpoint does not seem to be Amazon ECR",
    });
  });
});

describe("scans.status", () => {
  it("asks for one finding at most, and asks ECR whatever a cache holds", async () => {
    const transport = scripted(page(["CVE-1"], "two"), page(["CVE-1"], "two"));
    const { ecr } = clientOver(transport, { cache: { reads: readCache() } });
    await ecr.scans.status("app", id);
    expect(await ecr.scans.status("app", id)).toEqual({
      repositoryName: "app",
      imageId: { imageDigest: `sha256:${"a".repeat(64)}`, imageTag: "v1" },
      status: "COMPLETE",
      description: "The scan was completed successfully.",
    });
    expect(transport.inputs).toHaveLength(2);
    expect(transport.inputs[0]).toEqual({ repositoryName: "app", imageId: id, maxResults: 1 });
  });
});

describe("scans.start", () => {
  it("says what the quota means, and is sent once", async () => {
    const transport = scripted(
      refusal("LimitExceededException", "The scan quota per image has been exceeded. Wait and try again."),
    );
    expect(await rejection(clientOver(transport).ecr.scans.start("app", id))).toMatchObject({
      kind: "LimitExceeded",
      category: "terminal",
      operation: "StartImageScan",
      region: "eu-west-1",
      attempts: 1,
      requestId: "request-1",
      service: { code: "LimitExceededException" },
      message:
        "StartImageScan on image app:v1 in eu-west-1 was refused: The scan quota per image has been exceeded. Wait and try again. An image may be scanned once in 24 hours, the scan on push counted, and a registry 100,000 times. Read the last scan with scans.findings.",
    });
  });

  it("says that enhanced scanning starts by itself", async () => {
    const transport = scripted(disabled);
    expect(await rejection(clientOver(transport).ecr.scans.start("app", id))).toMatchObject({
      kind: "ScanUnsupported",
      service: { code: "ValidationException" },
      message:
        "StartImageScan on image app:v1 in eu-west-1 was refused: the registry uses enhanced scanning, under which Amazon Inspector decides when to scan and none is started by hand. Read what it found with scans.findings.",
    });
    expect(transport.operations).toEqual(["StartImageScan"]);
  });

  it.each([
    ["ENHANCED", "ScanUnsupported"],
    ["BASIC", "InvalidParameter"],
  ])("asks for the registry's setting, %s, when the refusal says nothing of it", async (scanType, kind) => {
    const transport = scripted(
      refusal("ValidationException", "something else"),
      answer({ registryId: "123456789012", scanningConfiguration: { scanType } }),
    );
    expect(await rejection(clientOver(transport).ecr.scans.start("app", id))).toMatchObject({ kind });
    expect(transport.operations).toEqual(["StartImageScan", "GetRegistryScanningConfiguration"]);
  });

  it("keeps the refusal when the setting may not be read, or is another account's", async () => {
    const refused = refusal("ValidationException", "something else");
    const denied = scripted(refused, refusal("AccessDeniedException", "no", { status: 400 }));
    expect(await rejection(clientOver(denied).ecr.scans.start("app", id))).toMatchObject({ kind: "InvalidParameter" });
    const another = scripted(refused);
    const { ecr } = clientOver(another, { registryId: "123456789012" });
    expect(await rejection(ecr.scans.start("app", id))).toMatchObject({ kind: "InvalidParameter" });
  });
});

describe("every call of scans", () => {
  it.each(["start", "status", "findings"] as const)("refuses at the door what it cannot be asked: %s", async (name) => {
    const { scans } = clientOver(scripted()).ecr;
    expect(await rejection(scans[name]("App", id))).toMatchObject({ kind: "InvalidParameter" });
    expect(await rejection(scans[name]("app", {}))).toMatchObject({
      message: "id must be an object with imageDigest or imageTag, got an object with neither",
    });
    expect(await rejection(scans[name]("app", id, { timeoutMs: 0 }))).toMatchObject({ kind: "InvalidParameter" });
  });
});
