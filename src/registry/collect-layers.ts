import { schedule } from "./jobs.js";
import { dropUnused, isUnused } from "./layers.js";
import type { RegistryOf, State } from "./state.js";

/** A registry whose unused layers are to be looked through. */
export type CollectLayers = RegistryOf;

/**
 * How often a registry's unused layers are looked through, in milliseconds: what was there, unused, at one look and still is at the next goes.
 * assumed: ECR says that they may go at any time, and a client that was told of a layer must find the time to put its image.
 */
const LOOK_MS = 24 * 60 * 60 * 1000;

/** Sees to it that a registry's layers are looked through. Only inside a transaction. */
export function scheduleCollection(state: State, { account, region }: RegistryOf): void {
  const { layerCollection } = state.tables;
  if (layerCollection.has(account, region)) return;
  layerCollection.put([account, region], 1);
  schedule(state, state.time.now() + LOOK_MS, { kind: "collect-layers", account, region });
}

/** Takes the layers that have been unused since the last look, and marks those that are unused now. Goes on as long as there are any layers. */
export function collectLayers(state: State, { account, region }: CollectLayers): void {
  const { tables } = state;
  for (const [[repositoryName = "", digest = ""], seen] of Array.from(tables.unusedLayer.list([account, region]))) {
    const key = [account, region, repositoryName, digest];
    if (seen === 0) {
      tables.unusedLayer.put(key, 1);
      continue;
    }
    tables.unusedLayer.remove(...key);
    tables.layer.remove(...key);
    tables.blobRepository.remove(digest, account, region, repositoryName);
  }
  tables.layerCollection.remove(account, region);
  if (tables.layer.any([account, region])) scheduleCollection(state, { account, region });
}

/** The bytes go once the transaction has said that nobody has them. */
export async function withBytes(
  state: State,
  { account, region }: CollectLayers,
  run: () => Promise<void>,
): Promise<void> {
  const unused = Array.from(state.tables.unusedLayer.list([account, region]), ([[, digest = ""]]) => digest);
  await run();
  await dropUnused(state, unused);
}

/**
 * Removes the bytes that no repository has: those of a push, or of a removal, that a process did not live to finish.
 * Answers whether it came to its end.
 */
export async function removeOrphans(state: State, signal: AbortSignal): Promise<boolean> {
  for await (const digest of state.blobs.list()) {
    if (signal.aborted) return false;
    if (isUnused(state, digest)) await state.blobs.remove(digest);
  }
  return true;
}
