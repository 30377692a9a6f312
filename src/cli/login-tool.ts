import { spawn } from "node:child_process";
import type { LoginTool } from "../client/login-command.js";
import type { Secret } from "../secret.js";
import { OutsideError } from "./exit-code.js";

/** What it takes for each tool to speak HTTP to a local ECR; docker and crane speak it to localhost untold. documented: the tools' own help. */
export const plainHttpFlags: Readonly<Record<LoginTool, readonly string[]>> = {
  docker: [],
  podman: ["--tls-verify=false"],
  buildah: ["--tls-verify=false"],
  skopeo: ["--tls-verify=false"],
  nerdctl: ["--insecure-registry"],
  crane: [],
  oras: ["--plain-http"],
  helm: ["--plain-http"],
};

/** The tools that can be logged in. */
export const loginTools: readonly LoginTool[] = Object.keys(plainHttpFlags) as LoginTool[];

/** A command line that a POSIX shell reads as these words. */
export const shellLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");

/** How a tool ended, and what it said. */
interface ToolResult {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a tool with the password on its stdin. @throws {OutsideError} when it cannot be started or does not succeed */
export async function runLogin(
  [command, ...args]: readonly [string, ...string[]],
  password: Secret,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly signal: AbortSignal },
): Promise<void> {
  const { exitCode, output } = await run(command, args, password, options);
  if (exitCode === 0) return;
  throw new OutsideError(
    `${shellLine([command, ...args])} failed (exit code ${exitCode}): ${output.trim() || "it said nothing"}`,
  );
}

const run = (
  command: string,
  args: readonly string[],
  password: Secret,
  { env, signal }: { readonly env: Readonly<Record<string, string | undefined>>; readonly signal: AbortSignal },
): Promise<ToolResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, signal, stdio: ["pipe", "pipe", "pipe"] });
    const said: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => said.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => said.push(bytes));
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (signal.aborted) return reject(signal.reason);
      const why = error.code === "ENOENT" ? "it is not installed, or not on PATH" : error.message;
      reject(new OutsideError(`cannot run ${command}: ${why}; ecrkit login --print shows what would be run`));
    });
    child.on("close", (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(said).toString() }));
    // A tool that fails before it has read its stdin says so itself.
    child.stdin.on("error", () => {});
    child.stdin.end(password.reveal());
  });
