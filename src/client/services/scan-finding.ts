import type { FindingSeverity } from "../../protocol/ecr/enums.js";
import type { EnhancedImageScanFinding, ImageScanFinding, VulnerablePackage } from "../../protocol/ecr/scanning.js";

/** A package that a finding is about. */
export interface FindingPackage {
  readonly name: string;
  /** As installed, with epoch and release where there are any: `1:1.1.1k-7.el8`. */
  readonly version: string | undefined;
  /** The first version without the vulnerability; undefined when there is none, or the scanner does not tell. */
  readonly fixedIn: string | undefined;
}

interface FindingFacts {
  /** The vulnerability's id, such as `CVE-2021-44228`. */
  readonly name: string;
  /** `UNDEFINED` where nobody has judged it yet. */
  readonly severity: FindingSeverity;
  /** From 0 to 10: what Inspector says, or the CVSS score, the newest version of CVSS that there is. */
  readonly score: number | undefined;
  /** Name of the first of `packages`. */
  readonly package: string | undefined;
  /** Version of the first of `packages`. */
  readonly version: string | undefined;
  /** Where the first of `packages` is fixed. A basic scan does not tell. */
  readonly fixedIn: string | undefined;
  /** All packages that it is about; of a basic scan never more than one. */
  readonly packages: readonly FindingPackage[];
  readonly description: string | undefined;
  /** Where to read about it. */
  readonly uri: string | undefined;
}

/** A vulnerability of an image: of a basic and of an enhanced scan in one shape. `raw` is what ECR answered. */
export type Finding = FindingFacts &
  (
    | { readonly source: "basic"; readonly raw: ImageScanFinding }
    | { readonly source: "enhanced"; readonly raw: EnhancedImageScanFinding }
  );

/** How many findings there are of each severity. */
export type SeverityCounts = Readonly<Record<FindingSeverity, number>>;

const NO_FINDINGS: SeverityCounts = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0, UNDEFINED: 0 };

/** Keys of a basic finding's attributes that hold a score, the newest first. observed: CVSS2 and CVSS3; CVSS4 assumed. */
const SCORES = ["CVSS4_SCORE", "CVSS3_SCORE", "CVSS2_SCORE"];

/** A finding of a basic scan. Keys of attributes are observed. */
export function basicFinding(raw: ImageScanFinding): Finding {
  const attributes = new Map(raw.attributes?.map(({ key, value }) => [key, value]));
  const score = SCORES.map((key) => Number.parseFloat(attributes.get(key) ?? "")).find((value) => !Number.isNaN(value));
  const name = attributes.get("package_name");
  const packages = name === undefined ? [] : [{ name, version: attributes.get("package_version"), fixedIn: undefined }];
  return {
    ...{ name: raw.name ?? "", severity: severityOf(raw.severity), score, ...firstOf(packages), packages },
    ...{ description: raw.description, uri: raw.uri, source: "basic", raw },
  };
}

/** A finding of an enhanced scan. */
export function enhancedFinding(raw: EnhancedImageScanFinding): Finding {
  const details = raw.packageVulnerabilityDetails ?? {};
  const packages = details.vulnerablePackages?.map(findingPackage) ?? [];
  return {
    name: details.vulnerabilityId ?? raw.title ?? "",
    severity: severityOf(raw.severity),
    score: raw.score ?? raw.scoreDetails?.cvss?.score ?? details.cvss?.[0]?.baseScore,
    ...firstOf(packages),
    packages,
    description: raw.description,
    uri: details.sourceUrl ?? details.referenceUrls?.[0],
    source: "enhanced",
    raw,
  };
}

/** The service's counts, which are of all findings; where it gives none, those of the findings at hand. */
export function severityCounts(
  told: Readonly<Record<string, number>> | undefined,
  findings: readonly Finding[],
): SeverityCounts {
  const counts = { ...NO_FINDINGS };
  if (told === undefined) for (const { severity } of findings) counts[severity]++;
  else for (const [severity, count] of Object.entries(told)) counts[severityOf(severity)] += count;
  return counts;
}

/** Inspector's UNTRIAGED, and what ECR may come to say, is `UNDEFINED`: nobody has judged it. */
const severityOf = (severity: string | undefined): FindingSeverity =>
  severity !== undefined && isSeverity(severity) ? severity : "UNDEFINED";

const isSeverity = (severity: string): severity is FindingSeverity => Object.hasOwn(NO_FINDINGS, severity);

const firstOf = ([first]: readonly FindingPackage[]): Pick<FindingFacts, "package" | "version" | "fixedIn"> => ({
  package: first?.name,
  version: first?.version,
  fixedIn: first?.fixedIn,
});

function findingPackage({ name, version, epoch, release, fixedInVersion }: VulnerablePackage): FindingPackage {
  const withRelease = release ? `${version}-${release}` : version;
  return {
    name: name ?? "",
    version: version !== undefined && epoch ? `${epoch}:${withRelease}` : withRelease,
    // observed: Inspector writes this where there is no fix.
    fixedIn: fixedInVersion === "NotAvailable" ? undefined : fixedInVersion,
  };
}
