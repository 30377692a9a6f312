import { deleteImage } from "../delete-image.js";
import { schedule } from "../jobs.js";
import type { LifecycleRun, LifecycleScope, Target } from "../registry.js";
import { keyOf, type RegistryOf, requireRepository, type State } from "../state.js";
import { archiveImage } from "../storage-class.js";
import { evaluate } from "./evaluate.js";
import { emitLifecycleEvents } from "./event.js";
import type { LifecycleImageAction, LifecyclePolicyRecord } from "./lifecycle-records.js";
import { requirePolicy } from "./policies.js";

/** The run that a registry with lifecycle policies has once in every interval. */
export type RunLifecycle = RegistryOf;

/** Sees to it that the registry has a run ahead. Only inside a transaction. */
export function scheduleRun(state: State, { account, region }: RegistryOf): void {
  const { tables, time, settings } = state;
  if (tables.lifecycleRun.has(account, region)) return;
  tables.lifecycleRun.put([account, region], 1);
  schedule(state, time.now() + settings.lifecycleIntervalMs, { kind: "run-lifecycle", account, region });
}

/** The run when its time has come, and the next one as long as the registry has a policy. */
export function runScheduled(state: State, { account, region }: RunLifecycle): void {
  state.tables.lifecycleRun.remove(account, region);
  if (runRegistry(state, { account, region }).length > 0) scheduleRun(state, { account, region });
}

/**
 * Applies the policies of a registry or of one repository, now. Only inside a transaction.
 * @throws {ServiceError} RepositoryNotFoundException | LifecyclePolicyNotFoundException
 */
export function runScope(state: State, { repositoryName, ...registry }: LifecycleScope): readonly LifecycleRun[] {
  if (repositoryName === undefined) return runRegistry(state, registry);
  const target = { ...registry, repositoryName };
  requireRepository(state, target);
  return [runRepository(state, target, requirePolicy(state, target))];
}

/** Applies every lifecycle policy of a registry, in the order of the repositories' names. Only inside a transaction. */
function runRegistry(state: State, { account, region }: RegistryOf): readonly LifecycleRun[] {
  const policies = [...state.tables.lifecyclePolicy.list([account, region])];
  return policies.map(([[repositoryName = ""], policy]) =>
    runRepository(state, { account, region, repositoryName }, policy),
  );
}

/** Applies the lifecycle policy of one repository. Only inside a transaction. */
function runRepository(state: State, target: Target, policy: LifecyclePolicyRecord): LifecycleRun {
  const actions = evaluate(state, target, policy.text);
  for (const action of actions) apply(state, target, action);
  emitLifecycleEvents(state, target, "PolicyExecutionEvent", policy, actions);
  state.tables.lifecyclePolicy.put(keyOf(target), { ...policy, evaluatedAtMs: state.time.now() });
  return {
    repositoryName: target.repositoryName,
    actions: actions.map(({ digest, tags, rulePriority, action }) => ({
      digest,
      tags,
      rulePriority,
      action: action.type,
    })),
  };
}

/** As BatchDeleteImage or UpdateImageStorageClass does it. */
function apply(state: State, target: Target, { digest, action }: LifecycleImageAction): void {
  if (action.type === "transition") {
    archiveImage(state, target, digest);
    return;
  }
  const deleted = deleteImage(state, target, { imageDigest: digest });
  if (typeof deleted === "string")
    throw new Error(`a lifecycle rule chose ${digest}, which cannot be deleted: ${deleted}`);
}
