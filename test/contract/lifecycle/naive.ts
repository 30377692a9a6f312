/**
 * A lifecycle evaluator written a second time, from the ten rules of the user guide and without a look at the first: rule by rule
 * over sets of images, in time that nobody should wait for. It reads the policy's document as it stands.
 */

/** The policy document, as PutLifecyclePolicy takes it. */
export interface PolicyDocument {
  readonly rules: readonly RuleDocument[];
}

export interface RuleDocument {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: string;
    readonly tagPrefixList?: readonly string[];
    readonly tagPatternList?: readonly string[];
    readonly storageClass?: string;
    readonly countType: string;
    readonly countUnit?: string;
    readonly countNumber: number;
  };
  readonly action: { readonly type: string; readonly targetStorageClass?: string };
}

/** An image as a repository knows it; times in epoch milliseconds. */
export interface EstateImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly storageClass: "standard" | "archive";
  readonly pushedAtMs: number;
  readonly lastPulledAtMs?: number | undefined;
  readonly archivedAtMs?: number | undefined;
  readonly lastActivatedAtMs?: number | undefined;
  readonly referencedByIndex: boolean;
  readonly subject?: string | undefined;
}

const DAY = 24 * 60 * 60 * 1000;

/** For each image that is acted on: the priority of the rule and what it does. */
export function naiveLifecycle(
  document: PolicyDocument,
  images: readonly EstateImage[],
  now: number,
): ReadonlyMap<string, string> {
  const byPriority = [...document.rules].sort((a, b) => a.rulePriority - b.rulePriority);

  // Rule 1: every rule looks at the same snapshot before any is applied. Rule 4: so it sees what others mark.
  const looks = byPriority.map((rule) => images.filter((image) => looksAt(rule, image)));
  const marks = byPriority.map((rule, index) =>
    (looks[index] ?? []).filter((image) => marksImage(rule, image, looks[index] ?? [], now)),
  );

  const result = new Map<string, string>();
  byPriority.forEach((rule, index) => {
    for (const image of marks[index] ?? []) {
      // Rules 2 and 3: what an earlier rule looks at is out of reach, whether or not it was marked.
      if (looks.slice(0, index).some((earlier) => earlier.includes(image))) continue;
      // Rule 9: not while an index lists it; a referrer only with its subject.
      if (image.referencedByIndex || images.some(({ digest }) => digest === image.subject)) continue;
      take(image, rule, images, result);
    }
  });
  return result;
}

/** Rule 9: the referrers of what goes go the same way. */
function take(
  image: EstateImage,
  rule: RuleDocument,
  images: readonly EstateImage[],
  result: Map<string, string>,
): void {
  const already = rule.action.type === "transition" && image.storageClass === rule.action.targetStorageClass;
  if (!already) result.set(image.digest, `${rule.rulePriority} ${rule.action.type}`);
  for (const referrer of images)
    if (referrer.subject === image.digest && !referrer.referencedByIndex) take(referrer, rule, images, result);
}

function looksAt({ selection }: RuleDocument, image: EstateImage): boolean {
  if (image.storageClass !== (selection.storageClass ?? "standard")) return false;
  if (selection.tagStatus === "any") return true;
  if (selection.tagStatus === "untagged") return image.tags.length === 0;
  const wanted = [
    ...(selection.tagPrefixList ?? []).map((prefix) => new RegExp(`^${escaped(prefix)}`)),
    ...(selection.tagPatternList ?? []).map((pattern) => new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`)),
  ];
  return wanted.every((each) => image.tags.some((tag) => each.test(tag)));
}

const escaped = (text: string): string => text.replace(/[.+*?^$()|[\]{}\\]/g, "\\$&");

function marksImage(
  { selection }: RuleDocument,
  image: EstateImage,
  fellows: readonly EstateImage[],
  now: number,
): boolean {
  const days = (from: number): number => (now - from) / DAY;
  if (image.archivedAtMs !== undefined && image.storageClass === "archive" && days(image.archivedAtMs) < 90)
    return false;
  // Rule 5.
  if (selection.countType === "imageCountMoreThan")
    return fellows.filter((fellow) => isYounger(fellow, image)).length >= selection.countNumber;
  return days(beginning(selection.countType, image)) > selection.countNumber;
}

/** Rules 6, 7 and 8. */
function beginning(countType: string, image: EstateImage): number {
  if (countType === "sinceImagePushed") return image.pushedAtMs;
  if (countType === "sinceImageTransitioned") return image.archivedAtMs ?? image.pushedAtMs;
  const { lastPulledAtMs: pulled, lastActivatedAtMs: activated } = image;
  if (pulled === undefined) return activated ?? image.pushedAtMs;
  return activated === undefined ? pulled : Math.max(pulled, activated);
}

function isYounger(a: EstateImage, b: EstateImage): boolean {
  const since = (image: EstateImage): number => {
    if (image.storageClass === "archive") return image.archivedAtMs ?? image.pushedAtMs;
    return image.lastActivatedAtMs === undefined ? image.pushedAtMs : image.lastActivatedAtMs;
  };
  return since(a) === since(b) ? a.digest > b.digest : since(a) > since(b);
}
