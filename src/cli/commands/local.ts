import { type Command, InvalidArgumentError, Option } from "commander";
import { type AccountsFile, createLocalEcr, type QuotaOptions } from "../../local.js";
import type { FaultPlan } from "../../transport/fault-plan.js";
import { OutsideError, UsageError } from "../exit-code.js";
import { plantFile, readJsonFile } from "../local-files.js";
import type { Terminal } from "../terminal.js";

interface LocalFlags {
  readonly host: string;
  readonly port: number;
  readonly account: string;
  readonly layers: "checked" | "unchecked";
  readonly profile: "ecr" | "oci";
  readonly publicHost?: string;
  readonly auth: "open" | "strict";
  readonly accounts?: string;
  readonly quotas?: string | true;
  readonly upstream?: Readonly<Record<string, string>>;
  readonly seed?: string;
  readonly faults?: string;
  readonly lifecycleInterval?: string;
}

const HELP = `
Prints one line when it answers, and ends on SIGINT or SIGTERM. What was pushed goes with it.

Examples:
  ecrkit local
  ecrkit local --port 0 --layers unchecked
  ecrkit local --host 0.0.0.0 --public-host host.docker.internal:4580
  ecrkit local --seed sample --lifecycle-interval 1m

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
      new Option(
        "--auth <rule>",
        "whether any access key will do, or only those of --accounts, and whether signatures count",
      )
        .choices(["open", "strict"])
        .default("open"),
    )
    .option("--accounts <file>", "accounts with their users, roles, keys and policies: JSON, see docs/access.md")
    .option("--quotas [file]", "throttle as AWS does; with a file, by the rates and counts in its JSON")
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
    .option("--upstream <name=url>", "where pull-through cache rules find a registry outside; repeatable", upstreamOf)
    .option(
      "--seed <file>",
      "what to fill it with: a seed or a snapshot, or sample for the estate of a made-up company",
    )
    .option("--faults <file>", "what goes wrong on purpose: a fault plan in JSON, see docs/faults.md")
    .option("--lifecycle-interval <duration>", "from one run of lifecycle policies to the next (default: 24h)")
    .addHelpText("after", HELP)
    .action((flags: LocalFlags) => runLocal(flags, terminal));
}

async function runLocal(
  { host, port, publicHost, accounts, quotas, upstream, seed, faults, ...options }: LocalFlags,
  terminal: Terminal,
): Promise<void> {
  const plan = faults === undefined ? undefined : (readJsonFile("--faults", faults) as FaultPlan);
  const local = createLocalEcr({
    ...options,
    accounts: accounts === undefined ? undefined : (readJsonFile("--accounts", accounts) as AccountsFile),
    quotas: typeof quotas === "string" ? (readJsonFile("--quotas", quotas) as QuotaOptions) : quotas,
    publicHost,
    upstreams: upstream,
    faults: plan,
  });
  try {
    if (seed !== undefined) await plantFile(local, seed);
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

/** One `NAME=URL` more: the host that rules name or ECR's name for it, and where it is. */
function upstreamOf(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, url] = /^([^=]+)=(https?:\/\/.+)$/.exec(text) ?? [];
  // Not an InvalidArgumentError, which shows the argument: it may carry a login.
  if (name === undefined || url === undefined || !URL.canParse(url))
    throw new UsageError("--upstream must be a name and a URL, such as docker-hub=http://127.0.0.1:5000");
  return { ...before, [name]: url };
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
