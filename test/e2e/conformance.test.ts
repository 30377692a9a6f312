import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { privateFolder } from "./aws-environment.js";
import { FAILED_BY, SKIPPED_BY } from "./conformance/quirks.js";
import { PAGE, pageOf, SUMMARY } from "./conformance/report.js";
import { type ConformanceRun, runSuite, suiteProgram } from "./conformance/suite.js";
import { startLocal } from "./local-process.js";

const isMissing = !existsSync(suiteProgram);

describe.skipIf(isMissing)(
  `the OCI conformance suite${isMissing ? " [skipped: not installed, it takes Go]" : ""}`,
  () => {
    let oci: ConformanceRun;
    let ecr: ConformanceRun;

    beforeAll(async () => {
      oci = await runAgainst("--profile", "oci");
      ecr = await runAgainst("--profile", "ecr");
    });

    it("passes whole in profile oci", () => {
      expect(oci.tests.length).toBeGreaterThan(600);
      expect(oci.tests.filter(({ status }) => status !== "passed")).toEqual([]);
    });

    it("passes whole on disk as well", async () => {
      const folder = privateFolder();
      try {
        const onDisk = await runAgainst("--profile", "oci", "--data", join(folder, "data"));
        expect(onDisk.tests.map(({ name, status }) => `${status} ${name}`).sort()).toEqual(
          oci.tests.map(({ name, status }) => `${status} ${name}`).sort(),
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("fails in profile ecr exactly where a quirk of ECR says so", () => {
      for (const [status, quirks] of [
        ["failure", FAILED_BY],
        ["skipped", SKIPPED_BY],
      ] as const) {
        const found = ecr.tests.filter((test) => test.status === status);
        for (const { name, reason } of found)
          expect(
            quirks.filter(({ tests }) => tests.test(name)),
            `${name}: ${reason}`,
          ).toHaveLength(1);
        for (const { quirk, tests } of quirks)
          expect(
            found.filter(({ name }) => tests.test(name)),
            quirk,
          ).not.toEqual([]);
      }
      expect(ecr.tests.filter(({ status }) => status === "error")).toEqual([]);
    });

    it("says what docs/oci-conformance says", async () => {
      await expect(pageOf(oci, ecr)).toMatchFileSnapshot(`../../${PAGE}`);
      await expect(oci.summary).toMatchFileSnapshot(`../../${SUMMARY}`);
    });
  },
);

async function runAgainst(...flags: readonly string[]): Promise<ConformanceRun> {
  const local = await startLocal(...flags);
  try {
    return await runSuite(local.url);
  } finally {
    await local.stop();
  }
}
