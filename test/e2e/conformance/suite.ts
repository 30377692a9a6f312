import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEcrClient } from "../../../src/index.js";
import { account, region } from "../aws-environment.js";
import { run } from "../command.js";

/** Where `scripts/conformance.sh` puts the suite. */
export const suiteProgram: string = join(process.cwd(), ".clients/go/bin/conformance");

/** The version that `scripts/conformance.sh` pins. */
export const suiteVersion = (): string =>
  /conformance@(\S+)/.exec(readFileSync("scripts/conformance.sh", "utf8"))?.[1] ?? "unknown";

/** Checks that the suite leaves out unless it is told otherwise, although version 1.1 of the specification knows them. */
export const OPTIONS: Readonly<Record<string, string>> = {
  OCI_API_BLOBS_UPLOAD_CANCEL: "true",
  OCI_API_BLOBS_DIGEST_HEADER: "true",
  OCI_API_MANIFESTS_DIGEST_HEADER: "true",
};

/** One test of the suite and how it went. */
export interface ConformanceTest {
  /** Such as `sha256 blobs/stream/blob-patch-stream`. Several may have one name. */
  readonly name: string;
  readonly status: "passed" | "skipped" | "failure" | "error";
  /** The suite's reason for a skip, or what it expected. */
  readonly reason: string;
}

export interface ConformanceRun {
  readonly tests: readonly ConformanceTest[];
  /** The suite's own summary, without what is only of this machine. */
  readonly summary: string;
}

/** Runs the whole suite against a local ECR, in two repositories of their own. */
export async function runSuite(url: string): Promise<ConformanceRun> {
  const auth = { kind: "static", accessKeyId: account, secretAccessKey: "any" } as const;
  const ecr = createEcrClient({ region, endpoint: url, auth });
  for (const repositoryName of ["conformance/repo1", "conformance/repo2"])
    await ecr.call("CreateRepository", { repositoryName });
  const { username, password } = await ecr.auth.credentials();
  const results = mkdtempSync(join(tmpdir(), "ecrkit-conformance-"));
  try {
    const { PATH } = process.env;
    const { stdout, stderr } = await run(suiteProgram, [], {
      PATH,
      OCI_REGISTRY: new URL(url).host,
      OCI_TLS: "disabled",
      OCI_VERSION: "1.1",
      OCI_USERNAME: username,
      OCI_PASSWORD: password.reveal(),
      OCI_RESULTS_DIR: results,
      ...OPTIONS,
    });
    // It exits with 1 when a test failed, which is a result, and when it could not run, which is not.
    if (!stdout.includes("OCI Conformance Result:")) throw new Error(`the suite did not run\n${stderr}${stdout}`);
    return {
      tests: testsOf(readFileSync(join(results, "junit.xml"), "utf8")),
      summary: withoutMachine(readFileSync(join(results, "results.yaml"), "utf8")),
    };
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}

function testsOf(junit: string): readonly ConformanceTest[] {
  const pattern = /<testcase name="OCI Conformance Test\/([^"]*)"[^>]* status="(\w+)">([\s\S]*?)<\/testcase>/g;
  return Array.from(junit.matchAll(pattern), ([, name = "", status = "", inside = ""]) => ({
    name,
    status: status as ConformanceTest["status"],
    reason: /<system-out>([\s\S]*?)<\/system-out>/.exec(inside)?.[1]?.trim() ?? "",
  }));
}

const withoutMachine = (summary: string): string =>
  summary.replace(/^ {2}(registry|resultsDir|username|password|commit): .*\n/gm, "");
