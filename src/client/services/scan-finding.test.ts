import { describe, expect, it } from "vitest";
import { basicFinding, enhancedFinding, severityCounts } from "./scan-finding.js";

describe("a finding", () => {
  it("of a basic scan has its package and the score of the newest CVSS that there is", () => {
    const raw = {
      name: "CVE-2022-0778",
      description: "an infinite loop",
      uri: "https://example.com/CVE-2022-0778",
      severity: "HIGH",
      attributes: [
        { key: "package_name", value: "openssl" },
        { key: "package_version", value: "1.1.1k" },
        { key: "CVSS2_SCORE", value: "5.0" },
        { key: "CVSS3_SCORE", value: "7.5" },
      ],
    } as const;
    expect(basicFinding(raw)).toEqual({
      name: "CVE-2022-0778",
      severity: "HIGH",
      score: 7.5,
      package: "openssl",
      version: "1.1.1k",
      fixedIn: undefined,
      packages: [{ name: "openssl", version: "1.1.1k", fixedIn: undefined }],
      description: "an infinite loop",
      uri: "https://example.com/CVE-2022-0778",
      source: "basic",
      raw,
    });
  });

  it("of an enhanced scan has every package, with epoch and release, and where it is fixed", () => {
    const raw = {
      description: "an infinite loop",
      severity: "HIGH",
      score: 7.1,
      title: "CVE-2022-0778 - openssl-libs, openssl",
      packageVulnerabilityDetails: {
        vulnerabilityId: "CVE-2022-0778",
        sourceUrl: "https://example.com/CVE-2022-0778",
        cvss: [{ baseScore: 7.5 }],
        vulnerablePackages: [
          { name: "openssl-libs", version: "1.1.1k", epoch: 1, release: "5.el8", fixedInVersion: "1:1.1.1k-6.el8" },
          { name: "openssl", version: "1.1.1k", epoch: 0, fixedInVersion: "NotAvailable" },
        ],
      },
    };
    expect(enhancedFinding(raw)).toEqual({
      name: "CVE-2022-0778",
      severity: "HIGH",
      score: 7.1,
      package: "openssl-libs",
      version: "1:1.1.1k-5.el8",
      fixedIn: "1:1.1.1k-6.el8",
      packages: [
        { name: "openssl-libs", version: "1:1.1.1k-5.el8", fixedIn: "1:1.1.1k-6.el8" },
        { name: "openssl", version: "1.1.1k", fixedIn: undefined },
      ],
      description: "an infinite loop",
      uri: "https://example.com/CVE-2022-0778",
      source: "enhanced",
      raw,
    });
  });

  it("has the CVSS score where Inspector gives none of its own", () => {
    expect(enhancedFinding({ scoreDetails: { cvss: { score: 6 } } }).score).toBe(6);
    expect(enhancedFinding({ packageVulnerabilityDetails: { cvss: [{ baseScore: 5 }] } }).score).toBe(5);
  });

  it("of which the service tells nothing is there all the same", () => {
    const nothing = { severity: "UNDEFINED", score: undefined, package: undefined, packages: [], uri: undefined };
    expect(basicFinding({})).toMatchObject({ name: "", ...nothing });
    expect(enhancedFinding({ title: "a finding" })).toMatchObject({ name: "a finding", ...nothing });
  });

  it.each(["UNTRIAGED", "NEVER_HEARD_OF", "constructor"])(
    "of severity %s is UNDEFINED: nobody has judged it",
    (word) => {
      expect(enhancedFinding({ severity: word }).severity).toBe("UNDEFINED");
    },
  );
});

describe("severity counts", () => {
  it("are the service's, with a zero for each severity that it leaves out", () => {
    expect(severityCounts({ HIGH: 3, UNTRIAGED: 1, UNDEFINED: 1 }, [basicFinding({ severity: "LOW" })])).toEqual({
      ...{ CRITICAL: 0, HIGH: 3, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0, UNDEFINED: 2 },
    });
  });

  it("are counted where the service gives none", () => {
    const findings = [basicFinding({ severity: "LOW" }), basicFinding({ severity: "LOW" }), basicFinding({})];
    expect(severityCounts(undefined, findings)).toEqual({
      ...{ CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 2, INFORMATIONAL: 0, UNDEFINED: 1 },
    });
  });
});
