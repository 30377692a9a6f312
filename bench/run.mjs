// npm run bench [-- client|control|data|start|telemetry|workers] [--write]: ecrkit beside its peers in the same run, as a table of ratios.
// --write keeps the table in docs/benchmarks.md. It needs a build (`npm run build`) and, for the peers, `scripts/clients.sh` and `scripts/peers.sh`.
import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { benchClient } from "./client.mjs";
import { benchControl } from "./control.mjs";
import { benchData } from "./data.mjs";
import { benchStart } from "./start.mjs";
import { asMarkdown, asText } from "./table.mjs";
import { benchTelemetry } from "./telemetry.mjs";
import { benchWorkers } from "./workers.mjs";
import { hasWrk } from "./wrk.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const benches = {
  client: benchClient,
  control: benchControl,
  data: benchData,
  start: benchStart,
  telemetry: benchTelemetry,
  workers: benchWorkers,
};
const needWrk = ["control", "data", "workers"];
const wanted = process.argv.slice(2).filter((argument) => argument !== "--write");
const unknown = wanted.find((name) => !(name in benches));
if (unknown !== undefined) fail(`no bench is called ${unknown}: choose from ${Object.keys(benches).join(", ")}`);
if (!existsSync(`${root}dist/index.js`)) fail("dist/ does not exist: run `npm run build` first");

const rows = [];
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (needWrk.includes(name) && !hasWrk()) {
    console.error(`${name}: left out, wrk is not installed (bash scripts/clients.sh)`);
    continue;
  }
  console.error(`${name}: running…`);
  rows.push(...(await bench()));
}
console.log(asText(rows));
if (process.argv.includes("--write")) writeFileSync(`${root}docs/benchmarks.md`, asMarkdown(rows, machine()));
process.exit();

function machine() {
  const [cpu, ...others] = cpus();
  return `Node ${process.versions.node}, ${others.length + 1} cores (${cpu.model.trim()}), ${process.platform} ${process.arch}`;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
