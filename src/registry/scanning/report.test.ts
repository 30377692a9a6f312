import { describe, expect, it } from "vitest";
import { bareManifest, testRegistry } from "../../../test/fixtures/local-registry.js";
import { isEcrError } from "../../errors.js";
import { loadReport } from "./report.js";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const LAYER = `sha256:${"cd".repeat(32)}`;

const trivyVulnerability = (PkgName: string, FixedVersion?: string) => ({
  VulnerabilityID: "CVE-2023-0286",
  PkgName,
  InstalledVersion: "3.0.7-r0",
  FixedVersion,
  Layer: { Digest: LAYER, DiffID: "sha256:00" },
  SeveritySource: "nvd",
  PrimaryURL: "https://avd.aquasec.com/nvd/cve-2023-0286",
  DataSource: { ID: "alpine", Name: "Alpine Secdb" },
  Title: "X.400 address type confusion",
  Description: "A type confusion.",
  Severity: "HIGH",
  CVSS: {
    ghsa: { V3Vector: "CVSS:3.0/AV:L", V3Score: 5 },
    nvd: { V2Vector: "AV:N", V3Vector: "CVSS:3.1/AV:N", V2Score: 6, V3Score: 7.4 },
  },
  References: ["https://www.openssl.org"],
  PublishedDate: "2023-02-08T20:15:24.267Z",
  LastModifiedDate: "2024-02-04T09:15:09.113Z",
});

const trivy = {
  SchemaVersion: 2,
  ArtifactName: "app:v1",
  Metadata: { RepoDigests: [`localhost:4580/app@${DIGEST}`] },
  Results: [
    {
      Target: "app:v1 (alpine 3.17.1)",
      Class: "os-pkgs",
      Type: "alpine",
      Vulnerabilities: [trivyVulnerability("libcrypto3", "3.0.8-r0"), trivyVulnerability("libssl3")],
    },
    {
      Target: "Node.js",
      Class: "lang-pkgs",
      Type: "node-pkg",
      Vulnerabilities: [{ VulnerabilityID: "GHSA-1", PkgName: "x", InstalledVersion: "1", Severity: "UNKNOWN" }],
    },
    { Target: "Python", Class: "lang-pkgs", Type: "python-pkg" },
  ],
};

const grype = {
  matches: [
    {
      vulnerability: {
        id: "GHSA-35jh-r3h4-6jhm",
        dataSource: "https://github.com/advisories/GHSA-35jh-r3h4-6jhm",
        namespace: "github:language:javascript",
        severity: "High",
        urls: ["https://github.com/advisories/GHSA-35jh-r3h4-6jhm"],
        cvss: [],
        fix: { versions: ["4.17.21"], state: "fixed" },
      },
      relatedVulnerabilities: [
        {
          id: "CVE-2021-23337",
          description: "Command injection in lodash.",
          cvss: [{ source: "nvd@nist.gov", version: "3.1", vector: "CVSS:3.1/AV:N", metrics: { baseScore: 7.2 } }],
        },
      ],
      artifact: {
        name: "lodash",
        version: "4.17.20",
        type: "npm",
        locations: [{ path: "/app/package.json", layerID: LAYER }],
      },
    },
    {
      vulnerability: { id: "CVE-2011-3374", severity: "Negligible", fix: { versions: [], state: "not-fixed" } },
      artifact: { name: "apt", version: "2.2.4", type: "deb" },
    },
  ],
  source: { type: "image", target: { userInput: "app:v1", manifestDigest: LAYER, repoDigests: [`app@${DIGEST}`] } },
};

describe("a report of Trivy", () => {
  it("gives one finding for each vulnerability, with every package that has it and the digest it is of", () => {
    expect(loadReport(JSON.stringify(trivy))).toEqual({
      digest: DIGEST,
      findings: [
        {
          name: "CVE-2023-0286",
          severity: "HIGH",
          description: "A type confusion.",
          uri: "https://avd.aquasec.com/nvd/cve-2023-0286",
          packages: [
            {
              name: "libcrypto3",
              version: "3.0.7-r0",
              fixedInVersion: "3.0.8-r0",
              packageManager: "OS",
              sourceLayerHash: LAYER,
            },
            { name: "libssl3", version: "3.0.7-r0", packageManager: "OS", sourceLayerHash: LAYER },
          ],
          cvss: [
            { baseScore: 7.4, scoringVector: "CVSS:3.1/AV:N", source: "NVD", version: "3.1" },
            { baseScore: 6, scoringVector: "AV:N", source: "NVD", version: "2.0" },
            { baseScore: 5, scoringVector: "CVSS:3.0/AV:L", source: "GHSA", version: "3.0" },
          ],
          source: "Alpine Secdb",
          vendorSeverity: "HIGH",
          referenceUrls: ["https://www.openssl.org"],
          publishedAtMs: Date.parse("2023-02-08T20:15:24.267Z"),
          updatedAtMs: Date.parse("2024-02-04T09:15:09.113Z"),
        },
        {
          name: "GHSA-1",
          severity: "UNDEFINED",
          packages: [{ name: "x", version: "1", packageManager: "NODEPKG" }],
          cvss: [],
          vendorSeverity: "UNKNOWN",
          referenceUrls: [],
        },
      ],
    });
  });
});

