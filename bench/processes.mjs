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

/** Starts one of the peers, with its files in `folder`, and waits until it answers with anything. */
export async function startPeer({ program, path, args, env = () => ({}) }, folder) {
  const port = await freePort();
  const options = { stdio: "ignore", env: { ...process.env, ...env(port) } };
  const child = own(spawn(program, args(port, folder), options));
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

/** A port that nobody uses at the moment. */
export const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
