import type { ImageStatus, TargetStorageClass } from "../protocol/ecr/enums.js";
import { ServiceError } from "../protocol/service-error.js";
import { countImage } from "./counts.js";
import { emitImageAction } from "./events.js";
import { tagsOf } from "./images.js";
import { schedule } from "./jobs.js";
import { countArchived } from "./layers.js";
import type { ImageRecord, Tables } from "./records.js";
import type { Target } from "./registry.js";
import { startReplication } from "./replication/replicate-image.js";
import { keyOf, type State } from "./state.js";

/** How long it takes until an image is back from the archive. documented: up to 20 minutes. */
const RESTORE_MS = 20 * 60 * 1000;

/** Whether an image can be pulled: it is neither archived nor still on its way back. documented */
export const isPullable = ({ status }: ImageRecord): boolean => status === undefined;

export const imageStatus = ({ status }: ImageRecord): ImageStatus => status ?? "ACTIVE";

/**
 * Archives an image and what refers to it, at once (documented for the image; for its referrers within a day), and answers its status.
 * One that is archived stays as it is (assumed). Only inside a transaction. @throws {ServiceError} ImageStorageClassUpdateNotSupportedException
 */
export function archive(state: State, target: Target, digest: string, image: ImageRecord): ImageStatus {
  if (image.status === "ARCHIVED") return "ARCHIVED";
  if (image.status === "ACTIVATING") throw notSupported(target, digest, "it is being restored");
  if (isListed(state.tables, target, digest))
    throw notSupported(target, digest, "an active manifest list references it");
  for (const [each] of withReferrers(state.tables, target, digest)) archiveImage(state, target, each);
  return "ARCHIVED";
}

/** Archives one image, unless it is archived or on its way back. Only inside a transaction. */
export function archiveImage(state: State, target: Target, digest: string): void {
  const { tables, time } = state;
  const key = [...keyOf(target), digest];
  const image = tables.image.get(...key);
  if (!image || image.status !== undefined) return;
  tables.image.put(key, { ...image, status: "ARCHIVED", archivedAtMs: time.now() });
  for (const layer of image.layers) countArchived(tables, target, layer, 1);
  countImage(tables, target, -1);
  emitStorageClass(state, target, digest, image, "ARCHIVE");
}

/** assumed: one event for each image, a restored one's when it can be pulled again. */
function emitStorageClass(
  state: State,
  target: Target,
  digest: string,
  { mediaType, artifactMediaType }: ImageRecord,
  storageClass: TargetStorageClass,
): void {
  emitImageAction(state, target, { type: "UPDATE_STORAGE_CLASS", digest, mediaType, artifactMediaType, storageClass });
}

/** Starts to bring an archived image back, with what refers to it, and answers its status. Only inside a transaction. */
export function restore(state: State, target: Target, digest: string, image: ImageRecord): ImageStatus {
  if (image.status !== "ARCHIVED") return imageStatus(image);
  for (const [each, archived] of withReferrers(state.tables, target, digest)) {
    if (archived.status !== "ARCHIVED") continue;
    state.tables.image.put([...keyOf(target), each], { ...archived, status: "ACTIVATING" });
    const { archivedAtMs } = archived;
    schedule(state, state.time.now() + RESTORE_MS, { kind: "restore-image", ...target, digest: each, archivedAtMs });
  }
  return "ACTIVATING";
}

/** An image that is on its way back from the archive. */
export interface RestoreImage extends Target {
  readonly digest: string;
  /** Since when it was archived: tells this restore from one of another time. */
  readonly archivedAtMs?: number | undefined;
}

/**
 * The end of a restore: the image can be pulled again, and goes to other registries as a pushed one does (documented), unless it was
 * deleted, pushed or archived anew in the meantime.
 */
export function finishRestore(state: State, job: RestoreImage): void {
  const { account, region, repositoryName, digest, archivedAtMs } = job;
  const target = { account, region, repositoryName };
  const image = state.tables.image.get(...keyOf(target), digest);
  if (image?.status !== "ACTIVATING" || image.archivedAtMs !== archivedAtMs) return;
  activate(state, target, digest, image);
  const tags = tagsOf(state.tables, target, digest);
  for (const tag of tags.length > 0 ? tags : [undefined]) startReplication(state, target, { digest, tag });
}

/**
 * Brings an image that has been pushed back from the archive, with what refers to it. documented; assumed: at once, since all of it has just
 * been sent. Only inside a transaction.
 */
export function restorePushed(state: State, target: Target, digest: string): void {
  for (const [each, image] of withReferrers(state.tables, target, digest))
    if (image.status !== undefined) activate(state, target, each, image);
}

function activate(state: State, target: Target, digest: string, image: ImageRecord): void {
  const { tables, time } = state;
  const { status: _restored, ...active } = image;
  tables.image.put([...keyOf(target), digest], { ...active, activatedAtMs: time.now() });
  for (const layer of image.layers) countArchived(tables, target, layer, -1);
  countImage(tables, target, 1);
  emitStorageClass(state, target, digest, image, "STANDARD");
}

/** An image and the referrers that go where it goes. assumed, as in the lifecycle evaluator: those that an index lists do not. */
function withReferrers(
  tables: Tables,
  target: Target,
  digest: string,
): readonly (readonly [digest: string, image: ImageRecord])[] {
  const image = tables.image.get(...keyOf(target), digest);
  if (!image) return [];
  const referrers = Array.from(tables.referrer.list([...keyOf(target), digest]), ([[referrer = ""]]) => referrer);
  return [
    [digest, image],
    ...referrers
      .filter((referrer) => !tables.parent.any([...keyOf(target), referrer]))
      .flatMap((referrer) => withReferrers(tables, target, referrer)),
  ];
}

/** Whether an index that is not archived lists an image. */
function isListed({ parent, image }: Tables, target: Target, digest: string): boolean {
  for (const [[index = ""]] of parent.list([...keyOf(target), digest]))
    if (image.get(...keyOf(target), index)?.status !== "ARCHIVED") return true;
  return false;
}

/** The case and the text are assumed: the model names the error and nothing more. */
const notSupported = ({ account, repositoryName }: Target, digest: string, reason: string): ServiceError =>
  new ServiceError(
    "ImageStorageClassUpdateNotSupportedException",
    `The storage class of the image with digest '${digest}' in the repository with name '${repositoryName}' in the registry with id '${account}' cannot be updated because ${reason}`,
  );
