import { EcrError } from "../../errors.js";
import { type Finding, perVulnerability } from "./finding.js";
import { grypeDigest, grypeFindings, isGrypeReport } from "./grype-report.js";
import type { ReportObject } from "./report-members.js";
import { isTrivyReport, trivyDigest, trivyFindings } from "./trivy-report.js";

/** What a scanner's report says. */
export interface ScanReport {
  /** The digest that the image was scanned by, where the report names one. */
  readonly digest?: string | undefined;
  readonly findings: readonly Finding[];
}

/**
 * The findings of a report that Trivy (`--format json`) or Grype (`--output json`) wrote, as text or already parsed: one for each
 * vulnerability, with all packages that have it. Members that are not what they should be are taken as absent.
 *
 * @throws {EcrError} InvalidParameter when it is not JSON or not a report of one of the two
 */
export function loadReport(report: unknown): ScanReport {
  const read = typeof report === "string" ? parse(report) : report;
  if (typeof read === "object" && read !== null && !Array.isArray(read)) {
    const members = read as ReportObject;
    if (isGrypeReport(members))
      return { digest: grypeDigest(members), findings: perVulnerability(grypeFindings(members)) };
    if (isTrivyReport(members))
      return { digest: trivyDigest(members), findings: perVulnerability(trivyFindings(members)) };
  }
  throw new EcrError("this is no report of Trivy (with `Results`) or Grype (with `matches`) in JSON", {
    kind: "InvalidParameter",
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EcrError("a scan report must be JSON, which this text is not", { kind: "InvalidParameter", cause });
  }
}
