import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const PROGRAM = "dist/cli/main.js";

/** What a process holds, in bytes. */
export interface Memory {
  /** Objects and buffers that are in use, after a collection of garbage. */
  readonly usedBytes: number;
  /** What the system has given it. */
  readonly residentBytes: number;
}

/** A local ECR that is put to the test. */
export interface Server {
  readonly port: number;
  memory(): Promise<Memory>;
  /** File descriptors that are open, sockets included. */
  openFiles(): number;
}

/** A local ECR in a process of its own. */
export interface ServerProcess extends Server {
  /** The most memory that it ever had, in bytes (VmHWM). */
  peakBytes(): number;
  /** How much it has now, in bytes (VmRSS). */
  residentBytes(): number;
  /** Milliseconds from its start until it was ready. */
  readonly readyMs: number;
  /** Whatever it wrote on standard error. */
  complaints(): string;
  /** Ends it in the middle of whatever it does, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as a service manager would, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** Answers, from within, what only the process itself knows. */
const PROBE = `data:text/javascript,${encodeURIComponent(`
process.on("message", async () => {
  // The memory of buffers is given back by the collection after the one that found them unused.
  for (let times = 0; times < 3; times++) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send({ usedBytes: heapUsed + external, residentBytes: rss });
});
process.channel.unref();
`)}`;

/** Starts `ecrkit local` out of `dist/` on a free port. */
export async function startServer(
  flags: readonly string[] = [],
  { env = {}, cwd }: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<ServerProcess> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} does not exist: run \`npm run build\` first`);
  const program = `${process.cwd()}/${PROGRAM}`;
  const start = performance.now();
  const child = spawn(process.execPath, ["--expose-gc", "--import", PROBE, program, "local", "--port", "0", ...flags], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...env },
    cwd,
  });
  let complaints = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const port = await readyPort(child, () => complaints);
  return {
    port,
    readyMs: performance.now() - start,
    memory: () => askForMemory(child),
    openFiles: () => readdirSync(`/proc/${child.pid}/fd`).length,
    peakBytes: () => statusOf(child, "VmHWM"),
    residentBytes: () => statusOf(child, "VmRSS"),
    complaints: () => complaints,
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
    stop() {
      child.kill("SIGTERM");
      return closed;
    },
  };
}

async function readyPort(child: ChildProcess, complaints: () => string): Promise<number> {
  if (child.stdout) {
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /ready on https?:\/\/\S*:(\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      child.stdout.resume();
      return Number(port);
    }
  }
  throw new Error(`ecrkit local ended before it was ready: ${complaints()}`);
}

function askForMemory(child: ChildProcess): Promise<Memory> {
  return new Promise((resolve, reject) => {
    child.once("message", (memory) => resolve(memory as Memory));
    child.send({}, (error) => error && reject(error));
  });
}

function statusOf(child: ChildProcess, field: string): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
}
