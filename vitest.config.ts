import { defineConfig, type ViteUserConfig } from "vitest/config";

/** A folder for a report that `.ci/run` counts. */
const { TEST_REPORTS: reports } = process.env;

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/{contract,integration,docs,house}/**/*.test.ts"],
    reporters: reports === undefined ? ["default"] : ["default", ["json", { outputFile: `${reports}/unit.json` }]],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    coverage: { provider: "v8", include: ["src/**/*.ts"], exclude: ["src/**/*.test.ts"] },
  },
});

export default config;
