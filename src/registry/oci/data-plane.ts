import { layerNotFound } from "../refusals.js";
import type { Blob, DataPlane, Target } from "../registry.js";
import { keyOf, requireRepository, type State } from "../state.js";
import { catalog, tags } from "./listings.js";
import { deleteManifest, manifest, putManifestBytes, referrers } from "./manifests.js";
import { append, cancel, complete, mount, start, status } from "./uploads.js";

/** `/v2` over the state that the operations work on. */
export const createDataPlane = (state: State): DataPlane => ({
  catalog: async (caller, registry, page) => catalog(state, caller, registry, page),
  tags: async (caller, target, page) => tags(state, caller, target, page),
  manifest: (_caller, target, reference, options) => manifest(state, target, reference, options),
  putManifest: (_caller, target, reference, put) => putManifestBytes(state, target, reference, put),
  deleteManifest: (_caller, target, reference) => deleteManifest(state, target, reference),
  referrers: async (_caller, target, digest, artifactType) => referrers(state, target, digest, artifactType),
  blob: async (_caller, target, digest) => blob(state, target, digest),
  startUpload: (_caller, target) => start(state, target),
  upload: async (_caller, target, uploadId) => status(state, target, uploadId),
  append: (_caller, target, uploadId, body, firstByte) => append(state, target, uploadId, body, firstByte),
  completeUpload: (_caller, target, uploadId, digest, last) => complete(state, target, uploadId, digest, last),
  cancelUpload: (_caller, target, uploadId) => cancel(state, target, uploadId),
  mount: (_caller, target, digest, from) => mount(state, target, digest, from),
});

/** A layer of the repository, whether or not an image uses it yet. */
function blob(state: State, target: Target, digest: string): Blob {
  requireRepository(state, target);
  const layer = state.tables.layer.get(...keyOf(target), digest);
  if (!layer) throw layerNotFound(target, digest);
  return { digest, sizeBytes: layer.sizeBytes, open: (range) => state.blobs.open(digest, range) };
}
