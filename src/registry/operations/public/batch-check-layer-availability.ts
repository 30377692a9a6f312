import { onAliasedRegistry } from "../../public/on-public-registry.js";
import { batchCheckLayerAvailability as privately } from "../batch-check-layer-availability.js";
import type { Operation } from "../operation.js";

const behaviour = onAliasedRegistry("registry", privately);

/** Which layers a public repository has. Nothing is ever archived in one. */
export const batchCheckLayerAvailability: Operation<"ecr-public:BatchCheckLayerAvailability"> = async (
  state,
  caller,
  input,
) => {
  const { layers, failures } = await behaviour(state, caller, input);
  return {
    layers: layers.map((layer) => ({
      ...layer,
      layerAvailability: layer.layerAvailability === "AVAILABLE" ? "AVAILABLE" : "UNAVAILABLE",
    })),
    failures,
  };
};
