import type { LifecyclePolicy } from "./lifecycle-policy.js";
import {
  type LifecycleRule,
  type LifecycleRuleAction,
  type LifecycleSelection,
  type LifecycleStorageClass,
  MIN_ARCHIVED_DAYS,
} from "./lifecycle-rule.js";
import { wildcard } from "./wildcard.js";

/** An image of the repository, as far as a lifecycle policy looks at it. Times are epoch milliseconds. */
export interface LifecycleImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly storageClass: LifecycleStorageClass;
  readonly pushedAtMs: number;
  readonly lastPulledAtMs?: number | undefined;
  /** When it was archived; looked at only while `storageClass` is `archive`. */
  readonly archivedAtMs?: number | undefined;
  /** When it was last restored from the archive. */
  readonly lastActivatedAtMs?: number | undefined;
  /** Whether an index of the repository lists it. */
  readonly referencedByIndex: boolean;
  /** The digest of the image that it refers to, whether or not the repository has it. */
  readonly subject?: string | undefined;
}

/** What a policy does to one image, and which rule says so. */
export interface LifecycleAction {
  readonly digest: string;
  readonly rulePriority: number;
  readonly action: LifecycleRuleAction;
}

const DAY_MS = 86_400_000;

/**
 * What `policy` does to a repository of `images` at `nowMs`, for a preview and for a run alike: the images of the standard
 * class first, then the archived ones, oldest first, each followed by its referrers. An image is acted on by one rule or none.
 *
 * documented: user guide, lifecycle policy evaluation rules. All rules look at the same snapshot. The first rule of the image's
 * storage class whose tag requirement it meets owns the image: only that one may act on it, and where it does not, none does.
 * The later rules still count it.
 *
 * assumed: images that are not acted on because an index lists them or their subject is present are counted all the same; of
 * two images of the same time the greater digest is the younger.
 */
export function evaluateLifecycle(
  policy: LifecyclePolicy,
  images: readonly LifecycleImage[],
  nowMs: number,
): readonly LifecycleAction[] {
  const { follows, withReferrers } = kinshipOf(images);
  const actions: LifecycleAction[] = [];
  for (const storageClass of ["standard", "archive"] as const) {
    const rules = policy.rules.filter(({ selection }) => selection.storageClass === storageClass);
    const youngestFirst = images.filter((image) => image.storageClass === storageClass).sort(byAge);
    for (const { image, rule } of markedBy(rules, youngestFirst, nowMs).reverse()) {
      if (image.referencedByIndex || follows(image)) continue;
      for (const each of withReferrers(image))
        if (rule.action.type === "expire" || each.storageClass === "standard")
          actions.push({ digest: each.digest, rulePriority: rule.rulePriority, action: rule.action });
    }
  }
  return actions;
}

interface Marked {
  readonly image: LifecycleImage;
  readonly rule: LifecycleRule;
}

/** What the rules of one storage class mark among its images: each image once, by the rule that owns it. */
function markedBy(rules: readonly LifecycleRule[], youngestFirst: readonly LifecycleImage[], nowMs: number): Marked[] {
  const runs = rules.map((rule) => ({ rule, meets: tagTest(rule.selection), counted: 0 }));
  const marked: Marked[] = [];
  for (const image of youngestFirst) {
    let owner: (typeof runs)[number] | undefined;
    for (const run of runs) {
      // Only a count has a use for images that an earlier rule owns.
      if (owner && run.rule.selection.countType !== "imageCountMoreThan") continue;
      if (!run.meets(image.tags)) continue;
      run.counted += 1;
      owner ??= run;
    }
    if (owner && isDue(owner.rule, image, owner.counted, nowMs)) marked.push({ image, rule: owner.rule });
  }
  return marked;
}

/** The tag requirement of a rule: every prefix or pattern of its list is met by some tag. */
function tagTest(selection: LifecycleSelection): (tags: readonly string[]) => boolean {
  if (selection.tagStatus === "any") return () => true;
  if (selection.tagStatus === "untagged") return (tags) => tags.length === 0;
  const tests =
    "tagPrefixList" in selection
      ? selection.tagPrefixList.map((prefix) => (tag: string) => tag.startsWith(prefix))
      : selection.tagPatternList.map(wildcard);
  return (tags) => {
    for (const test of tests) if (!tags.some(test)) return false;
    return true;
  };
}

/** Whether a rule acts on an image that is its `nth` youngest. */
function isDue({ selection }: LifecycleRule, image: LifecycleImage, nth: number, nowMs: number): boolean {
  const olderThan = (days: number, sinceMs: number): boolean => nowMs - sinceMs > days * DAY_MS;
  // documented: no rule deletes an image that was archived less than 90 days ago.
  if (image.storageClass === "archive" && nowMs - archivedMs(image) < MIN_ARCHIVED_DAYS * DAY_MS) return false;
  switch (selection.countType) {
    case "imageCountMoreThan":
      return nth > selection.countNumber;
    case "sinceImagePushed":
      return olderThan(selection.countNumber, image.pushedAtMs);
    case "sinceImagePulled":
      return olderThan(selection.countNumber, usedMs(image));
    case "sinceImageTransitioned":
      return olderThan(selection.countNumber, archivedMs(image));
  }
}

const byAge = (a: LifecycleImage, b: LifecycleImage): number =>
  orderMs(b) - orderMs(a) || (a.digest < b.digest ? 1 : -1);

/** What images of one storage class are counted by, youngest first. */
const orderMs = (image: LifecycleImage): number =>
  image.storageClass === "archive" ? archivedMs(image) : (image.lastActivatedAtMs ?? image.pushedAtMs);

const archivedMs = ({ archivedAtMs, pushedAtMs }: LifecycleImage): number => archivedAtMs ?? pushedAtMs;

/** The last pull, or the restore if there was no pull since, or the push if there was neither. */
function usedMs({ lastPulledAtMs, lastActivatedAtMs, pushedAtMs }: LifecycleImage): number {
  if (lastActivatedAtMs !== undefined && lastActivatedAtMs > (lastPulledAtMs ?? -Infinity)) return lastActivatedAtMs;
  return lastPulledAtMs ?? pushedAtMs;
}

interface Kinship {
  /** Whether an image goes where its subject goes, and never by itself. */
  readonly follows: (image: LifecycleImage) => boolean;
  /** The images that go where `image` goes, itself first, the referrers of its referrers included. */
  readonly withReferrers: (image: LifecycleImage) => readonly LifecycleImage[];
}

/** Who refers to whom. documented: referrers follow their subject. assumed: one that an index lists stays, and so do its own. */
function kinshipOf(images: readonly LifecycleImage[]): Kinship {
  const referrersOf = new Map<string, LifecycleImage[]>();
  for (const image of images) {
    if (image.subject === undefined) continue;
    const siblings = referrersOf.get(image.subject);
    if (siblings) siblings.push(image);
    else referrersOf.set(image.subject, [image]);
  }
  const subjects = new Set<string>();
  if (referrersOf.size > 0) for (const { digest } of images) if (referrersOf.has(digest)) subjects.add(digest);
  return {
    follows: ({ subject }) => subject !== undefined && subjects.has(subject),
    withReferrers: (image) => {
      const family = [image];
      for (const { digest } of family)
        for (const referrer of referrersOf.get(digest) ?? []) if (!referrer.referencedByIndex) family.push(referrer);
      return family;
    },
  };
}
