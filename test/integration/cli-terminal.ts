import { run } from "../../src/cli/run.js";
import type { Transport } from "../../src/transport/transport.js";

/** What one command line wrote and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command line is run in a test. */
export interface RunOptions {
  readonly transport?: Transport;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly cutOff?: AbortSignal;
  /** The width of a terminal; without it stdout and stderr are files. */
  readonly columns?: number;
  /** Told of each write to stdout. */
  readonly onStdout?: (text: string) => void;
}

/** Runs `ecrkit` with these words in this process. */
export async function ecrkit(
  words: readonly string[],
  { transport, env = {}, signal = new AbortController().signal, cutOff, columns, onStdout }: RunOptions = {},
): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") => ({
    isTTY: columns !== undefined,
    columns,
    write(text: string, done?: () => void) {
      written[name] += text;
      done?.();
      if (name === "stdout") onStdout?.(text);
    },
  });
  const code = await run(words, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    env,
    signal,
    cutOff,
    ...(transport && { transport }),
  });
  return { code, ...written };
}
