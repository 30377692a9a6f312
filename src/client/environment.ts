import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { EcrError } from "../errors.js";
import { isRegion, partitions } from "../image/partition.js";
import { callRegion, type EndpointService } from "../protocol/endpoints.js";
import { endpointOf } from "./endpoint.js";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the caller decided; whatever is left open is looked up as the AWS SDK looks it up. */
export interface GivenPlace {
  readonly region?: string | undefined;
  readonly endpoint?: string | URL | undefined;
  readonly useFips?: boolean | undefined;
  readonly useDualstack?: boolean | undefined;
  readonly profile?: string | undefined;
}

/** Where the calls of a client go. */
export interface Place {
  readonly region: string;
  /** Whether calls go to AWS itself, and not to a local ECR or to a gateway of somebody's own. */
  readonly isAws: boolean;
  /** The URL that calls to a service go to. */
  endpointOf(service: EndpointService): URL;
}

/** One profile of the shared configuration files, with the section that its `services` names. */
interface Profile {
  readonly name: string;
  readonly settings: Environment;
  readonly services: Environment;
}

/**
 * The region and the endpoints: each from the caller, else from AWS's environment variables, else from the profile in the shared
 * configuration files. The files are read only if there are any.
 *
 * @throws {EcrError} kind `InvalidParameter` when no region is found, or a value found is not one.
 */
export async function locate(given: GivenPlace, env: Environment): Promise<Place> {
  const profile = await readProfile(given.profile ?? (env["AWS_PROFILE"] || "default"), env);
  const region = regionOf(given, env, profile);
  const useFips = given.useFips ?? flagOf("use_fips_endpoint", env, profile);
  const useDualstack = given.useDualstack ?? flagOf("use_dualstack_endpoint", env, profile);
  const endpoints = new Map<EndpointService, URL>();
  return {
    region,
    isAws: isOfAws(given.endpoint ?? configuredEndpoint("ecr", env, profile)),
    endpointOf(service) {
      const known = endpoints.get(service);
      if (known !== undefined) return known;
      const url = endpointOf({
        service,
        region: callRegion(service, region),
        useFips,
        useDualstack,
        endpoint:
          service === "sts"
            ? stsEndpoint(given, env, profile)
            : (given.endpoint ?? configuredEndpoint(service, env, profile)),
      });
      endpoints.set(service, url);
      return url;
    },
  };
}

function regionOf({ region: given }: GivenPlace, env: Environment, profile: Profile): string {
  // The SDK for JavaScript reads AWS_REGION, the AWS CLI and boto3 AWS_DEFAULT_REGION. documented: AWS SDKs reference guide, region.
  const region = given ?? (env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || profile.settings["region"]);
  if (region === undefined)
    throw invalid(
      `region is missing: pass { region }, set AWS_REGION, or set region in profile "${profile.name}" of the AWS config file`,
    );
  if (!isRegion(region))
    throw invalid(`region must be the name of an AWS region such as us-east-1, got ${JSON.stringify(region)}`);
  return region;
}

function flagOf(name: string, env: Environment, profile: Profile): boolean {
  const variable = `AWS_${name.toUpperCase()}`;
  const value = env[variable] || profile.settings[name];
  if (value === undefined || value === "" || value === "false") return false;
  if (value === "true") return true;
  throw invalid(
    `${env[variable] ? variable : `${name} of profile "${profile.name}"`} must be true or false, got ${JSON.stringify(value)}`,
  );
}

/** The names of a service in variables and in a `services` section. documented: AWS SDKs reference guide, service-specific endpoints. */
const SERVICE_NAMES: Readonly<Record<EndpointService, string>> = {
  ecr: "ecr",
  "ecr-public": "ecr_public",
  sts: "sts",
};

/** The endpoint that AWS's variables or the profile set for a service, if they do. documented: AWS SDKs reference guide. */
function configuredEndpoint(service: EndpointService, env: Environment, profile: Profile): string | undefined {
  const ignored = env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] || profile.settings["ignore_configured_endpoint_urls"];
  if (ignored === "true") return undefined;
  const name = SERVICE_NAMES[service];
  return (
    env[`AWS_ENDPOINT_URL_${name.toUpperCase()}`] ||
    env["AWS_ENDPOINT_URL"] ||
    profile.services[`${name}.endpoint_url`] ||
    profile.settings["endpoint_url"] ||
    undefined
  );
}

/**
 * STS has its own endpoint, unless ECR's is one of a local ECR or a gateway, which answers for STS too: the keys it takes may be unknown
 * to AWS.
 */
function stsEndpoint(given: GivenPlace, env: Environment, profile: Profile): string | undefined {
  const configured = configuredEndpoint("sts", env, profile);
  if (configured !== undefined) return configured;
  const endpoint = given.endpoint ?? configuredEndpoint("ecr", env, profile);
  return isOfAws(endpoint) ? undefined : String(endpoint);
}

/** Whether an endpoint that was chosen, if one was, is one of AWS. */
function isOfAws(endpoint: string | URL | undefined): boolean {
  if (endpoint === undefined || !URL.canParse(String(endpoint))) return true;
  const { hostname } = new URL(String(endpoint));
  return partitions.some(({ dnsSuffix, dualStackDnsSuffix }) =>
    [dnsSuffix, dualStackDnsSuffix].some((suffix) => hostname.endsWith(`.${suffix}`)),
  );
}

/** AWS's own loader reads the files; it costs some milliseconds to load, so a machine without files does without. */
async function readProfile(name: string, env: Environment): Promise<Profile> {
  const home = env["HOME"] || env["USERPROFILE"] || homedir();
  const configFilepath = env["AWS_CONFIG_FILE"] || join(home, ".aws", "config");
  const filepath = env["AWS_SHARED_CREDENTIALS_FILE"] || join(home, ".aws", "credentials");
  if (!existsSync(configFilepath) && !existsSync(filepath)) return { name, settings: {}, services: {} };
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ configFilepath, filepath });
  const settings = { ...credentialsFile[name], ...configFile[name] };
  const services = settings["services"];
  return { name, settings, services: (services !== undefined && configFile[`services.${services}`]) || {} };
}

const invalid = (message: string): EcrError => new EcrError(message, { kind: "InvalidParameter" });
