import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
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
}

/** Starts `ecrkit local` out of `dist/` on a free port. */
export async function startLocal(...flags: readonly string[]): Promise<LocalProcess> {
  if (!existsSync(program)) throw new Error(`${program} does not exist: run \`npm run build\` first`);
  const start = performance.now();
  const child = spawn(process.execPath, [program, "local", "--port", "0", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = await readyUrl(child);
  const health = await fetch(`${url}/_ecrkit/health`);
  if (!health.ok) throw new Error(`the health of ${url} answered ${health.status}`);
  const readyMs = performance.now() - start;
  return {
    url,
    readyMs,
    peakMemoryMiB: () => peakMemoryMiB(child),
    stop: () => {
      child.kill("SIGTERM");
      return closed;
    },
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("ecrkit local has no standard output");
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /ecrkit local ready on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error(`ecrkit local ended with ${child.exitCode} before it was ready`);
}

function peakMemoryMiB(child: ChildProcess): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
  return Number(kibibytes) / 1024;
}
