import { type Command, InvalidArgumentError, Option } from "commander";
import { createLocalEcr } from "../../local.js";
import { OutsideError } from "../exit-code.js";
import type { Terminal } from "../terminal.js";

interface LocalFlags {
  readonly host: string;
  readonly port: number;
  readonly account: string;
  readonly layers: "checked" | "unchecked";
  readonly profile: "ecr" | "oci";
  readonly publicHost?: string;
}

const HELP = `
Prints one line when it answers, and ends on SIGINT or SIGTERM. What was pushed goes with it.

Examples:
  ecrkit local
  ecrkit local --port 0 --layers unchecked
  ecrkit local --host 0.0.0.0 --public-host host.docker.internal:4580

Then, in another terminal, with any keys:
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 AWS_ENDPOINT_URL=http://localhost:4580
  ecrkit repos create app
  ecrkit login --tool docker`;

/** `ecrkit local`: the local ECR on a port of this machine. */
export function declareLocal(command: Command, terminal: Terminal): void {
  command
    .description("Runs a local ECR: the API of ECR and the registry that docker speaks to, on one port, in memory.")
    .option("--host <address>", "the address to listen on; 0.0.0.0 for other machines and containers", "127.0.0.1")
    .option("--port <number>", "the port to listen on; 0 for any that is free", portOf, 4580)
    .option("--account <id>", "the account of callers whose access key is not 12 digits", accountOf, "000000000000")
    .addOption(
      new Option("--layers <rule>", "whether the layers of an image must have been uploaded before it")
        .choices(["checked", "unchecked"])
        .default("checked"),
    )
    .addOption(
      new Option(
        "--profile <behaviour>",
        "answer /v2/ as ECR does, oddities included, or as the OCI specification says",
      )
        .choices(["ecr", "oci"])
        .default("ecr"),
    )
    .option("--public-host <host>", "the host[:port] in repository URIs; {account}, {region} and {port} are filled in")
    .addHelpText("after", HELP)
    .action((flags: LocalFlags) => runLocal(flags, terminal));
}

async function runLocal({ host, port, publicHost, ...options }: LocalFlags, terminal: Terminal): Promise<void> {
  const local = createLocalEcr({ ...options, ...(publicHost === undefined ? {} : { publicHost }) });
  try {
    const { url } = await local.listen({ host, port }).catch((error) => {
      throw new OutsideError(listenFailure(error, host, port), { cause: error });
    });
    terminal.stdout.write(`ecrkit local ready on ${url}\n`);
    await ended(terminal.signal);
  } finally {
    await local.close();
  }
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): string {
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

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return port;
}

function accountOf(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError("An account id is 12 digits.");
  return text;
}
