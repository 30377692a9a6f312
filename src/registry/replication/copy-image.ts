import type { ReplicationDestination } from "../../protocol/ecr/replication.js";
import { ServiceError } from "../../protocol/service-error.js";
import { emit } from "../events.js";
import { shareLayer } from "../layers.js";
import { manifestText } from "../pull.js";
import { storeManifest } from "../put-manifest.js";
import type { Target } from "../registry.js";
import { repositoryArnOf } from "../repositories.js";
import { createByTemplate } from "../settings/create-by-template.js";
import { registryAllows } from "../settings/registry-policy.js";
import { keyOf, requireRepository, type State } from "../state.js";
import { immutabilityOf } from "../tag-mutability.js";

/** An image that is to be copied, and by which tag. */
export interface CopiedImage {
  readonly digest: string;
  readonly tag?: string | undefined;
}

/** Why a copy failed. assumed: ECR's codes are not documented. */
export const REGISTRY_POLICY_DENIES = "AccessDenied";

/**
 * Copies an image that is there, with the images it lists, into the repository of the same name at the destination, which is made if need
 * be. Answers the code of what went wrong, if anything did. Only inside a transaction.
 */
export function replicate(
  state: State,
  source: Target,
  image: CopiedImage,
  { region, registryId }: ReplicationDestination,
): string | undefined {
  const target = { account: registryId, region, repositoryName: source.repositoryName };
  const allows = (action: string): boolean => registryAllows(state, target, source.account, action);
  if (!allows("ecr:ReplicateImage")) return REGISTRY_POLICY_DENIES;
  const isNew = !state.tables.repository.has(...keyOf(target));
  if (isNew && !allows("ecr:CreateRepository")) return REGISTRY_POLICY_DENIES;
  const { digest, tag } = image;
  // A tag that has moved on, or is gone, is not to be moved back at the destination.
  const isTagged = tag !== undefined && state.tables.tag.get(...keyOf(source), tag) === digest;
  const copied = { digest, tag: isTagged ? tag : undefined };
  try {
    // A copy that is refused leaves nothing: not the images of an index that has no room, nor what they set off.
    state.store.savepoint(() => {
      if (isNew) createByTemplate(state, target, "REPLICATION");
      copyImage(state, source, target, copied);
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return error.code;
  }
  emitReplicated(state, source, target, copied);
  return undefined;
}

function copyImage(state: State, source: Target, target: Target, { digest, tag }: CopiedImage): void {
  const { tables } = state;
  const image = tables.image.get(...keyOf(source), digest);
  if (!image) throw new Error(`a copy of an image that is not there: ${digest}`);
  for (const child of image.children)
    if (!tables.image.has(...keyOf(target), child)) copyImage(state, source, target, { digest: child });
  for (const layer of image.layers)
    shareLayer(state, target, layer, tables.layer.get(...keyOf(source), layer)?.sizeBytes ?? 0);
  storeManifest(state, target, {
    text: manifestText(state, source, digest),
    mediaType: image.mediaType,
    tag: tag !== undefined && isTakenForGood(state, target, tag) ? undefined : tag,
    unchanged: "accept",
    cause: "replication",
  });
}

/** documented: an image whose tag is there already, and immutable, arrives without it. */
const isTakenForGood = (state: State, target: Target, tag: string): boolean =>
  state.tables.tag.has(...keyOf(target), tag) && immutabilityOf(requireRepository(state, target), tag) !== undefined;

/** documented: EventBridge, an event at the destination. */
function emitReplicated(state: State, source: Target, target: Target, { digest, tag }: CopiedImage): void {
  emit(state, target, {
    detailType: "ECR Replication Action",
    resources: [repositoryArnOf(target)],
    detail: {
      result: "SUCCESS",
      "repository-name": target.repositoryName,
      "image-digest": digest,
      "source-account": source.account,
      "action-type": "REPLICATE",
      "source-region": source.region,
      ...(tag !== undefined && { "image-tag": tag }),
    },
  });
}
