import { isArchived } from "../layers.js";
import { pullLayerThrough } from "../pull-through/pull-through.js";
import { layerInaccessible, layerNotFound } from "../refusals.js";
import { signLayerPath } from "../signed-layer.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** A URL to the bytes of a layer that an image of the repository uses, good for an hour. */
export const getDownloadUrlForLayer: Operation<"GetDownloadUrlForLayer"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const { layerDigest } = input;
  requireRepository(state, target);
  await pullLayerThrough(state, caller, target, layerDigest);
  const layer = state.tables.layer.get(...keyOf(target), layerDigest);
  if (!layer) throw layerNotFound(target, layerDigest);
  // assumed for a layer in the archive.
  if (layer.imageCount === 0 || isArchived(layer)) throw layerInaccessible(target, layerDigest);
  const path = signLayerPath(state.signer, state.time.now(), layerDigest);
  return { downloadUrl: state.settings.origin(target.account, target.region) + path, layerDigest };
};
