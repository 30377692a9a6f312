import { EcrError } from "../../errors.js";
import { isDigest } from "../../image/digest.js";
import type { State } from "../state.js";
import type { Finding } from "./finding.js";
import type { ScanReport } from "./report.js";
import { enterStep, type RunningScan } from "./scan-step.js";

/** The digest that a report is for: the one that is given, else its own. @throws {EcrError} InvalidParameter when there is none */
export function reportedDigest(report: ScanReport, given: string | undefined): string {
  const digest = given ?? report.digest;
  if (digest !== undefined && isDigest(digest)) return digest;
  throw new EcrError(
    digest === undefined
      ? "the report does not say which digest it is of: give the digest of the image's manifest with it"
      : `the digest of a report must be like sha256:…, got ${JSON.stringify(digest)}`,
    { kind: "InvalidParameter" },
  );
}

/** From now on a digest has these findings; images under enhanced scanning show them at once, others at their next scan. Only inside a transaction. */
export function putReport(state: State, digest: string, findings: readonly Finding[]): string {
  const { tables } = state;
  tables.scanReport.put([digest], findings);
  const repositories = Array.from(tables.repository.list([]), ([key]) => key);
  for (const [account = "", region = "", repositoryName = ""] of repositories) {
    const record = tables.scan.get(account, region, repositoryName, digest, "ENHANCED");
    if (record?.status !== "ACTIVE") continue;
    const { scanId, startedAtMs, status, description } = record;
    const scan: RunningScan = { account, region, repositoryName, digest, scanType: "ENHANCED", scanId, startedAtMs };
    enterStep(state, scan, { afterMs: 0, status, description, findings: "scanner" });
  }
  return digest;
}
