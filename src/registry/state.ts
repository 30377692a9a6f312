import type { Accounts } from "../policy/accounts.js";
import type { Time } from "../time.js";
import type { BlobStore } from "./blobs.js";
import type { PageTokens } from "./paging.js";
import type { UpstreamSecret } from "./pull-through/secrets.js";
import type { UpstreamFetch } from "./pull-through/upstream.js";
import type { RepositoryRecord, Tables } from "./records.js";
import { repositoryNotFound } from "./refusals.js";
import type { Caller, Target } from "./registry.js";
import type { ScanningSettings } from "./scanning/scanner.js";
import type { Signer } from "./signer.js";
import type { Store } from "./store.js";
import type { Key } from "./table.js";
import type { QuotaOptions, Throttle } from "./throttle.js";
import type { Turns } from "./turns.js";
import type { Uploads } from "./uploads.js";

/** What sets one local ECR apart from another, resolved. */
interface Settings {
  /** `unchecked`: PutImage takes manifests whose layers were never uploaded. */
  readonly layers: "checked" | "unchecked";
  /** `ecr`: odd where ECR is odd. `oci`: as the OCI distribution specification has it. */
  readonly profile: "ecr" | "oci";
  /** `strict`: nobody is who is not in `accounts`. */
  readonly auth: "open" | "strict";
  readonly accounts: Accounts;
  /** Undefined: nothing is counted. */
  readonly quotas: QuotaOptions | undefined;
  /** From one run of a registry's lifecycle policies to the next. */
  readonly lifecycleIntervalMs: number;
  /** From a push to the arrival of its copies. */
  readonly replicationLagMs: number;
  readonly scanning: ScanningSettings;
  readonly registryHost: (account: string, region: string) => string;
  readonly origin: (account: string, region: string) => string;
  readonly publicRegistryHost: () => string;
  readonly publicRegistryOrigin: () => string;
  /** Aliases that accounts chose for their public registries, each with its account. */
  readonly publicAliases: ReadonlyMap<string, string>;
}

/** The registries outside that images are cached from, resolved. */
interface Upstreams {
  /** By the host that rules name, or by ECR's name for the registry. */
  readonly urls: ReadonlyMap<string, string>;
  readonly fetch?: UpstreamFetch | undefined;
  /** By ARN; absent where every ARN stands for a secret. */
  readonly secrets?: ReadonlyMap<string, UpstreamSecret> | undefined;
  /** What is on its way from an upstream: each image once. */
  readonly imports: Turns;
}

/** All that an operation works on. */
export interface State {
  readonly settings: Settings;
  readonly time: Time;
  /** The clock of those outside who make tokens that end. */
  readonly realTime: Pick<Time, "now">;
  readonly store: Store;
  readonly tables: Tables;
  readonly blobs: BlobStore;
  /** Blobs that are on their way into a repository, with how many are: they are kept although no repository has them yet. */
  readonly arriving: Map<string, number>;
  readonly uploads: Uploads;
  readonly signer: Signer;
  readonly throttle: Throttle | undefined;
  readonly upstreams: Upstreams;
  readonly pages: PageTokens;
}

/** The registry an operation is about. */
export type RegistryOf = Omit<Target, "repositoryName">;

/** The registry a request names, else the caller's own. Whether the caller may name it is decided in `access.ts`. */
export const registryOf = (caller: Caller, registryId: string | undefined): RegistryOf => ({
  account: registryId ?? caller.account,
  region: caller.region,
});

/** The repository a request names. */
export const targetOf = (
  caller: Caller,
  { registryId, repositoryName }: { readonly registryId?: string | undefined; readonly repositoryName: string },
): Target => ({ account: registryId ?? caller.account, region: caller.region, repositoryName });

/** A repository's place in the tables. */
export const keyOf = ({ account, region, repositoryName }: Target): Key => [account, region, repositoryName];

/** @throws {ServiceError} RepositoryNotFoundException */
export function requireRepository({ tables }: Pick<State, "tables">, target: Target): RepositoryRecord {
  const repository = tables.repository.get(...keyOf(target));
  if (!repository) throw repositoryNotFound(target);
  return repository;
}
