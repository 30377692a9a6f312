import type { UpstreamRegistry } from "../../protocol/ecr/enums.js";

/** A pull-through cache rule; its registry and its prefix without the trailing `/` are its key. */
export interface PullThroughRuleRecord {
  /** As it was given. */
  readonly ecrRepositoryPrefix: string;
  /** Absent for an upstream that only the options know. */
  readonly upstreamRegistry?: UpstreamRegistry | undefined;
  readonly upstreamRegistryUrl: string;
  readonly upstreamRepositoryPrefix: string;
  readonly credentialArn?: string | undefined;
  readonly customRoleArn?: string | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** When the upstream was last asked what a tag points to; repository and tag are its key. */
export interface CachedTagRecord {
  readonly checkedAtMs: number;
}
