import { type Command, InvalidArgumentError, Option } from "commander";
import { type AccountsFile, createLocalEcr, type QuotaOptions } from "../../local.js";
import type { FaultPlan } from "../../transport/fault-plan.js";
import { UsageError } from "../exit-code.js";
import { plantFile, readJsonFile } from "../local-files.js";
import { type ServeFlags, serveLocal } from "../serve-local.js";
import type { Terminal } from "../terminal.js";

interface LocalFlags extends ServeFlags {
  readonly data?: string;
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
Prints one line when it answers, and ends on SIGINT or SIGTERM: requests under way have ten seconds, or until a second signal.
What was pushed goes with it, unless --data names a folder: then what was acknowledged is there at the next start, even after kill -9.

Examples:
  ecrkit local
  ecrkit local --port 0 --layers unchecked
  ecrkit local --host 0.0.0.0 --public-host host.docker.internal:4580
  ecrkit local --seed sample --lifecycle-interval 1m
  ecrkit local --data ./registry
  ecrkit local --tls-cert cert.pem --tls-key key.pem --access-log access.ndjson

Then, in another terminal, with any keys:
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 AWS_ENDPOINT_URL=http://localhost:4580
  ecrkit repos create app
  ecrkit login --tool docker`;

/** `ecrkit local`: the local ECR on a port of this machine. */
export function declareLocal(command: Command, terminal: Terminal): void {
  command
    .description(
      "Runs a local ECR: the API of ECR and the registry that docker speaks to, on one port, in memory or on disk.",
    )
    .option("--host <address>", "the address to listen on; 0.0.0.0 for other machines and containers", "127.0.0.1")
    .option("--port <number>", "the port to listen on; 0 for any that is free", portOf, 4580)
    .option("--data <folder>", "where to keep everything (default: nowhere, what was pushed goes with the process)")
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
    .option("--tls-cert <file>", "speak HTTPS with this certificate and those above it: PEM; needs --tls-key")
    .option("--tls-key <file>", "the private key of --tls-cert: PEM, without a passphrase")
    .option(
      "--access-log [file]",
      "a line of JSON for each request, added to a file, or on stderr without one or for -",
    )
    .addHelpText("after", HELP)
    .action((flags: LocalFlags) => runLocal(flags, terminal));
}

async function runLocal(flags: LocalFlags, terminal: Terminal): Promise<void> {
  const { accounts, data, quotas, faults, seed, upstream } = flags;
  const { account, layers, profile, publicHost, auth, lifecycleInterval } = flags;
  const plan = faults === undefined ? undefined : (readJsonFile("--faults", faults) as FaultPlan);
  const local = createLocalEcr({
    ...{ account, layers, profile, publicHost, auth, lifecycleInterval },
    accounts: accounts === undefined ? undefined : (readJsonFile("--accounts", accounts) as AccountsFile),
    quotas: typeof quotas === "string" ? (readJsonFile("--quotas", quotas) as QuotaOptions) : quotas,
    dataDir: data,
    upstreams: upstream,
    faults: plan,
  });
  await serveLocal(local, flags, terminal, async () => {
    if (seed !== undefined) await plantFile(local, seed);
  });
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
