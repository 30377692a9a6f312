import { ServiceError } from "../../protocol/service-error.js";
import { emit } from "../events.js";
import { childrenOf, layersOf, putManifest, readManifest } from "../put-manifest.js";
import type { StoredManifest, Target } from "../registry.js";
import { repositoryArnOf } from "../repositories.js";
import { createByTemplate } from "../settings/create-by-template.js";
import { keyOf, type State } from "../state.js";
import type { RuleMatch } from "./rules.js";
import { type Upstream, UpstreamError } from "./upstream.js";

/** A manifest of the upstream that is to be stored here, by a tag or without one. */
interface Import {
  readonly upstream: Upstream;
  readonly match: RuleMatch;
  readonly tag?: string | undefined;
}

/** Stores an image of the upstream with all that it consists of, first the repository if there is none. */
export async function importImage(state: State, target: Target, manifest: StoredManifest, by: Import): Promise<void> {
  await prepareRepository(state, target);
  try {
    await storeImage(state, target, manifest, by);
  } catch (error) {
    // What cannot be stored here is no image: the upstream's failure, not the client's.
    if (error instanceof ServiceError && error.code === "InvalidParameterException")
      throw new UpstreamError("unavailable", error.message, { cause: error });
    throw error;
  }
  await state.store.transaction(() => emitImported(state, target, manifest, by));
}

/** documented: ECR makes the repository at the first pull. */
const prepareRepository = (state: State, target: Target): Promise<void> =>
  state.store.transaction(() => {
    if (!state.tables.repository.has(...keyOf(target))) createByTemplate(state, target, "PULL_THROUGH_CACHE");
    state.tables.cachedRepository.put(keyOf(target), 1);
  });

/** documented: the list and every image that it lists. */
async function storeImage(
  state: State,
  target: Target,
  { bytes, mediaType }: StoredManifest,
  { upstream, match, tag }: Import,
): Promise<void> {
  const { tables } = state;
  const text = Buffer.from(bytes).toString();
  const manifest = readManifest({ text, mediaType });
  for (const child of childrenOf(manifest)) {
    if (tables.image.has(...keyOf(target), child)) continue;
    const listed = await upstream.manifest(match.upstreamName, child);
    await storeImage(state, target, listed, { upstream, match });
  }
  for (const { digest } of layersOf(manifest))
    if (!tables.layer.has(...keyOf(target), digest))
      await upstream.copyBlob(match.upstreamName, digest, target).catch(unlessUnchecked(state));
  await putManifest(state, target, { text, mediaType, tag, unchanged: "accept", cause: "pull-through" });
}

/** Where layers are not checked, an image is cached without those that the upstream does not have either. */
const unlessUnchecked =
  ({ settings }: State) =>
  (error: unknown): void => {
    const isMissing = error instanceof UpstreamError && error.problem === "not-found";
    if (!(isMissing && settings.layers === "unchecked")) throw error;
  };

/** documented: EventBridge, ECR Pull Through Cache Action. */
function emitImported(state: State, target: Target, { digest }: StoredManifest, { match, tag }: Import): void {
  emit(state, target, {
    detailType: "ECR Pull Through Cache Action",
    resources: [repositoryArnOf(target)],
    detail: {
      "rule-version": "1",
      "sync-status": "SUCCESS",
      "ecr-repository-prefix": match.rule.ecrRepositoryPrefix,
      "repository-name": target.repositoryName,
      "upstream-registry-url": match.rule.upstreamRegistryUrl,
      ...(tag !== undefined && { "image-tag": tag }),
      "image-digest": digest,
    },
  });
}
