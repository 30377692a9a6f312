import type { LifecycleRuleAction, LifecycleStorageClass } from "../../policy/lifecycle-rule.js";

/** A repository's lifecycle policy as it is kept. */
export interface LifecyclePolicyRecord {
  readonly text: string;
  readonly policyId: string;
  /** From 1 up; one more with every policy that replaces one. */
  readonly policyVersion: number;
  /** Absent before the first run. */
  readonly evaluatedAtMs?: number | undefined;
}

/** The last preview of a repository; whether it is still going on is told by the clock. */
export interface LifecyclePreviewRecord {
  readonly text: string;
  readonly startedAtMs: number;
  readonly expiringCount: number;
  readonly transitioningCount: number;
}

/** An image that a policy acts on, as it was when the policy was evaluated. */
export interface LifecycleImageAction {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAtMs: number;
  readonly storageClass: LifecycleStorageClass;
  readonly rulePriority: number;
  readonly action: LifecycleRuleAction;
}
