import { spawn } from "node:child_process";

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with `input` on its standard input. Never rejects for an exit code: a refusal is a result too. */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input: string = "",
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: "pipe" });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    // A program that ends before it has read its input says itself why.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs a program that has to succeed, and gives its output. */
export async function output(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input?: string,
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, env, input);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} exited with ${code}\n${stderr}${stdout}`);
  return stdout;
}
