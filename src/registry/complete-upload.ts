import type { DigestAlgorithm } from "../image/digest.js";
import { storeLayer } from "./layers.js";
import { emptyUpload, invalidLayer, layerPartTooSmall } from "./refusals.js";
import type { Target } from "./registry.js";
import type { State } from "./state.js";
import type { LayerUpload } from "./uploads.js";

/** How an upload is sealed. */
export interface Completion {
  /** Appends what is still to come, in the same turn: nobody else comes in between. */
  readonly append?: ((upload: LayerUpload) => Promise<void>) | undefined;
  /** Which digest the layer is stored under. */
  readonly algorithm: DigestAlgorithm;
  /** The digest that the computed one contradicts, if any. */
  readonly contradicted: (computed: string) => string | undefined;
  readonly empty: "refuse" | "accept";
}

/**
 * Seals an upload as a layer and answers its digest. An upload that fails a check is over and its bytes are freed (assumed); only an
 * empty one may still be filled.
 *
 * @throws {ServiceError} EmptyUploadException | LayerPartTooSmallException | InvalidLayerException | LayerAlreadyExistsException
 */
export const completeUpload = (
  state: State,
  target: Target,
  uploadId: string,
  { append, algorithm, contradicted, empty }: Completion,
): Promise<string> =>
  state.uploads.exclusively(target, uploadId, async (upload) => {
    const { writer } = upload;
    await append?.(upload);
    if (writer.sizeBytes === 0 && empty === "refuse") throw emptyUpload(target, uploadId);
    state.uploads.end(upload);
    try {
      if (upload.hasSmallPart) throw layerPartTooSmall(uploadId);
      const digest = await writer.digest(algorithm);
      const given = contradicted(digest);
      if (given !== undefined) throw invalidLayer(given, digest);
      await storeLayer(state, target, digest, writer);
      return digest;
    } catch (error) {
      await writer.abort();
      throw error;
    }
  });
