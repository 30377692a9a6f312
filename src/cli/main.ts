#!/usr/bin/env node
import { version } from "../version.js";

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) process.stdout.write(`${version}\n`);
else void start();

/** Runs the command line on this process; what a command needs is loaded when it is run. */
async function start(): Promise<void> {
  // Of AWS's credential providers, to every process on Node 20: the notice is for their users, not for ours.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const [ending, cutOff] = [new AbortController(), new AbortController()];
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => signalled(name, ending, cutOff));
  // A reader that has seen enough, such as `head`, is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  // Nobody is left to be told; a server goes on without.
  process.stderr.on("error", () => undefined);
  const { run } = await import("./run.js");
  process.exitCode = await run(argv, {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: ending.signal,
    cutOff: cutOff.signal,
  });
}

/** The first signal ends what is running in good order, the second at once, and the third the process. */
function signalled(name: "SIGINT" | "SIGTERM", ...controllers: readonly AbortController[]): void {
  const next = controllers.find(({ signal }) => !signal.aborted);
  if (next) next.abort(name);
  else process.exit(name === "SIGINT" ? 130 : 143);
}
