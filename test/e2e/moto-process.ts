import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { clientPath } from "./clients.js";

export interface MotoProcess {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts moto's server, AWS as somebody else imitates it, on a free port. */
export async function startMoto(): Promise<MotoProcess> {
  const child = spawn(clientPath("moto_server"), ["-H", "127.0.0.1", "-p", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = (): Promise<void> => {
    child.kill("SIGTERM");
    return closed;
  };
  let said = "";
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /Running on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) {
      child.stderr.resume();
      return { url, stop };
    }
    said += `${line}\n`;
  }
  throw new Error(`moto_server ended with ${child.exitCode} before it was ready\n${said}`);
}
