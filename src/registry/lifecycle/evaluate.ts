import { evaluateLifecycle, type LifecycleImage } from "../../policy/lifecycle-evaluator.js";
import { parseLifecyclePolicy } from "../../policy/lifecycle-policy.js";
import { tagsOf } from "../images.js";
import type { ImageRecord, Tables } from "../records.js";
import type { Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import type { LifecycleImageAction } from "./lifecycle-records.js";

/** What a stored policy text does to a repository now: for a preview and for a run alike. */
export function evaluate({ tables, time }: State, target: Target, text: string): readonly LifecycleImageAction[] {
  const images = new Map(snapshotOf(tables, target).map((image) => [image.digest, image]));
  return evaluateLifecycle(parseLifecyclePolicy(text), [...images.values()], time.now()).flatMap(
    ({ digest, rulePriority, action }) => {
      const image = images.get(digest);
      if (!image) return [];
      const { tags, pushedAtMs, storageClass } = image;
      return [{ digest, tags, pushedAtMs, storageClass, rulePriority, action }];
    },
  );
}

/** The images of a repository as a policy looks at them. assumed: an image that is on its way back from the archive is left alone. */
function snapshotOf(tables: Tables, target: Target): readonly LifecycleImage[] {
  const key = keyOf(target);
  const images: LifecycleImage[] = [];
  for (const [[digest = ""], image] of tables.image.list(key)) {
    if (isMoving(tables, target, image)) continue;
    images.push({
      digest,
      tags: image.tagCount > 0 ? tagsOf(tables, target, digest) : [],
      storageClass: image.status === "ARCHIVED" ? "archive" : "standard",
      pushedAtMs: image.pushedAtMs,
      lastPulledAtMs: image.pulledAtMs,
      archivedAtMs: image.archivedAtMs,
      lastActivatedAtMs: image.activatedAtMs,
      referencedByIndex: tables.parent.any([...key, digest]),
      subject: image.subject,
    });
  }
  return images;
}

/** Whether an image, or what it refers to and follows, is on its way back. */
function isMoving(tables: Tables, target: Target, { status, subject }: ImageRecord): boolean {
  if (status === "ACTIVATING") return true;
  const followed = subject === undefined ? undefined : tables.image.get(...keyOf(target), subject);
  return followed !== undefined && isMoving(tables, target, followed);
}
