import { digestOf } from "../image/digest.js";
import type { BlobWriter } from "./blobs.js";
import { scheduleCollection } from "./collect-layers.js";
import type { LayerRecord, Tables } from "./records.js";
import { layerAlreadyExists } from "./refusals.js";
import type { Target } from "./registry.js";
import { keyOf, requireRepository, type State } from "./state.js";

/**
 * Layers belong to a repository, their bytes to all that have them. A layer stays in its repository as long as an image uses it, and a day
 * longer at least (`collect-layers.ts`), so that a push that was told a layer is there finds it; the bytes go when no repository has them
 * any more.
 */

/** Commits the bytes as a layer of the repository. @throws {ServiceError} LayerAlreadyExistsException | RepositoryNotFoundException */
export const storeLayer = (state: State, target: Target, digest: string, writer: BlobWriter): Promise<void> =>
  whileArriving(state, digest, async () => {
    const { sizeBytes } = writer;
    await writer.commit(digest);
    await state.store.transaction(() => addLayer(state, target, digest, sizeBytes));
  });

/** Gives the repository a layer that another one has. Resolves with false when no bytes are there. */
export const linkLayer = (state: State, target: Target, digest: string): Promise<boolean> =>
  whileArriving(state, digest, async () => {
    const sizeBytes = state.blobs.size(digest);
    if (sizeBytes === undefined) return false;
    await state.store.transaction(() => shareLayer(state, target, digest, sizeBytes));
    return true;
  });

/** Gives the repository a layer whose bytes another one has, if it does not have it yet. Only inside a transaction. */
export function shareLayer(state: State, target: Target, digest: string, sizeBytes: number): void {
  if (!state.tables.layer.has(...keyOf(target), digest)) addLayer(state, target, digest, sizeBytes);
}

function addLayer(state: State, target: Target, digest: string, sizeBytes: number): void {
  requireRepository(state, target);
  const { layer, blobRepository } = state.tables;
  if (layer.has(...keyOf(target), digest)) throw layerAlreadyExists(target, digest);
  layer.put([...keyOf(target), digest], { sizeBytes, imageCount: 0 });
  state.tables.unusedLayer.put([...keyOf(target), digest], 0);
  scheduleCollection(state, target);
  blobRepository.put([digest, ...keyOf(target)], 1);
}

/**
 * Notes that an image uses a layer, and with the first one what the layer is. Answers whether the repository has it: where layers are not
 * checked it may not. Only inside a transaction.
 */
export function attachLayer(tables: Tables, target: Target, digest: string, mediaType: string | undefined): boolean {
  const key = [...keyOf(target), digest];
  const layer = tables.layer.get(...key);
  if (!layer) return false;
  tables.layer.put(key, { ...layer, mediaType: layer.mediaType ?? mediaType, imageCount: layer.imageCount + 1 });
  if (layer.imageCount === 0) tables.unusedLayer.remove(...key);
  return true;
}

/** Notes that an image no longer uses a layer that was attached to it. Only inside a transaction. */
export function detachLayer(tables: Tables, target: Target, digest: string): void {
  const key = [...keyOf(target), digest];
  const layer = tables.layer.get(...key);
  if (!layer) return;
  tables.layer.put(key, { ...layer, imageCount: layer.imageCount - 1 });
  if (layer.imageCount === 1) tables.unusedLayer.put(key, 0);
}

/** Notes that one more or one fewer of the images that use a layer is archived. Only inside a transaction. */
export function countArchived(tables: Tables, target: Target, digest: string, by: 1 | -1): void {
  const key = [...keyOf(target), digest];
  const layer = tables.layer.get(...key);
  if (layer) tables.layer.put(key, { ...layer, archivedCount: (layer.archivedCount ?? 0) + by });
}

/** Whether a layer is in the archive. assumed: it is as soon as, and as long as, every image that uses it is. */
export const isArchived = ({ imageCount, archivedCount = 0 }: LayerRecord): boolean =>
  archivedCount > 0 && archivedCount === imageCount;

/** Takes all layers from a repository and answers their digests, for {@link dropUnused}. Only inside a transaction. */
export function removeLayers({ tables }: State, target: Target): readonly string[] {
  const digests = Array.from(tables.layer.list(keyOf(target)), ([[digest = ""]]) => digest);
  for (const digest of digests) tables.blobRepository.remove(digest, ...keyOf(target));
  tables.layer.clear(keyOf(target));
  tables.unusedLayer.clear(keyOf(target));
  return digests;
}

/** Removes the bytes of those blobs that no repository has and none is about to have. */
export async function dropUnused(state: State, digests: readonly string[]): Promise<void> {
  const unused = digests.filter((digest) => isUnused(state, digest));
  await Promise.all(unused.map((digest) => state.blobs.remove(digest)));
}

/** Whether nobody has a blob, nor would after a crash: whoever takes it from the last one looks again once that is durable. */
export const isUnused = (
  { tables: { blobRepository }, arriving }: Pick<State, "tables" | "arriving">,
  digest: string,
): boolean => !arriving.has(digest) && !blobRepository.any([digest]) && !blobRepository.anyKept([digest]);

/** Holds `bytes` as a blob while `work` takes it into a repository. Resolves with what `work` made of its digest. */
export const withBlob = <T>(state: State, bytes: Uint8Array, work: (digest: string) => Promise<T>): Promise<T> => {
  const digest = digestOf(bytes);
  return whileArriving(state, digest, async () => {
    if (state.blobs.size(digest) === undefined) {
      const writer = await state.blobs.begin();
      await writer.append(bytes);
      await writer.commit(digest);
    }
    return work(digest);
  });
};

/** Keeps the blob from being dropped while `work` takes it into a repository; drops it afterwards if none took it. */
async function whileArriving<T>(state: State, digest: string, work: () => Promise<T>): Promise<T> {
  const release = holdBlobs(state, [digest]);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Keeps blobs from being dropped until the answer is called, which drops those that no repository has. */
export function holdBlobs(state: State, digests: readonly string[]): () => Promise<void> {
  const { arriving } = state;
  for (const digest of digests) arriving.set(digest, (arriving.get(digest) ?? 0) + 1);
  return async () => {
    for (const digest of digests) {
      const others = (arriving.get(digest) ?? 1) - 1;
      if (others > 0) arriving.set(digest, others);
      else arriving.delete(digest);
    }
    await dropUnused(state, digests);
  };
}
