import type { FindingSeverity } from "../../protocol/ecr/enums.js";
import type { CvssScore } from "../../protocol/ecr/scanning.js";
import type { Finding } from "./finding.js";
import { digestIn, number, object, objects, type ReportObject, text, texts } from "./report-members.js";

const SEVERITIES: Readonly<Record<string, FindingSeverity>> = {
  critical: "CRITICAL",
  high: "HIGH",
  medium: "MEDIUM",
  low: "LOW",
  negligible: "INFORMATIONAL",
};

/** Inspector's names of package managers by Grype's types of artifacts. documented: Inspector API, VulnerablePackage. */
const PACKAGE_MANAGERS: Readonly<Record<string, string>> = {
  apk: "OS",
  deb: "OS",
  dotnet: "DOTNET_CORE",
  gem: "GEMSPEC",
  "go-module": "GOBINARY",
  "java-archive": "JAR",
  npm: "NODEPKG",
  "php-composer": "COMPOSER",
  python: "PYTHONPKG",
  rpm: "OS",
  "rust-crate": "CARGO",
};

/** Whether this is what `grype --output json` writes. */
export const isGrypeReport = (report: ReportObject): boolean => "matches" in report;

export function grypeDigest(report: ReportObject): string | undefined {
  const target = object(object(report, "source"), "target");
  // The manifest's digest is computed from what was scanned, which differs from the pushed one unless it came out of a registry.
  return digestIn(texts(target, "repoDigests")) ?? digestIn([text(target, "manifestDigest") ?? ""]);
}

/** One finding for each match. */
export const grypeFindings = (report: ReportObject): readonly Finding[] =>
  objects(report, "matches").flatMap((match) => findingOf(match) ?? []);

function findingOf(match: ReportObject): Finding | undefined {
  const vulnerability = object(match, "vulnerability");
  const artifact = object(match, "artifact");
  const name = text(vulnerability, "id");
  if (name === undefined) return undefined;
  const related = objects(match, "relatedVulnerabilities");
  const severity = text(vulnerability, "severity");
  const [location = {}] = objects(artifact, "locations");
  return {
    name,
    severity: SEVERITIES[severity?.toLowerCase() ?? ""] ?? "UNDEFINED",
    description: [vulnerability, ...related].map((one) => text(one, "description")).find(Boolean),
    uri: text(vulnerability, "dataSource"),
    packages: [
      {
        name: text(artifact, "name"),
        version: text(artifact, "version"),
        fixedInVersion: texts(object(vulnerability, "fix"), "versions")[0],
        packageManager: PACKAGE_MANAGERS[text(artifact, "type") ?? ""],
        filePath: text(location, "path"),
        sourceLayerHash: text(location, "layerID"),
      },
    ],
    cvss: [vulnerability, ...related].flatMap((one) => objects(one, "cvss").map(scoreOf)),
    source: text(vulnerability, "namespace"),
    vendorSeverity: severity,
    referenceUrls: texts(vulnerability, "urls"),
    relatedVulnerabilities: [...new Set(related.flatMap((one) => text(one, "id") ?? []))].filter((id) => id !== name),
    exploitAvailable: objects(vulnerability, "knownExploited").length > 0 ? true : undefined,
  };
}

const scoreOf = (cvss: ReportObject): CvssScore => ({
  baseScore: number(object(cvss, "metrics"), "baseScore"),
  scoringVector: text(cvss, "vector"),
  source: text(cvss, "source"),
  version: text(cvss, "version"),
});
