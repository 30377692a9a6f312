import { randomUUID } from "node:crypto";
import type { TargetStorageClass } from "../protocol/ecr/enums.js";
import { inOrder } from "./in-order.js";
import { isPublic } from "./public-region.js";
import type { Target } from "./registry.js";
import type { RegistryOf, State } from "./state.js";

/** An event as EventBridge delivers it. documented: Amazon ECR user guide, EventBridge. */
export interface RegistryEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: "aws.ecr" | "aws.inspector2";
  readonly account: string;
  /** ISO 8601, to the second. */
  readonly time: string;
  readonly region: string;
  /** ARNs of what it is about. */
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Events that are kept; the oldest go first. */
export const KEPT_EVENTS = 10_000;

/** What an event says, beside when and where. */
export interface EventContent {
  readonly detailType: string;
  readonly source?: RegistryEvent["source"];
  readonly resources?: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Notes that something happened in a registry. Only inside the transaction that makes it happen: what is rolled back never happened. */
export function emit({ tables, time }: State, { account, region }: RegistryOf, content: EventContent): void {
  const { detailType, source = "aws.ecr", resources = [], detail } = content;
  const sequence = (tables.counter.get("event") ?? 0) + 1;
  tables.counter.put(["event"], sequence);
  tables.event.put([placeOf(sequence)], {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source,
    account,
    time: `${new Date(time.now()).toISOString().slice(0, 19)}Z`,
    region,
    resources,
    detail,
  });
}

/** An event and its place: pass `sequence` back to read on from there. */
export interface SequencedEvent {
  readonly sequence: number;
  readonly event: RegistryEvent;
}

/** Up to `limit` kept events after `sequence`, the oldest first. */
export function eventsAfter({ tables }: State, sequence: number, limit: number): readonly SequencedEvent[] {
  const last = tables.counter.get("event") ?? 0;
  const found: SequencedEvent[] = [];
  for (let next = Math.max(sequence, last - KEPT_EVENTS) + 1; next <= last && found.length < limit; next++) {
    const event = tables.event.get(placeOf(next));
    if (event) found.push({ sequence: next, event });
  }
  return found;
}

/** Each event takes the place of the one that is forgotten for it. */
const placeOf = (sequence: number): string => inOrder(sequence % KEPT_EVENTS);

/**
 * What an "ECR Image Action" event says of an image that was pushed, deleted, archived or restored. documented for the first two; the media types
 * are assumed, and all of what a change of the storage class looks like: that such events exist is all that is known.
 */
export interface ImageAction {
  readonly type: "PUSH" | "DELETE" | "UPDATE_STORAGE_CLASS";
  readonly digest: string;
  readonly tag?: string | undefined;
  readonly mediaType: string;
  readonly artifactMediaType?: string | undefined;
  /** The class that an image has come to. */
  readonly storageClass?: TargetStorageClass | undefined;
}

/** Notes what happened to an image. Only inside a transaction. */
export function emitImageAction(state: State, target: Target, action: ImageAction): void {
  // assumed: ECR Public sends none.
  if (isPublic(target)) return;
  const { type, digest, tag, mediaType, artifactMediaType, storageClass } = action;
  emit(state, target, {
    detailType: "ECR Image Action",
    detail: {
      result: "SUCCESS",
      "repository-name": target.repositoryName,
      "image-digest": digest,
      "action-type": type,
      ...(tag !== undefined && { "image-tag": tag }),
      "manifest-media-type": mediaType,
      ...(artifactMediaType !== undefined && { "artifact-media-type": artifactMediaType }),
      ...(storageClass !== undefined && { "target-storage-class": storageClass }),
    },
  });
}
