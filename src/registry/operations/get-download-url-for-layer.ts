import { layerInaccessible, layerNotFound } from "../refusals.js";
import { signLayerPath } from "../signed-layer.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** A URL to the bytes of a layer that an image of the repository uses, good for an hour. */
export const getDownloadUrlForLayer: Operation<"GetDownloadUrlForLayer"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  const { layerDigest } = input;
  requireRepository(state, target);
  const layer = state.tables.layer.get(...keyOf(target), layerDigest);
  if (!layer) throw layerNotFound(target, layerDigest);
  if (layer.imageCount === 0) throw layerInaccessible(target, layerDigest);
  const path = signLayerPath(state.signer, state.time.now(), layerDigest);
  return { downloadUrl: state.settings.origin(target.account, target.region) + path, layerDigest };
};
