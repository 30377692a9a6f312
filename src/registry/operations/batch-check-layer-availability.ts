import type { Layer, LayerFailure } from "../../protocol/ecr/layers.js";
import { DIGEST_PATTERN, isImageDigest } from "../images.js";
import { isArchived } from "../layers.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Which layers the repository has. An unknown digest is UNAVAILABLE; only a malformed one is a failure. */
export const batchCheckLayerAvailability: Operation<"BatchCheckLayerAvailability"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  requireRepository(state, target);
  const layers: Layer[] = [];
  const failures: LayerFailure[] = [];
  for (const layerDigest of input.layerDigests) {
    if (!isImageDigest(layerDigest)) {
      failures.push(failureOf(layerDigest));
      continue;
    }
    const layer = state.tables.layer.get(...keyOf(target), layerDigest);
    // assumed: size and media type only of a layer that is there.
    if (!layer) layers.push({ layerDigest, layerAvailability: "UNAVAILABLE" });
    else
      layers.push({
        layerDigest,
        layerAvailability: isArchived(layer) ? "ARCHIVED" : "AVAILABLE",
        layerSize: layer.sizeBytes,
        mediaType: layer.mediaType,
      });
  }
  return { layers, failures };
};

/** assumed texts */
const failureOf = (layerDigest: string): LayerFailure =>
  layerDigest === ""
    ? { layerDigest, failureCode: "MissingLayerDigest", failureReason: "Layer digest cannot be empty" }
    : {
        layerDigest,
        failureCode: "InvalidLayerDigest",
        failureReason: `Invalid request parameters: layer digest should satisfy the regex '${DIGEST_PATTERN}'`,
      };
