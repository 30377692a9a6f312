import { manifestKindOf } from "../image/media-types.js";
import type { ImageRecord } from "./records.js";
import type { Caller, Target } from "./registry.js";
import { isExcluded } from "./settings/pull-time-exclusions.js";
import { keyOf, type State } from "./state.js";

/** documented: lastRecordedPullTime is refreshed at least once every 24 hours; here not more often either, so that a pull is no write. */
const PULL_RECORD_MS = 24 * 60 * 60 * 1000;

/**
 * Whether an image may be given to someone who takes these media types. ECR converts between Docker's and OCI's formats; here every image is
 * given as it was stored to whoever takes that or a format that ECR would convert it to (assumed).
 */
export function accepts(accepted: readonly string[] | undefined, mediaType: string): boolean {
  if (accepted === undefined) return true;
  const kind = manifestKindOf(mediaType);
  return accepted.some(
    (type) => type === mediaType || type === "*/*" || type === "application/*" || manifestKindOf(type) === kind,
  );
}

/** The text of a stored manifest; notes that it was pulled, unless the caller's pulls do not count. */
export async function readManifestText(
  state: State,
  caller: Pick<Caller, "arn">,
  target: Target,
  { digest, image }: { readonly digest: string; readonly image: ImageRecord },
): Promise<string> {
  const text = manifestText(state, target, digest);
  const nowMs = state.time.now();
  const isDue = image.pulledAtMs === undefined || nowMs - image.pulledAtMs >= PULL_RECORD_MS;
  if (isDue && !isExcluded(state, target, caller))
    await state.store.transaction(() => recordPull(state, target, digest, nowMs));
  return text;
}

/** The text of a stored manifest. */
export function manifestText({ tables }: State, target: Target, digest: string): string {
  const text = tables.manifest.get(...keyOf(target), digest);
  if (text === undefined) throw new Error(`an image without a manifest: ${digest}`);
  return text;
}

/** Reads the image again: it may have been changed or deleted since. */
function recordPull({ tables }: State, target: Target, digest: string, nowMs: number): void {
  const key = [...keyOf(target), digest];
  const image = tables.image.get(...key);
  if (image) tables.image.put(key, { ...image, pulledAtMs: nowMs });
}
