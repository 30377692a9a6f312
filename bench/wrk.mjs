import { spawn, spawnSync } from "node:child_process";

export const hasWrk = () => spawnSync("wrk", ["-v"]).error === undefined;

const seconds = 3;

/** Requests a second that a server answers to wrk: one thread, 8 connections unless it is said otherwise, 3 seconds. Any answer but a good one fails. */
export async function requestsPerSecond(url, { connections = 8 } = {}, ...args) {
  const output = await finish("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", url, ...args]);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(output)?.[1];
  const refused = /Non-2xx or 3xx responses: \d+/.exec(output)?.[0];
  if (rate === undefined || refused !== undefined) throw new Error(`wrk on ${url}: ${refused ?? output}`);
  return Number(rate);
}

function finish(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.once("error", reject);
    child.once("close", () => resolve(output));
  });
}
