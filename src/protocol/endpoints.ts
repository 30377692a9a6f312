import { EcrError } from "../errors.js";
import { type Partition, partitionOf } from "../image/partition.js";

/** A service that has control-plane endpoints. */
export type EndpointService = "ecr" | "ecr-public" | "sts";

/** What decides where a call goes. */
export interface EndpointOptions {
  readonly service: EndpointService;
  readonly region: string;
  /** @default false */
  readonly useFips?: boolean | undefined;
  /** @default false */
  readonly useDualstack?: boolean | undefined;
  /** A URL to use instead of AWS's own. */
  readonly endpoint?: string | URL | undefined;
}

/**
 * The region that a call for `region` is sent to and signed for: ECR Public is one service for the whole world and lives in us-east-1.
 * documented: ECR Public user guide, authentication.
 */
export const callRegion = (service: EndpointService, region: string): string =>
  service === "ecr-public" ? "us-east-1" : region;

/**
 * Where a service answers in a region: AWS's endpoint rules, held equal to the AWS SDK's by a test.
 *
 * @throws {EcrError} kind `InvalidParameter` for a region that is no host label, a custom endpoint that is no HTTP URL, or one together
 * with FIPS or dual-stack.
 */
export function resolveEndpoint(options: EndpointOptions): URL {
  const { service, region, useFips = false, useDualstack = false, endpoint } = options;
  if (endpoint !== undefined) return customEndpoint(endpoint, useFips, useDualstack);
  if (!/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(region))
    throw invalid(`region must be a host label such as us-east-1, got ${JSON.stringify(region)}`);
  return new URL(`https://${HOSTS[service](region, partitionOf(region), useFips, useDualstack)}`);
}

type HostRule = (region: string, partition: Partition, fips: boolean, dual: boolean) => string;

/** documented: the AWS SDK's endpoint rule sets. */
const HOSTS: Readonly<Record<EndpointService, HostRule>> = {
  ecr: (region, { dnsSuffix, dualStackDnsSuffix }, fips, dual) =>
    dual
      ? `${fips ? "ecr-fips" : "ecr"}.${region}.${dualStackDnsSuffix}`
      : `api.${fips ? "ecr-fips" : "ecr"}.${region}.${dnsSuffix}`,
  "ecr-public": (region, { name, dnsSuffix, dualStackDnsSuffix }, fips, dual) =>
    dual && !fips && name === "aws"
      ? `ecr-public.${region}.${dualStackDnsSuffix}`
      : `api.${fips ? "ecr-public-fips" : "ecr-public"}.${region}.${dual ? dualStackDnsSuffix : dnsSuffix}`,
  sts: (region, { name, dnsSuffix, dualStackDnsSuffix }, fips, dual) => {
    if (region === "aws-global" && !fips && !dual) return "sts.amazonaws.com";
    const service = fips && (dual || name !== "aws-us-gov") ? "sts-fips" : "sts";
    return `${service}.${region}.${dual ? dualStackDnsSuffix : dnsSuffix}`;
  },
};

function customEndpoint(endpoint: string | URL, useFips: boolean, useDualstack: boolean): URL {
  if (useFips) throw invalid("Invalid Configuration: FIPS and custom endpoint are not supported");
  if (useDualstack) throw invalid("Invalid Configuration: Dualstack and custom endpoint are not supported");
  const url = URL.canParse(String(endpoint)) ? new URL(String(endpoint)) : undefined;
  if (url !== undefined && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw invalid("endpoint must be an absolute http or https URL such as http://localhost:4580");
}

const invalid = (message: string): EcrError => new EcrError(message, { kind: "InvalidParameter" });
