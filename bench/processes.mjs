import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

const started = new Set();
process.once("exit", () => {
  for (const child of started) child.kill("SIGKILL");
});

/** Ends one process that a bench started, and waits until it is gone. */
export const end = (child) =>
  new Promise((resolve) => {
    if (!started.delete(child) || child.exitCode !== null) return resolve();
    child.once("exit", resolve);
    child.kill("SIGTERM");
  });

/** Keeps a process in mind, so that it never outlives the bench. */
export const own = (child) => {
  started.add(child);
  return child;
};

/** Starts a server that prints `ready on URL` when it answers. */
export async function startPrinting(...args) {
  const child = own(spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] }));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /ready on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) {
      child.stdout.resume();
      return { url, stop: () => end(child) };
    }
  }
  throw new Error(`${args.join(" ")} ended before it was ready`);
}

/** Starts a server that is told its port, and waits until `path` answers with anything. */
export async function startOnPort(program, argsOf, path, env = {}) {
  const port = await freePort();
  const options = { stdio: "ignore", env: { ...process.env, ...env } };
  const child = own(spawn(program, await argsOf(port), options));
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answered = await fetch(url + path).then(
      (response) => response.arrayBuffer(),
      () => undefined,
    );
    if (answered !== undefined) return { url, stop: () => end(child) };
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${program} did not answer on ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
