import { countRepository, forgetImages } from "../counts.js";
import { dropUnused, removeLayers } from "../layers.js";
import { repositoryNotEmpty } from "../refusals.js";
import { describeRepository } from "../repositories.js";
import { keyOf, requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Deletes a repository; one with images only by `force`. Answers what it was. */
export const deleteRepository: Operation<"DeleteRepository"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  const { tables } = state;
  const { repository, layers } = await state.store.transaction(() => {
    const repository = requireRepository(state, target);
    if (!input.force && tables.image.any(keyOf(target))) throw repositoryNotEmpty(target);
    const { image, manifest, tag, imageTag, untagged, parent, referrer } = tables;
    for (const table of [image, manifest, tag, imageTag, untagged, parent, referrer]) table.clear(keyOf(target));
    tables.lifecyclePolicy.remove(...keyOf(target));
    tables.lifecyclePreview.remove(...keyOf(target));
    tables.lifecyclePreviewResult.clear(keyOf(target));
    tables.repositoryPolicy.remove(...keyOf(target));
    tables.catalogData.remove(...keyOf(target));
    for (const table of [tables.replication, tables.signing, tables.cachedTag]) table.clear(keyOf(target));
    for (const table of [tables.scan, tables.finding]) table.clear(keyOf(target));
    tables.cachedRepository.remove(...keyOf(target));
    tables.repository.remove(...keyOf(target));
    countRepository(tables, target, -1);
    forgetImages(tables, target);
    return { repository, layers: removeLayers(state, target) };
  });
  await state.uploads.abortAll(target);
  await dropUnused(state, layers);
  return { repository: describeRepository(state, target, repository) };
};
