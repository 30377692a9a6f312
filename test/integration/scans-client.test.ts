import { afterEach, describe, expect, it } from "vitest";
import { digestOf, manualTime } from "../../src/index.js";
import type { Finding } from "../../src/local.js";
import { bareManifest, indexManifest } from "../fixtures/local-registry.js";
import { DOORS, inProcess, type OpenDoor, type RegistryDoor } from "../fixtures/registry-door.js";
import { rejection } from "../fixtures/scripted-client.js";

const doors: RegistryDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

const openssl: Finding = {
  name: "CVE-2022-0778",
  severity: "HIGH",
  uri: "https://example.com/CVE-2022-0778",
  description: "an infinite loop",
  packages: [{ name: "openssl", version: "1.1.1k", fixedInVersion: "1.1.1n" }],
  cvss: [{ version: "3.1", baseScore: 7.5 }],
};
/** More than one page holds. */
const many: readonly Finding[] = Array.from({ length: 1_200 }, (_, index) => ({
  name: `CVE-2020-${index}`,
  severity: "LOW",
  packages: [{ name: "many", version: "1" }],
}));
const v1 = { imageTag: "v1" };
const digest = digestOf(bareManifest(1));

async function started(open: OpenDoor = inProcess, findings: readonly Finding[] = [openssl, ...many]) {
  const time = manualTime({ sleeping: "skip" });
  const door = await open({ layers: "unchecked", time, scanning: { scanner: () => findings } });
  doors.push(door);
  const ecr = door.client({ time });
  await ecr.call("CreateRepository", { repositoryName: "app" });
  await ecr.images.putTag("app", { imageManifest: bareManifest(1) }, "v1");
  return { ecr, local: door.local };
}

describe.each(DOORS)("scans, $name", ({ open }) => {
  it("of the basic kind are started, and told with all they found", async () => {
    const { ecr, local } = await started(open);
    expect(await rejection(ecr.scans.status("app", v1))).toMatchObject({ kind: "ScanNotFound" });
    expect(await ecr.scans.start("app", v1)).toEqual({
      ...{ repositoryName: "app", imageId: { imageDigest: digest, imageTag: "v1" } },
      ...{ status: "IN_PROGRESS", description: undefined },
    });
    expect(await ecr.scans.findings("app", v1)).toMatchObject({ status: "IN_PROGRESS", findings: [] });
    await local.time.advance("2s");
    const complete = { status: "COMPLETE", description: "The scan was completed successfully." };
    expect(await ecr.scans.status("app", v1)).toMatchObject(complete);
    const found = await ecr.scans.findings("app", v1);
    expect(found).toMatchObject({ ...complete, imageId: { imageDigest: digest }, stale: false });
    expect(found.findings).toHaveLength(1_201);
    expect(new Set(found.findings.map(({ name }) => name)).size).toBe(1_201);
    expect(found.severityCounts).toEqual({
      CRITICAL: 0,
      HIGH: 1,
      MEDIUM: 0,
      LOW: 1_200,
      INFORMATIONAL: 0,
      UNDEFINED: 0,
    });
    expect(found.findings[0]).toMatchObject({
      ...{ source: "basic", name: "CVE-2022-0778", severity: "HIGH", score: 7.5 },
      ...{ package: "openssl", version: "1.1.1k", fixedIn: undefined, uri: "https://example.com/CVE-2022-0778" },
    });
  });

  it("of the enhanced kind have the same shape, and are not started by hand", async () => {
    const { ecr, local } = await started(open, [openssl]);
    await ecr.call("PutRegistryScanningConfiguration", { scanType: "ENHANCED" });
    expect(await rejection(ecr.scans.start("app", v1))).toMatchObject({ kind: "ScanUnsupported" });
    await local.time.advance("2s");
    const found = await ecr.scans.findings("app", { imageDigest: digest });
    expect(found.status).toBe("ACTIVE");
    expect(found.findings).toMatchObject([
      {
        ...{ source: "enhanced", name: "CVE-2022-0778", severity: "HIGH", score: 7.5 },
        ...{ package: "openssl", version: "1.1.1k", fixedIn: "1.1.1n", uri: "https://example.com/CVE-2022-0778" },
        raw: { fixAvailable: "YES" },
      },
    ]);
  });
});

describe("a scan", () => {
  it("of an image that was scanned today is refused with what that means", async () => {
    const { ecr, local } = await started();
    await ecr.scans.start("app", v1);
    await local.time.advance("2s");
    const error = await rejection(ecr.scans.start("app", v1));
    expect(error).toMatchObject({ kind: "LimitExceeded", category: "terminal", attempts: 1 });
    expect(String(error)).toContain("once in 24 hours");
  });

  it("of an index is refused", async () => {
    const { ecr } = await started();
    const imageManifest = indexManifest([{ digest, manifest: bareManifest(1) }]);
    await ecr.images.putTag("app", { imageManifest }, "all");
    expect(await rejection(ecr.scans.start("app", { imageTag: "all" }))).toMatchObject({ kind: "ScanUnsupported" });
  });

  it("of an image that does not exist is ImageNotFound", async () => {
    const { ecr } = await started();
    expect(await rejection(ecr.scans.start("app", { imageTag: "none" }))).toMatchObject({ kind: "ImageNotFound" });
    expect(await rejection(ecr.scans.findings("app", { imageTag: "none" }))).toMatchObject({ kind: "ImageNotFound" });
  });
});
