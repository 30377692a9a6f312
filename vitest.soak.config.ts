import { defineConfig, type ViteUserConfig } from "vitest/config";

/** A folder for a report that `.ci/run` counts. */
const { TEST_REPORTS: reports } = process.env;

/** The long runs, `SOAK=long`, or a short form of each. One file at a time: the machine's cores are for what is put to the test. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/soak/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 60_000,
    reporters: reports === undefined ? ["verbose"] : ["verbose", ["json", { outputFile: `${reports}/soak.json` }]],
  },
});

export default config;
