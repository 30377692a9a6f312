import { isRegion, partitionOf } from "./partition.js";

/** The host of a private registry: `{account}.dkr.ecr.{region}.amazonaws.com` and its variants in every partition. */
export interface PrivateRegistryHost {
  readonly kind: "private";
  /** 12 digits; also the registry's id. */
  readonly account: string;
  readonly region: string;
  /** The `dkr.ecr-fips` variant. */
  readonly fips: boolean;
  /** The `dkr-ecr` variant, which answers on IPv4 and IPv6. */
  readonly dualStack: boolean;
}

/** The host of Amazon ECR Public: `public.ecr.aws`, or `ecr-public.aws.com` when it is dual-stack. */
export interface PublicRegistryHost {
  readonly kind: "public";
  readonly dualStack: boolean;
}

/** A name under which a local ECR answers on this machine. */
export interface LocalRegistryHost {
  readonly kind: "local";
  /** What the name ends in. Only `localhost` can carry an account and a region. */
  readonly hostname: "localhost" | "127.0.0.1" | "[::1]";
  /** Absent when the host names none. */
  readonly port?: number | undefined;
  /** The registry that `{account}.dkr.ecr.{region}.localhost` names; absent for a plain host, where the login token chooses it. */
  readonly registry?: { readonly account: string; readonly region: string } | undefined;
}

/** Where a registry answers, by `kind`. */
export type RegistryHost = PrivateRegistryHost | PublicRegistryHost | LocalRegistryHost;

const PRIVATE_HOST = /^([0-9]{12})\.dkr([.-])ecr(-fips)?\.([a-z0-9-]+)\.([a-z0-9.-]+)$/;
const LOCAL_HOST =
  /^(?:(localhost|127\.0\.0\.1|\[::1\])|([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.localhost)(?::([1-9][0-9]{0,4}))?$/;
const PUBLIC_HOST = "public.ecr.aws";
const PUBLIC_DUAL_STACK_HOST = "ecr-public.aws.com";
/** Checked before the case is folded, which would make letters of look-alikes such as the Kelvin sign. */
const ASCII = /^[!-~]*$/;
/** No host name is longer; five more for a port. documented: RFC 1035 2.3.4. */
const MAX_HOST_LENGTH = 260;

/**
 * What an ECR host name says, or undefined when it is not one: account, region and variant of a private registry in any partition,
 * ECR Public, or a local ECR. Case does not matter. A suffix of another partition than the region's is refused.
 */
export function parseRegistryHost(host: string): RegistryHost | undefined {
  if (host.length > MAX_HOST_LENGTH || !ASCII.test(host)) return undefined;
  const name = host.toLowerCase();
  if (name === PUBLIC_HOST) return { kind: "public", dualStack: false };
  if (name === PUBLIC_DUAL_STACK_HOST) return { kind: "public", dualStack: true };
  return parsePrivateHost(name) ?? parseLocalHost(name);
}

function parsePrivateHost(name: string): PrivateRegistryHost | undefined {
  const [, account, separator, fips, region, suffix] = PRIVATE_HOST.exec(name) ?? [];
  if (account === undefined || region === undefined || !isRegion(region)) return undefined;
  const dualStack = separator === "-";
  return suffix === suffixOf(region, dualStack)
    ? { kind: "private", account, region, fips: fips !== undefined, dualStack }
    : undefined;
}

function parseLocalHost(name: string): LocalRegistryHost | undefined {
  const match = LOCAL_HOST.exec(name);
  if (match === null) return undefined;
  const [, hostname = "localhost", account, region, portText] = match;
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && port > 65_535) return undefined;
  if (region !== undefined && !isRegion(region)) return undefined;
  return {
    kind: "local",
    hostname: hostname as LocalRegistryHost["hostname"],
    ...(port === undefined ? {} : { port }),
    ...(account === undefined || region === undefined ? {} : { registry: { account, region } }),
  };
}

const suffixOf = (region: string, dualStack: boolean): string => {
  const partition = partitionOf(region);
  return dualStack ? partition.registryDualStackDnsSuffix : partition.dnsSuffix;
};

/** The host name, with the port where it has one: what {@link parseRegistryHost} reads. */
export function formatRegistryHost(host: RegistryHost): string {
  switch (host.kind) {
    case "private":
      return `${host.account}.dkr${host.dualStack ? "-" : "."}ecr${host.fips ? "-fips" : ""}.${host.region}.${suffixOf(host.region, host.dualStack)}`;
    case "public":
      return host.dualStack ? PUBLIC_DUAL_STACK_HOST : PUBLIC_HOST;
    case "local": {
      const { registry, port } = host;
      const prefix = registry === undefined ? "" : `${registry.account}.dkr.ecr.${registry.region}.`;
      return `${prefix}${host.hostname}${port === undefined ? "" : `:${port}`}`;
    }
  }
}
