import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { interleave, missing, row } from "./measure.mjs";
import { peers } from "./peers.mjs";
import { end, freePort, own } from "./processes.mjs";

const rounds = 7;
const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const local = (more) => ({
  program: process.execPath,
  path: "/_ecrkit/health",
  args: (port, folder) => [program, "local", "--port", `${port}`, ...more(folder)],
});

/** Start to first answer: from the start of a server's process until it has answered one request, in an empty folder of its own. */
export async function benchStart() {
  const installed = Object.entries(peers).filter(([, { program }]) => program !== undefined);
  const servers = {
    memory: local(() => []),
    disk: local((folder) => ["--data", join(folder, "data")]),
    ...Object.fromEntries(installed),
  };
  const subjects = Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, () => startTime(server)]));
  const { memory, disk, ...theirs } = await interleave(rounds, subjects);
  const beside = (what, ours) => (name) =>
    theirs[name] === undefined ? missing(what, "ms", ours, name) : row(what, "ms", ours, name, theirs[name]);
  return [
    ...Object.keys(peers).map(beside("start to first answer", memory)),
    ...Object.keys(peers).map(beside("start to first answer, --data", disk)),
  ];
}

async function startTime({ program, path, args, env = () => ({}) }) {
  const folder = mkdtempSync(join(tmpdir(), "ecrkit-start-"));
  const port = await freePort();
  const words = args(port, folder);
  const start = performance.now();
  const child = own(spawn(program, words, { stdio: "ignore", env: { ...process.env, ...env(port) } }));
  try {
    while (!(await answers(port, path))) {
      if (child.exitCode !== null || performance.now() - start > 60_000) throw new Error(`${program} did not answer`);
      await sleep(2);
    }
    return performance.now() - start;
  } finally {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether somebody answers there, whatever the answer is. */
const answers = (port, path) =>
  new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      response.resume().once("end", () => resolve(true));
    });
    asked.once("error", () => resolve(false));
    asked.end();
  });
