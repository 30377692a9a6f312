import { describe, expect, it } from "vitest";
import {
  bareManifest,
  caller,
  imageManifest,
  indexManifest,
  refusal,
  type TestRegistry,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";
import type { Finding } from "../scanning/finding.js";
import type { ScanStep } from "../scanning/progression.js";
import type { Scanner, ScanningOptions } from "../scanning/scanner.js";

const START_MS = Date.parse("2026-01-01T00:00:00Z");

const finding = (name: string, severity: Finding["severity"], ...packages: readonly string[]): Finding => ({
  name,
  severity,
  description: `about ${name}`,
  uri: `https://example.com/${name}`,
  packages: packages.map((one) => ({ name: one, version: "1.0" })),
});

/** A registry with the repository "app" and one image in it. */
async function scanned(scanning: ScanningOptions = {}, scanOnPush = false) {
  const local = testRegistry({ layers: "unchecked", scanning });
  await local.call("CreateRepository", { repositoryName: "app", imageScanningConfiguration: { scanOnPush } });
  const digest = await push(local, "v1");
  const image = { repositoryName: "app", imageId: { imageDigest: digest } };
  const findings = (page = {}) => local.call("DescribeImageScanFindings", { ...image, ...page });
  const status = async () => (await findings()).imageScanStatus.status;
  const start = () => local.call("StartImageScan", image);
  return { ...local, digest, imageOf: image, findings, status, start };
}

async function push(
  { call }: TestRegistry,
  imageTag: string,
  repositoryName = "app",
  manifest = bareManifest(imageTag),
) {
  const put = await call("PutImage", { repositoryName, imageTag, imageManifest: manifest });
  return put.image.imageId.imageDigest;
}

const TWO = [finding("CVE-1", "LOW", "zlib"), finding("CVE-2", "CRITICAL", "openssl", "libssl")];

describe("a basic scan", () => {
  it("is in progress until its time has passed, then complete with its findings, the worst first", async () => {
    const { time, start, findings, digest, call } = await scanned({ scanner: () => TWO, duration: "10s" });
    expect(await call("StartImageScan", { repositoryName: "app", imageId: { imageTag: "v1" } })).toEqual({
      registryId: caller.account,
      repositoryName: "app",
      imageId: { imageDigest: digest, imageTag: "v1" },
      imageScanStatus: { status: "IN_PROGRESS" },
    });
    await time.advance("9999ms");
    expect(await findings()).toEqual({
      registryId: caller.account,
      repositoryName: "app",
      imageId: { imageDigest: digest },
      imageScanStatus: { status: "IN_PROGRESS" },
    });
    await time.advance("1ms");
    const completed = (START_MS + 10_000) / 1000;
    expect(await findings()).toMatchObject({
      imageScanStatus: { status: "COMPLETE", description: "The scan was completed successfully." },
      imageScanFindings: {
        imageScanCompletedAt: completed,
        vulnerabilitySourceUpdatedAt: completed,
        findingSeverityCounts: { CRITICAL: 2, LOW: 1 },
        findings: [
          {
            name: "CVE-2",
            severity: "CRITICAL",
            attributes: [
              { key: "package_name", value: "openssl" },
              { key: "package_version", value: "1.0" },
            ],
          },
          {
            name: "CVE-2",
            severity: "CRITICAL",
            attributes: [
              { key: "package_name", value: "libssl" },
              { key: "package_version", value: "1.0" },
            ],
          },
          { name: "CVE-1", severity: "LOW", description: "about CVE-1", uri: "https://example.com/CVE-1" },
        ],
      },
    });
    expect((await refusal(start())).code).toBe("LimitExceededException");
  });

  it("that finds nothing is complete with no findings and no counts", async () => {
    const { time, start, findings } = await scanned({ scanner: () => [] });
    await start();
    await time.advance("1m");
    expect((await findings()).imageScanFindings).toMatchObject({ findings: [], findingSeverityCounts: {} });
  });

  it("gives its findings a page at a time and counts all of them on every page", async () => {
    const many = Array.from({ length: 250 }, (_, index) => finding(`CVE-${index}`, "HIGH", "zlib"));
    const { time, start, findings } = await scanned({ scanner: () => many });
    await start();
    await time.advance("1m");
    const names: string[] = [];
    const sizes: number[] = [];
    let nextToken: string | undefined;
    do {
      const page = await findings({ nextToken });
      nextToken = page.nextToken;
      sizes.push(page.imageScanFindings.findings.length);
      names.push(...page.imageScanFindings.findings.map(({ name }: Finding) => name));
      expect(page.imageScanFindings.findingSeverityCounts).toEqual({ HIGH: 250 });
    } while (nextToken !== undefined);
    expect(sizes).toEqual([100, 100, 50]);
    expect(names).toEqual(many.map(({ name }) => name));
    expect((await refusal(findings({ nextToken: "made up" }))).code).toBe("InvalidParameterException");
    expect((await findings({ maxResults: 1000 })).nextToken).toBeUndefined();
  });

  it("can be had once in any 24 hours, a scan on push included", async () => {
    const { time, start, status } = await scanned({}, true);
    expect(await status()).toBe("IN_PROGRESS");
    expect(await refusal(start())).toMatchObject({
      code: "LimitExceededException",
      message: "The scan quota per image has been exceeded. Wait and try again.",
    });
    await time.advance(24 * 3_600_000 - 1);
    expect((await refusal(start())).code).toBe("LimitExceededException");
    await time.advance(1);
    expect((await start()).imageScanStatus.status).toBe("IN_PROGRESS");
  });

  it("is not repeated by another tag of the same image", async () => {
    const { time, status, call, digest } = await scanned({}, true);
    await time.advance("1m");
    expect(await status()).toBe("COMPLETE");
    expect(await push({ call } as TestRegistry, "v2", "app", bareManifest("v1"))).toBe(digest);
    expect(await status()).toBe("COMPLETE");
  });

  it("is gone with its image, and what was still to come of it does not touch the next one", async () => {
    const { time, status, call, imageOf, digest, registry, findings } = await scanned({ duration: "1m" }, true);
    await call("BatchDeleteImage", { repositoryName: "app", imageIds: [{ imageDigest: digest }] });
    expect((await refusal(findings())).code).toBe("ImageNotFoundException");
    await time.advance("30s");
    await push({ call } as TestRegistry, "v1");
    await time.advance("30s");
    expect(await status()).toBe("IN_PROGRESS");
    await time.advance("30s");
    expect(await status()).toBe("COMPLETE");
    await call("DeleteRepository", { repositoryName: "app", force: true });
    await call("CreateRepository", { repositoryName: "app" });
    await push({ call } as TestRegistry, "v1");
    expect((await refusal(call("DescribeImageScanFindings", imageOf))).code).toBe("ScanNotFoundException");
    expect(registry.time.now()).toBe(START_MS + 90_000);
  });

  it("whose scanner throws has failed, and the registry goes on", async () => {
    const scanner = () => {
      throw new Error("no database");
    };
    const { time, start, findings } = await scanned({ scanner });
    await start();
    await time.advance("1m");
    const answer = await findings();
    expect(answer.imageScanStatus).toEqual({ status: "FAILED", description: "The scanner failed: no database" });
    expect(answer.imageScanFindings).toBeUndefined();
  });
});

describe("a scanner that answers later", () => {
  it("fails its scans with a word on why", async () => {
    const later = (async () => []) as unknown as Scanner;
    const { time, start, findings } = await scanned({ scanner: later });
    await start();
    await time.advance("1m");
    expect((await findings()).imageScanStatus).toEqual({
      status: "FAILED",
      description: "The scanner failed: what it returned must be a list of findings, and no promise of one",
    });
  });
});

describe("an enhanced scan", () => {
  const everything = { scanType: "ENHANCED", rules: [] } as const;

  it("is pending, then active, with findings in Inspector's shape", async () => {
    const cvss = [{ baseScore: 9.8, scoringVector: "CVSS:3.1/AV:N", source: "NVD", version: "3.1" }];
    const found: Finding = {
      ...finding("CVE-2", "CRITICAL"),
      packages: [
        { name: "openssl", version: "1", fixedInVersion: "2", packageManager: "OS" },
        { name: "libssl", version: "1" },
      ],
      cvss,
      source: "NVD",
      publishedAtMs: START_MS,
    };
    const { call, time, digest } = await scanned({
      scanner: () => [finding("CVE-3", "UNDEFINED"), found],
      duration: "5s",
    });
    await call("PutRegistryScanningConfiguration", everything);
    const describe = () => call("DescribeImageScanFindings", { repositoryName: "app", imageId: { imageTag: "v1" } });
    expect(await describe()).toMatchObject({ imageScanStatus: { status: "PENDING" } });
    await time.advance("5s");
    const { imageScanStatus, imageScanFindings } = await describe();
    expect(imageScanStatus).toEqual({ status: "ACTIVE", description: "Continuous scan is selected for image." });
    expect(imageScanFindings.findings).toBeUndefined();
    expect(imageScanFindings.findingSeverityCounts).toEqual({ CRITICAL: 1, UNDEFINED: 1 });
    const [first, second] = imageScanFindings.enhancedFindings;
    expect(first).toEqual({
      awsAccountId: caller.account,
      description: "about CVE-2",
      findingArn: expect.stringMatching(/^arn:aws:inspector2:us-east-1:000000000000:finding\/[0-9a-f]{32}$/),
      firstObservedAt: START_MS / 1000 + 5,
      lastObservedAt: START_MS / 1000 + 5,
      updatedAt: START_MS / 1000 + 5,
      packageVulnerabilityDetails: {
        vulnerabilityId: "CVE-2",
        source: "NVD",
        sourceUrl: "https://example.com/CVE-2",
        vendorCreatedAt: START_MS / 1000,
        referenceUrls: [],
        relatedVulnerabilities: [],
        cvss,
        vulnerablePackages: found.packages,
      },
      remediation: { recommendation: { text: "None Provided" } },
      resources: [
        {
          id: `arn:aws:ecr:us-east-1:000000000000:repository/app/${digest}`,
          type: "AWS_ECR_CONTAINER_IMAGE",
          tags: {},
          details: {
            awsEcrContainerImage: {
              imageHash: digest,
              imageTags: ["v1"],
              pushedAt: START_MS / 1000,
              inUseCount: 0,
              registry: caller.account,
              repositoryName: "app",
            },
          },
        },
      ],
      score: 9.8,
      scoreDetails: {
        cvss: { score: 9.8, scoreSource: "NVD", scoringVector: "CVSS:3.1/AV:N", version: "3.1", adjustments: [] },
      },
      severity: "CRITICAL",
      status: "ACTIVE",
      title: "CVE-2 - openssl, libssl",
      type: "PACKAGE_VULNERABILITY",
      fixAvailable: "PARTIAL",
    });
    expect(second).toMatchObject({ title: "CVE-3", severity: "UNTRIAGED", fixAvailable: "NO" });
  });

  it("cannot be started by hand", async () => {
    const { call, start } = await scanned();
    await call("PutRegistryScanningConfiguration", everything);
    expect(await refusal(start())).toMatchObject({ code: "ValidationException", message: "This feature is disabled" });
  });

  it("covers what is pushed later, and leaves basic scans to the time when the registry is basic again", async () => {
    const local = await scanned({ duration: 0 });
    await local.start();
    await local.call("PutRegistryScanningConfiguration", everything);
    const digest = await push(local, "v2");
    const imageOf = { repositoryName: "app", imageId: { imageDigest: digest } };
    expect((await local.call("DescribeImageScanFindings", imageOf)).imageScanStatus.status).toBe("ACTIVE");
    await local.call("PutRegistryScanningConfiguration", { scanType: "BASIC" });
    expect((await refusal(local.call("DescribeImageScanFindings", imageOf))).code).toBe("ScanNotFoundException");
    expect(await local.status()).toBe("COMPLETE");
  });
});

describe("a scripted progression", () => {
  it("goes through any states at its times, and findings may come late", async () => {
    const { time, start, findings } = await scanned({
      progressions: [
        {
          repository: "a*",
          steps: [
            { status: "IN_PROGRESS" },
            { after: "10s", status: "COMPLETE", findings: "none" },
            { after: "1m", status: "COMPLETE", findings: TWO },
            { after: "1h", status: "FAILED" },
          ],
        },
      ],
    });
    await start();
    const seen = async () => {
      const { imageScanStatus, imageScanFindings } = await findings();
      return [imageScanStatus.status, imageScanFindings?.findingSeverityCounts];
    };
    expect(await seen()).toEqual(["IN_PROGRESS", undefined]);
    await time.advance("10s");
    expect(await seen()).toEqual(["COMPLETE", undefined]);
    await time.advance("50s");
    expect(await seen()).toEqual(["COMPLETE", { CRITICAL: 2, LOW: 1 }]);
    await time.advance("59m");
    expect(await seen()).toEqual(["FAILED", undefined]);
    expect((await findings()).imageScanStatus.description).toMatch(/^UnsupportedImageError/);
  });

  it("is chosen by repository, tag, digest and type, the first that matches", async () => {
    const unsupported = { tag: "v1", steps: [{ status: "UNSUPPORTED_IMAGE" }] } as const;
    const other = { repository: "other", steps: [{ status: "FAILED" }] } as const;
    const enhanced = { scanType: "ENHANCED", steps: [{ status: "FINDINGS_UNAVAILABLE" }] } as const;
    const { start, status, call } = await scanned({
      progressions: [other, enhanced, { digest: "sha256:0*", tag: "none", steps: [{ status: "FAILED" }] }, unsupported],
    });
    expect((await start()).imageScanStatus.status).toBe("UNSUPPORTED_IMAGE");
    await call("PutRegistryScanningConfiguration", { scanType: "ENHANCED" });
    expect(await status()).toBe("FINDINGS_UNAVAILABLE");
  });

  it("keeps the time at which a finding was first seen, and a state may take the findings away", async () => {
    const [one, two] = TWO;
    const { time, findings, call } = await scanned({
      progressions: [
        {
          steps: [
            { status: "ACTIVE", findings: one ? [one] : [] },
            { after: "1d", status: "ACTIVE", findings: TWO },
            { after: "2d", status: "SCAN_ELIGIBILITY_EXPIRED" },
          ],
        },
      ],
    });
    await call("PutRegistryScanningConfiguration", { scanType: "ENHANCED" });
    await time.advance("1d");
    const firstSeen = Object.fromEntries(
      (await findings()).imageScanFindings.enhancedFindings.map((f: { title: string; firstObservedAt: number }) => [
        f.title,
        f.firstObservedAt,
      ]),
    );
    expect(firstSeen).toEqual({ "CVE-1 - zlib": START_MS / 1000, "CVE-2 - openssl, libssl": START_MS / 1000 + 86_400 });
    expect(two?.name).toBe("CVE-2");
    await time.advance("1d");
    expect(await findings()).not.toHaveProperty("imageScanFindings");
  });
});

describe("what is refused", () => {
  it("a scan of what is not there", async () => {
    const { call, imageOf } = await scanned();
    for (const name of ["StartImageScan", "DescribeImageScanFindings"] as const) {
      const missing = { ...imageOf, repositoryName: "none" };
      expect((await refusal(call(name, missing))).code).toBe("RepositoryNotFoundException");
      const noImage = { repositoryName: "app", imageId: { imageTag: "none" } };
      expect((await refusal(call(name, noImage))).code).toBe("ImageNotFoundException");
      const neither = { repositoryName: "app", imageId: {} };
      expect((await refusal(call(name, neither))).code).toBe("InvalidParameterException");
    }
    const message = "An unknown repository has no flag.";
    const flag = { repositoryName: "none", imageScanningConfiguration: { scanOnPush: true } };
    expect((await refusal(call("PutImageScanningConfiguration", flag))).code, message).toBe(
      "RepositoryNotFoundException",
    );
  });

  it("findings before any scan", async () => {
    const { findings, digest } = await scanned();
    expect(await refusal(findings())).toMatchObject({
      code: "ScanNotFoundException",
      message: `Image scan does not exist for the image with '{imageDigest:'${digest}', imageTag:'null'}' in the repository with name 'app' in the registry with id '000000000000'`,
    });
  });

  it("a scan of an index or of an artifact, which a push does not scan either", async () => {
    const local = await scanned({}, true);
    const { call } = local;
    const index = indexManifest([{ digest: local.digest, manifest: bareManifest("v1") }]);
    const helm = bareManifest("chart").replace("oci.image.config.v1", "cncf.helm.config.v1");
    const sbom = imageManifest(Buffer.from("{}"), [Buffer.from("x")], { artifactType: "application/spdx+json" });
    const signature = bareManifest("signature").replace(
      "application/vnd.oci.image.layer.v1.tar+gzip",
      "application/vnd.dev.cosign.simplesigning.v1+json",
    );
    const types: string[] = [];
    for (const [tag, manifest] of Object.entries({ index, helm, sbom, signature })) {
      const imageId = { imageDigest: await push(local, tag, "app", manifest) };
      const { code, message } = await refusal(call("StartImageScan", { repositoryName: "app", imageId }));
      expect(code).toBe("UnsupportedImageTypeException");
      types.push(/'(.*)'/.exec(message)?.[1] ?? message);
      const describe = call("DescribeImageScanFindings", { repositoryName: "app", imageId });
      expect((await refusal(describe)).code).toBe("ScanNotFoundException");
    }
    expect(types).toEqual([
      "application/vnd.oci.image.index.v1+json",
      "application/vnd.cncf.helm.config.v1+json",
      "application/spdx+json",
      "application/vnd.dev.cosign.simplesigning.v1+json",
    ]);
  });

  it("a scan of an archived image, whose findings are put away with it", async () => {
    const { call, start, imageOf, findings, time } = await scanned({ scanner: () => TWO });
    await start();
    await time.advance("1d");
    await call("UpdateImageStorageClass", { ...imageOf, targetStorageClass: "ARCHIVE" });
    expect((await refusal(start())).code).toBe("ImageArchivedException");
    const archived = await findings();
    expect(archived.imageScanStatus.status).toBe("IMAGE_ARCHIVED");
    expect(archived).not.toHaveProperty("imageScanFindings");
    await call("UpdateImageStorageClass", { ...imageOf, targetStorageClass: "STANDARD" });
    await time.advance("20m");
    expect((await findings()).imageScanFindings.findings).toHaveLength(3);
  });

  it("a progression whose times do not follow one another, and a time that is none", () => {
    const making = (scanning: ScanningOptions) => () => testRegistry({ scanning });
    expect(making({ progressions: [{ steps: [] }] })).toThrow(
      "scanning.progressions[0].steps must have at least one step",
    );
    expect(making({ progressions: [{ steps: [{ after: 5, status: "ACTIVE" }] }] })).toThrow("must come at 0, got 5 ms");
    const back = [{ status: "ACTIVE" }, { after: 9, status: "ACTIVE" }, { after: 8, status: "ACTIVE" }] as const;
    expect(making({ progressions: [{ steps: back }] })).toThrow("got 8 ms after 9 ms");
    const odd = (step: object) => making({ progressions: [{ steps: [step as ScanStep] }] });
    expect(odd({ status: "DONE" })).toThrow(
      "scanning.progressions[0].steps[0].status must be one of IN_PROGRESS, COMPLETE,",
    );
    const severe = [{ name: "CVE-1", severity: "SEVERE", packages: [] }];
    expect(odd({ status: "ACTIVE", findings: severe })).toThrow(
      'scanning.progressions[0].steps[0].findings[0].severity must be one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED, got "SEVERE"',
    );
    expect(making({ duration: "soon" })).toThrow('got "soon"');
  });
});