describe("a report of Grype", () => {
  it("gives one finding for each vulnerability, with the scores and the ids of related ones", () => {
    expect(loadReport(grype)).toEqual({
      digest: DIGEST,
      findings: [
        {
          name: "GHSA-35jh-r3h4-6jhm",
          severity: "HIGH",
          description: "Command injection in lodash.",
          uri: "https://github.com/advisories/GHSA-35jh-r3h4-6jhm",
          packages: [
            {
              name: "lodash",
              version: "4.17.20",
              fixedInVersion: "4.17.21",
              packageManager: "NODEPKG",
              filePath: "/app/package.json",
              sourceLayerHash: LAYER,
            },
          ],
          cvss: [{ baseScore: 7.2, scoringVector: "CVSS:3.1/AV:N", source: "nvd@nist.gov", version: "3.1" }],
          source: "github:language:javascript",
          vendorSeverity: "High",
          referenceUrls: ["https://github.com/advisories/GHSA-35jh-r3h4-6jhm"],
          relatedVulnerabilities: ["CVE-2021-23337"],
        },
        {
          name: "CVE-2011-3374",
          severity: "INFORMATIONAL",
          packages: [{ name: "apt", version: "2.2.4", packageManager: "OS" }],
          cvss: [],
          vendorSeverity: "Negligible",
          referenceUrls: [],
          relatedVulnerabilities: [],
        },
      ],
    });
  });
});

describe("a report that is none", () => {
  it("is refused, and one that is damaged in places is read as far as it goes", () => {
    for (const report of ["", "[]", "{}", null, 5, ["matches"]]) {
      const error = catching(() => loadReport(report));
      expect(isEcrError(error, "InvalidParameter"), JSON.stringify(report)).toBe(true);
    }
    expect(loadReport({ matches: [5, null, { vulnerability: "x" }] })).toEqual({ findings: [] });
    expect(loadReport({ SchemaVersion: 2, Results: [{ Vulnerabilities: null }], Metadata: [] }).findings).toEqual([]);
  });
});

describe("a report that is loaded for a digest", () => {
  it("is what scans of that digest find, at once where they are continuous", async () => {
    const { call, registry, time } = testRegistry({ layers: "unchecked", scanning: { scanner: () => [] } });
    await call("CreateRepository", { repositoryName: "app" });
    const { image } = await call("PutImage", { repositoryName: "app", imageManifest: bareManifest(1), imageTag: "v1" });
    const { imageDigest } = image.imageId;
    const imageOf = { repositoryName: "app", imageId: { imageTag: "v1" } };
    const counts = async () =>
      (await call("DescribeImageScanFindings", imageOf)).imageScanFindings.findingSeverityCounts;
    expect(await registry.loadScanReport(trivy, imageDigest)).toBe(imageDigest);
    await call("StartImageScan", imageOf);
    await time.advance("2s");
    expect(await counts()).toEqual({ HIGH: 2, UNDEFINED: 1 });
    await call("PutRegistryScanningConfiguration", { scanType: "ENHANCED" });
    await time.advance("2s");
    expect(await counts()).toEqual({ HIGH: 1, UNDEFINED: 1 });
    await registry.loadScanReport(grype, imageDigest);
    expect(await counts()).toEqual({ HIGH: 1, INFORMATIONAL: 1 });
  });

  it("goes by the digest in the report, and is refused when there is none", async () => {
    const { registry } = testRegistry();
    expect(await registry.loadScanReport(JSON.stringify(grype))).toBe(DIGEST);
    await expect(registry.loadScanReport({ matches: [] })).rejects.toThrow(
      "the report does not say which digest it is of: give the digest of the image's manifest with it",
    );
    await expect(registry.loadScanReport({ matches: [] }, "v1")).rejects.toThrow('got "v1"');
  });
});

function catching(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
