import {
  LifecyclePolicyError,
  type Members,
  noSchemaMatches,
  readArray,
  readEnum,
  readInteger,
  readObject,
  readString,
} from "./lifecycle-schema.js";

/** Where an image is stored, as a lifecycle policy writes it. */
export type LifecycleStorageClass = "standard" | "archive";

/** One rule: which images it looks at, which of those it acts on, and how. */
export interface LifecycleRule {
  /** From 1 up, unique in its policy; the lowest is applied first. */
  readonly rulePriority: number;
  readonly description?: string | undefined;
  readonly selection: LifecycleSelection;
  readonly action: LifecycleRuleAction;
}

/** Which images a rule looks at, and how many or how old of them it leaves alone. */
export type LifecycleSelection = TagSelection & CountSelection & { readonly storageClass: LifecycleStorageClass };

/** A `tagged` rule looks at images where each entry of its list is matched by a tag, not necessarily the same one. */
export type TagSelection =
  | { readonly tagStatus: "any" }
  | { readonly tagStatus: "untagged" }
  | { readonly tagStatus: "tagged"; readonly tagPrefixList: readonly string[] }
  | { readonly tagStatus: "tagged"; readonly tagPatternList: readonly string[] };

/** A rule acts on what is past a number of images, or older than a number of days. */
export type CountSelection =
  | { readonly countType: "imageCountMoreThan"; readonly countNumber: number }
  | { readonly countType: AgeCountType; readonly countUnit: "days"; readonly countNumber: number };

/** What an age is counted from. */
export type AgeCountType = "sinceImagePushed" | "sinceImagePulled" | "sinceImageTransitioned";

/** What happens to an image. */
export type LifecycleRuleAction =
  | { readonly type: "expire" }
  | { readonly type: "transition"; readonly targetStorageClass: "archive" };

/** documented: lifecycle policy properties, tag pattern list. */
const MAX_WILDCARDS = 4;

/** Days that an image stays archived before a rule may expire it. documented: archiving an image. */
export const MIN_ARCHIVED_DAYS = 90;

/** Reads one rule at `where` in the document. @throws {LifecyclePolicyError} when ECR would refuse it */
export function readRule(value: unknown, where: string): LifecycleRule {
  const members = readObject(value, where, ["rulePriority", "selection", "action"], ["description"]);
  const rulePriority = readInteger(members.rulePriority, `${where}.rulePriority`, 1);
  const description = Object.hasOwn(members, "description")
    ? readString(members.description, `${where}.description`)
    : undefined;
  const action = readAction(members.action, `${where}.action`);
  const selection = readSelection(members.selection, `${where}.selection`);
  requireFittingAction(selection, action, where);
  return { rulePriority, ...(description !== undefined && { description }), selection, action };
}

function readAction(value: unknown, where: string): LifecycleRuleAction {
  const members = readObject(value, where, ["type"], ["targetStorageClass"]);
  const type = readEnum(members.type, `${where}.type`, ["expire", "transition"]);
  const targeted = Object.hasOwn(members, "targetStorageClass");
  if (targeted !== (type === "transition")) throw noSchemaMatches(where);
  if (type === "expire") return { type };
  const targetStorageClass = readEnum(members.targetStorageClass, `${where}.targetStorageClass`, ["archive"]);
  return { type, targetStorageClass };
}

function readSelection(value: unknown, where: string): LifecycleSelection {
  const members = readObject(
    value,
    where,
    ["tagStatus", "countType", "countNumber"],
    ["tagPrefixList", "tagPatternList", "storageClass", "countUnit"],
  );
  const storageClass = Object.hasOwn(members, "storageClass")
    ? readEnum(members.storageClass, `${where}.storageClass`, ["standard", "archive"])
    : "standard";
  return { ...readTags(members, where), ...readCount(members, where), storageClass };
}

const TAG_LISTS = ["tagPrefixList", "tagPatternList"] as const;
type TagList = (typeof TAG_LISTS)[number];

