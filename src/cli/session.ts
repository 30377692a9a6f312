import { type Command, Option } from "commander";
import type { EcrClientConfig } from "../client/config.js";
import { createEcrClient, type EcrClient } from "../client/ecr-client.js";
import { network } from "../transport/network.js";
import type { Transport } from "../transport/transport.js";
import { UsageError } from "./exit-code.js";
import type { RegistryPlace } from "./image-argument.js";
import { createOutput, type Output, type OutputFormat, outputFormats } from "./output.js";
import type { Terminal } from "./terminal.js";

/** The flags of every command that talks to ECR: the AWS CLI's own, and how results are written. */
export interface ConnectionFlags {
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  readonly registryId?: string;
  readonly output: OutputFormat;
}

/** Adds the flags of {@link ConnectionFlags} to a command. */
export const connectionFlags = (command: Command): Command =>
  command
    .option("--region <region>", "the region, as in AWS_REGION")
    .option("--profile <name>", "a profile of the AWS configuration, as in AWS_PROFILE")
    .option("--endpoint-url <url>", "where ECR answers, as in AWS_ENDPOINT_URL; http://localhost:4580 for a local ECR")
    .option("--registry-id <account>", "the account of the registry; your own when left out")
    .addOption(
      new Option("--output <format>", "table for people, json or ndjson for programs")
        .choices(outputFormats)
        .default("table"),
    );

/** What a command works with. */
export interface Session {
  readonly ecr: EcrClient;
  /** The registry that was asked for, as an input of `ecr.call` names it. */
  readonly registry: { readonly registryId?: string };
  readonly output: Output;
  /** Fetches URLs that ECR answers with. */
  readonly transport: Transport;
  readonly signal: AbortSignal;
}

/** Runs `use` with a client for these flags, and closes what it held. `place` is what the name of an image says of its registry. */
export async function withSession(
  flags: ConnectionFlags,
  terminal: Terminal,
  place: RegistryPlace,
  use: (session: Session) => Promise<void>,
): Promise<void> {
  const { signal, transport: given } = terminal;
  const config = clientConfig(flags, place);
  const output = createOutput(terminal, flags.output);
  const ecr = createEcrClient({ ...config, ...(given && { transport: given }) });
  const transport = given ?? network();
  const { registryId } = config;
  try {
    await use({ ecr, registry: registryId === undefined ? {} : { registryId }, output, transport, signal });
  } finally {
    output.progress("");
    ecr.close();
    if (given === undefined) transport.destroy?.();
  }
}

function clientConfig({ profile, endpointUrl, ...flags }: ConnectionFlags, place: RegistryPlace): EcrClientConfig {
  return {
    region: agreed("--region", flags.region, place.region),
    registryId: agreed("--registry-id", flags.registryId, place.registryId),
    endpoint: endpointUrl ?? place.endpoint,
    ...(profile !== undefined && { auth: { kind: "default", profile } }),
  };
}

function agreed(flag: string, given: string | undefined, named: string | undefined): string | undefined {
  if (given !== undefined && named !== undefined && given !== named)
    throw new UsageError(`${flag} ${given} contradicts the image, which is in ${named}: leave the flag out`);
  return given ?? named;
}
