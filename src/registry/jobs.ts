import { LAST_MOMENT_MS, type Time } from "../time.js";
import { type CollectLayers, collectLayers, withBytes } from "./collect-layers.js";
import { inOrder } from "./in-order.js";
import { type RunLifecycle, runScheduled } from "./lifecycle/run.js";
import { type ReplicateImage, replicateImage } from "./replication/replicate-image.js";
import { type ContinueBackfill, continueBackfill } from "./replication/run-backfill.js";
import { type AdvanceScan, advanceScan } from "./scanning/scan-step.js";
import { type SignImage, signImage, withSignature } from "./signing/sign-image.js";
import type { State } from "./state.js";
import { finishRestore, type RestoreImage } from "./storage-class.js";

/** What is still to happen, by kind: each area of the registry names its own here and gives its handler below. */
export interface JobKinds {
  readonly "restore-image": RestoreImage;
  readonly "replicate-image": ReplicateImage;
  readonly "continue-backfill": ContinueBackfill;
  readonly "sign-image": SignImage;
  readonly "run-lifecycle": RunLifecycle;
  readonly "advance-scan": AdvanceScan;
  readonly "collect-layers": CollectLayers;
}

/** Work that is due at a later moment of the registry's clock: plain data, kept like all other state. */
export type Job = { readonly [K in keyof JobKinds]: { readonly kind: K } & JobKinds[K] }[keyof JobKinds];

/** Does a job inside a transaction of its own; `state.time` stands at the moment at which the job was due. */
export type JobHandler<K extends keyof JobKinds> = (state: State, job: JobKinds[K]) => void;

/** Does `run`, the transaction of a job, among what the job needs and no transaction can make: blobs. */
type JobSurrounding<K extends keyof JobKinds> = (
  state: State,
  job: JobKinds[K],
  run: () => Promise<void>,
) => Promise<void>;

const handlers: { readonly [K in keyof JobKinds]: JobHandler<K> } = {
  "restore-image": finishRestore,
  "replicate-image": replicateImage,
  "continue-backfill": continueBackfill,
  "sign-image": signImage,
  "run-lifecycle": runScheduled,
  "advance-scan": advanceScan,
  "collect-layers": collectLayers,
};

const surroundings: { readonly [K in keyof JobKinds]?: JobSurrounding<K> } = {
  "sign-image": withSignature,
  "collect-layers": withBytes,
};

/** Puts a job into the calendar, unless its time is one that no clock comes to. Only inside a transaction. */
export function schedule({ tables }: State, atMs: number, job: Job): void {
  if (atMs > LAST_MOMENT_MS) return;
  const sequence = (tables.counter.get("job") ?? 0) + 1;
  tables.counter.put(["job"], sequence);
  tables.job.put([inOrder(atMs), inOrder(sequence)], job);
}

/**
 * Does all work that has become due, in the order of its times, each piece at its own time: before an operation looks at the state, so
 * that what it sees does not depend on when somebody last looked. Undefined, not a promise, when nothing is due: the usual case costs nothing.
 */
export function runDue(state: State): Promise<void> | undefined {
  return firstDue(state) ? runAll(state) : undefined;
}

async function runAll(state: State): Promise<void> {
  for (let due = firstDue(state); due; due = firstDue(state)) {
    const { key, atMs } = due;
    const job = state.tables.job.get(...key);
    if (!job) continue;
    await surround(state, job, () =>
      state.store.transaction(() => {
        // Another call may have done it while this one waited for the store.
        if (!state.tables.job.has(...key)) return;
        state.tables.job.remove(...key);
        perform({ ...state, time: standing(state.time, atMs) }, job);
      }),
    );
  }
}

type JobOf<K extends keyof JobKinds> = { readonly kind: K } & JobKinds[K];

function surround<K extends keyof JobKinds>(state: State, job: JobOf<K>, run: () => Promise<void>): Promise<void> {
  const surrounding: JobSurrounding<K> | undefined = surroundings[job.kind];
  return surrounding ? surrounding(state, job, run) : run();
}

function perform<K extends keyof JobKinds>(state: State, job: JobOf<K>): void {
  handlers[job.kind](state, job);
}

function firstDue({
  tables,
  time,
}: State): { readonly key: readonly [string, string]; readonly atMs: number } | undefined {
  for (const [[at = "", sequence = ""]] of tables.job.list([])) {
    const atMs = Number(at);
    return atMs <= time.now() ? { key: [at, sequence], atMs } : undefined;
  }
  return undefined;
}

const standing = (time: Time, atMs: number): Time => ({ ...time, now: () => atMs });