function readTags(members: Members<"tagStatus" | TagList>, where: string): TagSelection {
  const tagStatus = readEnum(members.tagStatus, `${where}.tagStatus`, ["tagged", "untagged", "any"]);
  const [list, second] = TAG_LISTS.filter((name) => Object.hasOwn(members, name));
  // documented rules, assumed words.
  if (tagStatus !== "tagged") {
    if (list)
      throw new LifecyclePolicyError("tagPrefixList and tagPatternList are only allowed when tagStatus=TAGGED.", where);
    return { tagStatus };
  }
  if (second) throw new LifecyclePolicyError("Only one of tagPrefixList and tagPatternList is allowed.", where);
  const texts = list ? readTagList(members[list], `${where}.${list}`) : [];
  // observed words: a user's report. assumed: an empty list is no list.
  if (texts.length === 0)
    throw new LifecyclePolicyError("Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.", where);
  if (list === "tagPrefixList") return { tagStatus, tagPrefixList: texts };
  requireFewWildcards(texts, `${where}.${list}`);
  return { tagStatus, tagPatternList: texts };
}

/** assumed: an empty prefix or pattern is refused. */
const readTagList = (value: unknown, where: string): readonly string[] =>
  readArray(value, where).map((text, index) => readString(text, `${where}[${index}]`, 1));

/** documented limit, assumed words. */
function requireFewWildcards(patterns: readonly string[], where: string): void {
  for (const [index, pattern] of patterns.entries()) {
    if (pattern.split("*").length - 1 > MAX_WILDCARDS)
      throw new LifecyclePolicyError(
        `Tag pattern ${pattern} must have at most ${MAX_WILDCARDS} wildcards.`,
        `${where}[${index}]`,
      );
  }
}

function readCount(members: Members<"countType" | "countUnit" | "countNumber">, where: string): CountSelection {
  const { countType, countUnit } = members;
  const hasUnit = Object.hasOwn(members, "countUnit");
  // observed in moto and in reports: neither an unknown type nor a unit of null is refused as a value outside of an enum.
  if (!isCountType(countType) || countUnit === null) throw noSchemaMatches(where);
  if (hasUnit) readEnum(countUnit, `${where}.countUnit`, ["days"]);
  const minimum = countType === "sinceImageTransitioned" ? MIN_ARCHIVED_DAYS : 1;
  const countNumber = readInteger(members.countNumber, `${where}.countNumber`, minimum);
  if (hasUnit === (countType === "imageCountMoreThan")) throw noSchemaMatches(where);
  return countType === "imageCountMoreThan"
    ? { countType, countNumber }
    : { countType, countUnit: "days", countNumber };
}

const COUNT_TYPES: readonly unknown[] = [
  "imageCountMoreThan",
  "sinceImagePushed",
  "sinceImagePulled",
  "sinceImageTransitioned",
] satisfies readonly CountSelection["countType"][];

const isCountType = (value: unknown): value is CountSelection["countType"] => COUNT_TYPES.includes(value);

/** documented rules, the last one assumed, as are all of the words. */
function requireFittingAction(
  { countType, storageClass }: LifecycleSelection,
  { type }: LifecycleRuleAction,
  where: string,
): void {
  const refuse = (detail: string): never => {
    throw new LifecyclePolicyError(detail, where);
  };
  if (countType === "sinceImagePulled" && type !== "transition")
    refuse("countType=sinceImagePulled is only allowed with action type transition.");
  if (countType === "sinceImageTransitioned" && type !== "expire")
    refuse("countType=sinceImageTransitioned is only allowed with action type expire.");
  if (countType === "sinceImageTransitioned" && storageClass !== "archive")
    refuse("countType=sinceImageTransitioned is only allowed with storageClass archive.");
  if (type === "transition" && storageClass === "archive")
    refuse("Action type transition is not allowed with storageClass archive.");
}
