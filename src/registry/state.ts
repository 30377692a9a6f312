import type { Time } from "../time.js";
import type { BlobStore } from "./blobs.js";
import type { PageTokens } from "./paging.js";
import type { RepositoryRecord, Tables } from "./records.js";
import { repositoryNotFound } from "./refusals.js";
import type { Caller, Target } from "./registry.js";
import type { Signer } from "./signer.js";
import type { Store } from "./store.js";
import type { Key } from "./table.js";
import type { Uploads } from "./uploads.js";

/** What sets one local ECR apart from another, resolved. */
interface Settings {
  /** `unchecked`: PutImage takes manifests whose layers were never uploaded. */
  readonly layers: "checked" | "unchecked";
  /** `ecr`: odd where ECR is odd. `oci`: as the OCI distribution specification has it. */
  readonly profile: "ecr" | "oci";
  readonly registryHost: (account: string, region: string) => string;
  readonly origin: (account: string, region: string) => string;
}

/** All that an operation works on. */
export interface State {
  readonly settings: Settings;
  readonly time: Time;
  readonly store: Store;
  readonly tables: Tables;
  readonly blobs: BlobStore;
  /** Blobs that are on their way into a repository, with how many are: they are kept although no repository has them yet. */
  readonly arriving: Map<string, number>;
  readonly uploads: Uploads;
  readonly signer: Signer;
  readonly pages: PageTokens;
}

/** The registry an operation is about. */
export type RegistryOf = Omit<Target, "repositoryName">;

/** The registry a request names, else the caller's own. Anyone may name any account: policies, which decide that on AWS, are not built yet. */
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
