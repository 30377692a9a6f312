// Builds dist/: one ES module per export with the shared code in chunks of its own (so that EcrError is one class), and declarations.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const withTypes = !process.argv.includes("--no-types");

/** What a process loads together: output path without its ending → source. The library's exports share their chunks, so that EcrError is one class. */
const library = {
  index: "src/index.ts",
  transport: "src/transport/index.ts",
  "transport/undici": "src/transport/undici.ts",
  resilience: "src/resilience/index.ts",
  telemetry: "src/telemetry/index.ts",
  local: "src/local.ts",
};
/** The command line is a process of its own: sharing with the library would only cut both into more files to load. */
const commandLine = { "cli/main": "src/cli/main.ts" };

rmSync(`${root}dist`, { recursive: true, force: true });
for (const [folder, entryPoints] of Object.entries({ chunks: library, "cli/chunks": commandLine })) {
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(entryPoints).map(([out, file]) => ({ out, in: file })),
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    chunkNames: `${folder}/[name]-[hash]`,
    define: { ECRKIT_VERSION: JSON.stringify(version) },
    legalComments: "none",
    // Less to read at every start; names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
  });
}

if (withTypes) {
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  if (!existsSync(compiler)) throw new Error("typescript is not installed: run npm ci, or build with --no-types");
  const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
