// Sums vitest's reports for CI: `sum-reports.mjs NAME=EXIT_CODE…` reads NAME.json of each run out of $TEST_REPORTS and
// prints one line. A run that ended badly without a failed test (a lint, a build, a crash, no report) counts as a failure.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.TEST_REPORTS ?? ".";

/** What one run's report says; nothing at all when there is none, or only a torn one. */
const read = (name) => {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(join(folder, `${name}.json`), "utf8"),
    );
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch (error) {
    console.error(`${name}: no report (${error.message})`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
};

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const [name, exitCode] of process.argv.slice(2).map((run) => run.split("="))) {
  const counts = read(name);
  const silent = counts.passed + counts.failed + counts.skipped === 0;
  if (counts.failed === 0 && (exitCode !== "0" || silent)) {
    console.error(`${name}: exited with ${exitCode} and reported no failed test; counted as one failure`);
    counts.failed = 1;
  }
  for (const key of Object.keys(sum)) sum[key] += counts[key];
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
