import type { FindingSeverity } from "../../protocol/ecr/enums.js";
import type { CvssScore } from "../../protocol/ecr/scanning.js";
import type { Finding } from "./finding.js";
import { date, digestIn, number, object, objects, type ReportObject, text, texts } from "./report-members.js";

const SEVERITIES: Readonly<Record<string, FindingSeverity>> = {
  CRITICAL: "CRITICAL",
  HIGH: "HIGH",
  MEDIUM: "MEDIUM",
  LOW: "LOW",
};

/** Inspector's names of package managers by the types of Trivy's results. documented: Inspector API, VulnerablePackage. */
const PACKAGE_MANAGERS: Readonly<Record<string, string>> = {
  bundler: "BUNDLER",
  cargo: "CARGO",
  composer: "COMPOSER",
  "dotnet-core": "DOTNET_CORE",
  gemspec: "GEMSPEC",
  gobinary: "GOBINARY",
  gomod: "GOMOD",
  jar: "JAR",
  "node-pkg": "NODEPKG",
  npm: "NPM",
  nuget: "NUGET",
  pip: "PIP",
  pipenv: "PIPENV",
  poetry: "POETRY",
  pom: "POM",
  "python-pkg": "PYTHONPKG",
  yarn: "YARN",
};

/** Whether this is what `trivy image --format json` writes. */
export const isTrivyReport = (report: ReportObject): boolean => "Results" in report || "SchemaVersion" in report;

export const trivyDigest = (report: ReportObject): string | undefined =>
  digestIn(texts(object(report, "Metadata"), "RepoDigests"));

/** One finding for each vulnerability of each package. */
export const trivyFindings = (report: ReportObject): readonly Finding[] =>
  objects(report, "Results").flatMap((result) => {
    const type = text(result, "Type") ?? "";
    const packageManager = text(result, "Class") === "os-pkgs" ? "OS" : PACKAGE_MANAGERS[type];
    return objects(result, "Vulnerabilities").flatMap(
      (vulnerability) => findingOf(vulnerability, packageManager) ?? [],
    );
  });

function findingOf(vulnerability: ReportObject, packageManager: string | undefined): Finding | undefined {
  const name = text(vulnerability, "VulnerabilityID");
  if (name === undefined) return undefined;
  const severity = text(vulnerability, "Severity");
  return {
    name,
    severity: SEVERITIES[severity ?? ""] ?? "UNDEFINED",
    description: text(vulnerability, "Description") ?? text(vulnerability, "Title"),
    uri: text(vulnerability, "PrimaryURL"),
    packages: [
      {
        name: text(vulnerability, "PkgName"),
        version: text(vulnerability, "InstalledVersion"),
        fixedInVersion: text(vulnerability, "FixedVersion"),
        packageManager,
        filePath: text(vulnerability, "PkgPath"),
        sourceLayerHash: text(object(vulnerability, "Layer"), "Digest"),
      },
    ],
    cvss: scoresOf(object(vulnerability, "CVSS")),
    source: text(object(vulnerability, "DataSource"), "Name") ?? text(vulnerability, "SeveritySource"),
    vendorSeverity: severity,
    referenceUrls: texts(vulnerability, "References"),
    publishedAtMs: date(vulnerability, "PublishedDate"),
    updatedAtMs: date(vulnerability, "LastModifiedDate"),
  };
}

/** NVD's first, then by the names of the sources; of each source the third version before the others. */
function scoresOf(cvss: ReportObject): readonly CvssScore[] {
  const sources = Object.keys(cvss).toSorted((a, b) => Number(b === "nvd") - Number(a === "nvd") || (a < b ? -1 : 1));
  return sources.flatMap((source) => {
    const given = object(cvss, source);
    const score = (baseScore: number | undefined, scoringVector: string | undefined, version: string): CvssScore[] =>
      baseScore === undefined ? [] : [{ baseScore, scoringVector, source: source.toUpperCase(), version }];
    const v3 = text(given, "V3Vector");
    return [
      ...score(number(given, "V3Score"), v3, v3?.startsWith("CVSS:3.0") ? "3.0" : "3.1"),
      ...score(number(given, "V40Score"), text(given, "V40Vector"), "4.0"),
      ...score(number(given, "V2Score"), text(given, "V2Vector"), "2.0"),
    ];
  });
}
