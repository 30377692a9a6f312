import { formatRegistryHost } from "../image/registry-host.js";
import type { Listening } from "../server/node.js";

/** The names under which a local ECR's registries can be reached, as a registry takes them. */
export interface Hosts {
  readonly registryHost: (account: string, region: string) => string;
  readonly origin: (account: string, region: string) => string;
  readonly publicRegistryHost: () => string;
  readonly publicRegistryOrigin: () => string;
}

/**
 * Names by `publicHost` when there is one; else by the port that `served` gives, once it does; until then ECR's own.
 */
export function hostsOf(publicHost: string | undefined, served: () => Listening | undefined): Hosts {
  const portOf = (): string => String(served()?.port ?? 80);
  const listening = (): string | undefined => {
    const at = served();
    return at && new URL(at.url).host;
  };
  const registryHost = (account: string, region: string): string =>
    (publicHost ?? listening())
      ?.replaceAll("{account}", account)
      .replaceAll("{region}", region)
      .replaceAll("{port}", portOf()) ??
    formatRegistryHost({ kind: "private", account, region, fips: false, dualStack: false });
  // A name that is made of account and region cannot be one for ECR Public, which is everybody's.
  const sharedHost = publicHost && !/\{(account|region)\}/.test(publicHost) ? publicHost : undefined;
  const publicRegistryHost = (): string =>
    sharedHost?.replaceAll("{port}", portOf()) ??
    listening() ??
    formatRegistryHost({ kind: "public", dualStack: false });
  const schemeFor = (template: string | undefined): string => {
    const at = served();
    if (at) return new URL(at.url).protocol;
    return template === undefined ? "https:" : "http:";
  };
  return {
    registryHost,
    origin: (account, region) => `${schemeFor(publicHost)}//${registryHost(account, region)}`,
    publicRegistryHost,
    publicRegistryOrigin: () => `${schemeFor(sharedHost)}//${publicRegistryHost()}`,
  };
}
