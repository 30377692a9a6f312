import { EcrError } from "../errors.js";
import { type AccessOptions, resolveAccess } from "../registry/identity/access-options.js";
import { isGrantable } from "../registry/public/aliases.js";
import type { UpstreamSecret } from "../registry/pull-through/secrets.js";
import { resolveScanning, type ScanningOptions } from "../registry/scanning/scanner.js";
import { durationMs, LAST_MOMENT_MS, systemTime, type Time } from "../time.js";
import type { FaultPlan } from "../transport/fault-plan.js";

/** Options of `createLocalEcr`. */
export interface LocalEcrOptions extends AccessOptions {
  /** The account of callers whose access key is not itself one of 12 digits. @default "000000000000" */
  readonly account?: string | undefined;
  /**
   * A folder to keep everything in, made where there is none: what was acknowledged survives the end of the process, however it ends. One
   * process at a time may have it. @default none: everything goes with the process
   */
  readonly dataDir?: string | undefined;
  /** `unchecked` lets PutImage take manifests whose layers were never uploaded, for tests of metadata alone. @default "checked" */
  readonly layers?: "checked" | "unchecked" | undefined;
  /** `ecr` is odd where ECR is odd, `oci` follows the OCI distribution specification on `/v2/`. @default "ecr" */
  readonly profile?: "ecr" | "oci" | undefined;
  /** The clock that its own runs with, such as a `manualTime()`. @default the machine's own */
  readonly time?: Time | undefined;
  /** What goes wrong on purpose from the start. @default nothing */
  readonly faults?: FaultPlan | undefined;
  /** From one run of a registry's lifecycle policies to the next: milliseconds or such as `"1h"`, from a second up. @default "24h" */
  readonly lifecycleInterval?: number | string | undefined;
  /**
   * The host that `repositoryUri`, `proxyEndpoint` and layer URLs name; `{account}`, `{region}` and `{port}` stand for the registry's.
   * @default `localhost:{port}` once it listens, before that ECR's own names
   */
  readonly publicHost?: string | undefined;
  /** Milliseconds from a push to the arrival of its copies in other registries. @default 5,000 */
  readonly replicationLagMs?: number | undefined;
  /** What scans find and how they go. @default made-up findings after two seconds */
  readonly scanning?: ScanningOptions | undefined;
  /**
   * Where pull-through cache rules find the registries outside, by the host that a rule names or by ECR's name for it, such as
   * `{ "docker-hub": "http://127.0.0.1:5000" }`; a URL may carry a login. Registries of this local ECR need no entry.
   * @default none: nothing goes out to the network
   */
  readonly upstreams?: Readonly<Record<string, string>> | undefined;
  /** The secrets that pull-through cache rules may name, by ARN. @default every ARN is taken for a secret, and no login is sent */
  readonly upstreamSecrets?: Readonly<Record<string, UpstreamSecret>> | undefined;
  /**
   * Aliases of public registries beside the default ones, each with its account, as if they had been asked for in the console and granted; an
   * account's first one is the one that its `repositoryUri`s name. @default none
   */
  readonly publicAliases?: Readonly<Record<string, string>> | undefined;
}

/** The options as they hold, defaults filled in. */
interface ResolvedOptions extends ReturnType<typeof resolveAccess> {
  readonly account: string;
  readonly dataDir: string | undefined;
  readonly layers: "checked" | "unchecked";
  readonly profile: "ecr" | "oci";
  readonly time: Time;
  readonly faults: FaultPlan | undefined;
  readonly lifecycleIntervalMs: number;
  readonly publicHost: string | undefined;
  readonly replicationLagMs: number | undefined;
  readonly scanning: ScanningOptions | undefined;
  readonly upstreams: Readonly<Record<string, string>>;
  readonly upstreamSecrets: Readonly<Record<string, UpstreamSecret>> | undefined;
  readonly publicAliases: Readonly<Record<string, string>>;
}

const PUBLIC_HOST = /^(?:[a-zA-Z0-9.-]|\{account\}|\{region\})+(?::(?:\d{1,5}|\{port\}))?$/;

/** @throws {EcrError} kind `InvalidParameter` when an option has a value that it cannot have. */
export function resolveOptions({
  account = "000000000000",
  dataDir,
  layers = "checked",
  profile = "ecr",
  time = systemTime,
  faults,
  lifecycleInterval = "24h",
  publicHost,
  replicationLagMs,
  scanning,
  upstreams = {},
  upstreamSecrets,
  publicAliases = {},
  ...access
}: LocalEcrOptions): ResolvedOptions {
  if (!/^[0-9]{12}$/.test(account)) throw refuse("account", account, "12 digits");
  if (dataDir !== undefined && (typeof dataDir !== "string" || dataDir === ""))
    throw refuse("dataDir", dataDir, "a path");
  if (layers !== "checked" && layers !== "unchecked") throw refuse("layers", layers, "checked or unchecked");
  if (profile !== "ecr" && profile !== "oci") throw refuse("profile", profile, "ecr or oci");
  if (publicHost !== undefined && !PUBLIC_HOST.test(publicHost))
    throw refuse("publicHost", publicHost, "a host name, with {account}, {region} and {port} where they belong");
  if (replicationLagMs !== undefined && !(Number.isFinite(replicationLagMs) && replicationLagMs >= 0))
    throw refuse("replicationLagMs", replicationLagMs, "a number from 0 up");
  requireMoment(time.now());
  requireScanning(scanning);
  requireUrls(upstreams);
  requireAliases(publicAliases);
  const lifecycleIntervalMs = intervalMs(lifecycleInterval);
  return {
    ...resolveAccess(access),
    ...{ account, dataDir, layers, profile, time, faults },
    ...{ lifecycleIntervalMs, publicHost, replicationLagMs, scanning, upstreams, upstreamSecrets, publicAliases },
  };
}

function requireMoment(nowMs: number): void {
  if (!(nowMs >= 0 && nowMs <= LAST_MOMENT_MS))
    throw optionError("time", `a clock from 1970 to 9999, this one shows ${nowMs} ms since 1970`);
}

function requireScanning(scanning: ScanningOptions | undefined): void {
  try {
    resolveScanning(scanning);
  } catch (error) {
    if (error instanceof RangeError) throw optionError("scanning", `possible: ${error.message}`);
    throw error;
  }
}

function requireUrls(upstreams: Readonly<Record<string, string>>): void {
  // The URLs themselves are not told: they may carry a login.
  for (const [name, url] of Object.entries(upstreams))
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw optionError("upstreams", `URLs with http or https, which that of ${JSON.stringify(name)} is not`);
}

function requireAliases(publicAliases: Readonly<Record<string, string>>): void {
  const expected = "names such as `acme`, of 2 to 50 characters, each with an account of 12 digits";
  for (const [alias, owner] of Object.entries(publicAliases))
    if (!isGrantable(alias, owner)) throw refuse("publicAliases", { [alias]: owner }, expected);
}

function intervalMs(interval: number | string): number {
  try {
    const ms = durationMs(interval);
    if (ms >= 1_000) return ms;
  } catch {
    // Told below, like one that is too short.
  }
  throw refuse("lifecycleInterval", interval, 'a duration such as "1h", of a second at least');
}

/** The error of an option that has a value it cannot have. */
export const refuse = (option: string, value: unknown, expected: string): EcrError =>
  optionError(option, `${expected}, got ${JSON.stringify(value)}`);

const optionError = (option: string, problem: string): EcrError =>
  new EcrError(`createLocalEcr: \`${option}\` must be ${problem}`, { kind: "InvalidParameter" });
