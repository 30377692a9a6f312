import type { FindingSeverity } from "../../protocol/ecr/enums.js";
import type { CvssScore, VulnerablePackage } from "../../protocol/ecr/scanning.js";

/** A vulnerability of an image and the packages that it is in: what a scanner gives, and what basic and enhanced findings are made of. */
export interface Finding {
  /** The vulnerability's id, such as `CVE-2021-44228`. */
  readonly name: string;
  readonly severity: FindingSeverity;
  readonly description?: string | undefined;
  /** Where to read about it. */
  readonly uri?: string | undefined;
  readonly packages: readonly VulnerablePackage[];
  /** The most telling first. */
  readonly cvss?: readonly CvssScore[] | undefined;
  /** Who says so, such as `NVD`. */
  readonly source?: string | undefined;
  readonly vendorSeverity?: string | undefined;
  readonly referenceUrls?: readonly string[] | undefined;
  /** Other ids of the same vulnerability. */
  readonly relatedVulnerabilities?: readonly string[] | undefined;
  readonly publishedAtMs?: number | undefined;
  readonly updatedAtMs?: number | undefined;
  readonly exploitAvailable?: boolean | undefined;
}

/** From the worst to what nobody has judged. */
const SEVERITIES: readonly FindingSeverity[] = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"];

/** @throws {RangeError} when findings from outside the type system are none: not a list, without packages, or of another severity */
export function requireFindings(findings: unknown, where: string): void {
  if (!Array.isArray(findings)) throw new RangeError(`${where} must be a list of findings, and no promise of one`);
  for (const [index, { severity, packages }] of findings.entries()) {
    if (!SEVERITIES.includes(severity))
      throw new RangeError(
        `${where}[${index}].severity must be one of ${SEVERITIES.join(", ")}, got ${JSON.stringify(severity)}`,
      );
    if (!Array.isArray(packages)) throw new RangeError(`${where}[${index}].packages must be a list`);
  }
}

/** The worst first, else in the order given (assumed: ECR's order is not documented). */
export const worstFirst = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));

/** How many there are of each severity; documented: one with none is left out. */
export function countBySeverity(findings: readonly Finding[]): Readonly<Record<string, number>> {
  const counts = SEVERITIES.map(
    (severity) => [severity, findings.filter((f) => f.severity === severity).length] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** One finding for each package, as a basic scan counts them. */
export const perPackage = (findings: readonly Finding[]): readonly Finding[] =>
  findings.flatMap((finding) =>
    finding.packages.length > 1 ? finding.packages.map((one) => ({ ...finding, packages: [one] })) : [finding],
  );

/** Findings of the same vulnerability made one, which has all their packages. */
export function perVulnerability(findings: readonly Finding[]): readonly Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of findings) {
    const known = merged.get(finding.name);
    merged.set(finding.name, known ? { ...known, packages: [...known.packages, ...finding.packages] } : finding);
  }
  return [...merged.values()];
}
