import { readFileSync } from "node:fs";
import { isEcrError } from "../errors.js";
import type { Listening, ListenOptions, LocalEcr, TlsOptions } from "../local.js";
import { OutsideError, UsageError } from "./exit-code.js";
import { type LogFile, openLogFile } from "./log-file.js";
import { printable, type Terminal } from "./terminal.js";

/** How a local ECR is served. */
export interface ServeFlags {
  readonly host: string;
  readonly port: number;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  /** A file's name; `true` and `-` are stderr. */
  readonly accessLog?: string | true | undefined;
}

/**
 * Serves a local ECR until a signal ends it, then closes it: what is running may come to its end, unless a second signal comes. `prepare` runs
 * before anybody can ask.
 */
export async function serveLocal(
  local: LocalEcr,
  { host, port, tlsCert, tlsKey, accessLog }: ServeFlags,
  terminal: Terminal,
  prepare: () => Promise<void>,
): Promise<void> {
  let logFile: LogFile | undefined;
  try {
    const tls = readTls(tlsCert, tlsKey);
    const isFile = accessLog !== undefined && accessLog !== true && accessLog !== "-";
    if (isFile) logFile = await openLogFile(accessLog, (problem) => say(terminal, problem));
    const sink = logFile ?? (accessLog === undefined ? undefined : terminal.stderr);
    await prepare();
    const { url } = await listenOn(local, { host, port, tls, accessLog: sink }, { tlsCert, tlsKey });
    terminal.stdout.write(`ecrkit local ready on ${url}\n`);
    await ended(terminal.signal);
  } finally {
    await local.close({ signal: terminal.cutOff });
    await logFile?.close();
  }
}

const say = ({ stderr }: Terminal, text: string): unknown => stderr.write(`ecrkit: ${printable(text)}\n`);

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

function readTls(cert: string | undefined, key: string | undefined): TlsOptions | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new UsageError("--tls-cert and --tls-key go together: a certificate and its private key");
  return { cert: readPem("--tls-cert", cert), key: readPem("--tls-key", key) };
}

function readPem(option: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new OutsideError(`${option} ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

async function listenOn(
  local: LocalEcr,
  options: ListenOptions & Pick<ServeFlags, "host" | "port">,
  files: Pick<ServeFlags, "tlsCert" | "tlsKey">,
): Promise<Listening> {
  try {
    return await local.listen(options);
  } catch (error) {
    if (isEcrError(error, "InvalidParameter"))
      throw new UsageError(`--tls-cert ${files.tlsCert} --tls-key ${files.tlsKey}: ${error.message}`);
    throw new OutsideError(listenFailure(error as NodeJS.ErrnoException, options), { cause: error });
  }
}

function listenFailure(error: NodeJS.ErrnoException, { host, port }: Pick<ServeFlags, "host" | "port">): string {
  const tried = `cannot listen on ${host}:${port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return `${tried}: the port is taken; stop what uses it, or take another with --port (0 for any)`;
    case "EACCES":
      return `${tried}: the system does not allow it; take a port above 1023 with --port`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${tried}: this machine has no such address; give one of its own with --host`;
    default:
      return `${tried}: ${error.message}`;
  }
}
