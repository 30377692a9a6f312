import { defineConfig, type ViteUserConfig } from "vitest/config";

/** A folder for a report that `.ci/run` counts. */
const { TEST_REPORTS: reports } = process.env;

/** Real clients against `ecrkit local` out of `dist/`. One file at a time: the machine's cores are for the clients. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    reporters: reports === undefined ? ["verbose"] : ["verbose", ["json", { outputFile: `${reports}/e2e.json` }]],
  },
});

export default config;
