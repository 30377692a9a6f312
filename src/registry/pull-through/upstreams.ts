import { parseRegistryHost } from "../../image/registry-host.js";
import type { UpstreamRegistry } from "../../protocol/ecr/enums.js";
import { ownerOf } from "../public/aliases.js";
import { PUBLIC_REGION } from "../public-region.js";
import type { Target } from "../registry.js";
import type { RegistryOf, State } from "../state.js";
import { cacheRoleSession } from "./cache-role.js";
import type { PullThroughRuleRecord } from "./pull-through-records.js";
import { secretOf } from "./secrets.js";
import { type Upstream, UpstreamError } from "./upstream.js";
import { localUpstream } from "./upstream-local.js";
import { remoteUpstream } from "./upstream-remote.js";

/** The hosts of upstream registries. documented: CreatePullThroughCacheRule; chainguard's is assumed. */
const HOSTS: ReadonlyMap<string, UpstreamRegistry> = new Map<string, UpstreamRegistry>([
  ["public.ecr.aws", "ecr-public"],
  ["registry.k8s.io", "k8s"],
  ["quay.io", "quay"],
  ["registry-1.docker.io", "docker-hub"],
  ["ghcr.io", "github-container-registry"],
  ["registry.gitlab.com", "gitlab-container-registry"],
  ["cgr.dev", "chainguard"],
]);
const AZURE_HOST = /^[a-z0-9]+\.azurecr\.io$/i;

/** Upstreams that take nobody without a login. documented */
const NEEDS_LOGIN: ReadonlySet<UpstreamRegistry> = new Set<UpstreamRegistry>([
  "docker-hub",
  "github-container-registry",
  "gitlab-container-registry",
  "azure-container-registry",
  "chainguard",
]);

export const needsLogin = (upstream: UpstreamRegistry | undefined): boolean =>
  upstream !== undefined && NEEDS_LOGIN.has(upstream);

/** The account and region of an upstream that is a private ECR registry, under AWS's or a local name. */
export function ecrRegistryOf(url: string): { readonly account: string; readonly region: string } | undefined {
  const host = parseRegistryHost(url);
  if (host?.kind === "private") return { account: host.account, region: host.region };
  return host?.kind === "local" ? host.registry : undefined;
}

/** Which registry a URL is one of, or undefined when ECR caches none there. */
export const upstreamRegistryOf = (url: string): UpstreamRegistry | undefined =>
  HOSTS.get(url.toLowerCase()) ??
  (AZURE_HOST.test(url) ? "azure-container-registry" : ecrRegistryOf(url) === undefined ? undefined : "ecr");

/** The URL that the options give an upstream, by its host or by ECR's name for it. */
export const urlOf = (
  { upstreams: { urls } }: State,
  { upstreamRegistryUrl, upstreamRegistry }: Pick<PullThroughRuleRecord, "upstreamRegistryUrl" | "upstreamRegistry">,
): string | undefined =>
  urls.get(upstreamRegistryUrl) ?? (upstreamRegistry === undefined ? undefined : urls.get(upstreamRegistry));

/** The upstream of a registry's rule. One that is neither here nor among the options cannot be reached: nothing goes out to the network by itself. */
export function upstreamOf(state: State, { account, region }: RegistryOf, rule: PullThroughRuleRecord): Upstream {
  const url = urlOf(state, rule);
  const { fetch } = state.upstreams;
  if (url !== undefined && fetch) return remoteUpstream(state, fetch, url, secretOf(state, rule.credentialArn));
  const registry = ecrRegistryOf(rule.upstreamRegistryUrl);
  if (registry)
    return localUpstream(
      state,
      (repositoryName) => ({ ...registry, repositoryName }),
      registry.account === account ? undefined : () => cacheRoleSession(state, { account, region }, rule.customRoleArn),
    );
  if (rule.upstreamRegistry === "ecr-public") return localUpstream(state, (name) => publicPlace(state, name));
  return unreachable(rule.upstreamRegistryUrl);
}

/** A repository of ECR Public, whose names there start with an alias of its registry. */
function publicPlace(state: State, name: string): Target | undefined {
  const [alias = "", ...rest] = name.split("/");
  const account = ownerOf(state, alias);
  return account === undefined ? undefined : { account, region: PUBLIC_REGION, repositoryName: rest.join("/") };
}

function unreachable(url: string): Upstream {
  const fail = async (): Promise<never> => {
    throw new UpstreamError("unreachable", `no upstream is configured for ${url}`);
  };
  return { manifest: fail, copyBlob: fail, referrers: fail, check: fail };
}
