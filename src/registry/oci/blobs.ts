import { ServiceError } from "../../protocol/service-error.js";
import { dropUnused, isArchived } from "../layers.js";
import { pullLayerThrough } from "../pull-through/pull-through.js";
import { layerNotFound } from "../refusals.js";
import type { Blob, Caller, Target } from "../registry.js";
import { keyOf, requireRepository, type State } from "../state.js";

/** A layer of the repository, whether or not an image uses it yet. */
export async function blob(state: State, caller: Caller, target: Target, digest: string): Promise<Blob> {
  requireRepository(state, target);
  await pullLayerThrough(state, caller, target, digest);
  const layer = state.tables.layer.get(...keyOf(target), digest);
  // assumed for a layer in the archive: as the archived image itself is answered.
  if (!layer || isArchived(layer)) throw layerNotFound(target, digest);
  return { digest, sizeBytes: layer.sizeBytes, open: (range) => state.blobs.open(digest, range) };
}

/**
 * Takes a layer from the repository, and its bytes from the disk when no other has it. One that an image uses stays, so that no image can lose
 * one. documented: the OCI specification lets a registry refuse a deletion with 405; which, is its own choice.
 */
export async function deleteBlob(state: State, target: Target, digest: string): Promise<void> {
  await state.store.transaction(() => {
    requireRepository(state, target);
    const { layer, unusedLayer, blobRepository } = state.tables;
    const stored = layer.get(...keyOf(target), digest);
    if (!stored) throw layerNotFound(target, digest);
    if (stored.imageCount > 0) throw new ServiceError("StillReferenced", `The blob ${digest} is used by an image`);
    layer.remove(...keyOf(target), digest);
    unusedLayer.remove(...keyOf(target), digest);
    blobRepository.remove(digest, ...keyOf(target));
  });
  await dropUnused(state, [digest]);
}
