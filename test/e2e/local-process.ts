import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { createInterface } from "node:readline";

const program = "dist/cli/main.js";

export interface LocalProcess {
  /** Such as `http://localhost:40123`. */
  readonly url: string;
  /** Milliseconds from the start of the process until its health answered. */
  readonly readyMs: number;
  /** The most memory that the process ever had, in MiB (VmHWM). */
  peakMemoryMiB(): number;
  /** Ends the server as a service manager would, and gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends the server and starts it again with the same flags on the same port. */
  restart(): Promise<LocalProcess>;
}

/** Starts `ecrkit local` out of `dist/`, on a free port unless a flag says which. */
export async function startLocal(...flags: readonly string[]): Promise<LocalProcess> {
  if (!existsSync(program)) throw new Error(`${program} does not exist: run \`npm run build\` first`);
  const start = performance.now();
  const child = spawn(process.execPath, [program, "local", "--port", "0", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = await readyUrl(child);
  const health = await statusOf(`${url}/_ecrkit/health`);
  if (health !== 200) throw new Error(`the health of ${url} answered ${health}`);
  const readyMs = performance.now() - start;
  const stop = (): Promise<number | null> => {
    child.kill("SIGTERM");
    return closed;
  };
  return {
    url,
    readyMs,
    peakMemoryMiB: () => peakMemoryMiB(child),
    stop,
    async restart() {
      const code = await stop();
      if (code !== 0) throw new Error(`ecrkit local ended with ${code} when it was told to`);
      return startLocal(...flags, "--port", new URL(url).port);
    },
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("ecrkit local has no standard output");
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /ecrkit local ready on (https?:\S+)/.exec(line)?.[1];
    if (url !== undefined) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error(`ecrkit local ended with ${child.exitCode} before it was ready`);
}

/** What a GET is answered with, by whatever certificate. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { get } = url.startsWith("https:") ? https : http;
    get(url, { agent: false, rejectUnauthorized: false }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    }).once("error", reject);
  });
}

function peakMemoryMiB(child: ChildProcess): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
  return Number(kibibytes) / 1024;
}
