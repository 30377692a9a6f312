import type { LifecycleRule, LifecycleStorageClass } from "./lifecycle-rule.js";
import { readRule } from "./lifecycle-rule.js";
import { LifecyclePolicyError, type Members, missingMembers, readObject, requireLength } from "./lifecycle-schema.js";

/** A lifecycle policy as the evaluator reads it: the document with its defaults filled in. */
export interface LifecyclePolicy {
  /** The rules in the order in which they are applied: by `rulePriority`, the lowest first. */
  readonly rules: readonly LifecycleRule[];
}

/** documented: service quotas, lifecycle rules per policy. */
const MAX_RULES = 50;

/**
 * Reads a lifecycle policy strictly: what ECR would refuse does not parse. How long the text may be is the operation's to say.
 * @throws {LifecyclePolicyError} with ECR's words in `detail` and the place in `where`
 */
export function parseLifecyclePolicy(text: string): LifecyclePolicy {
  const document = parseJson(text);
  // observed in moto: the same words whether there is no such member or it is no list.
  if (!Array.isArray(document.rules)) throw missingMembers(["rules"], "");
  readObject(document, "", ["rules"]);
  requireLength(document.rules, "rules", 1, MAX_RULES);
  const rules = document.rules
    .map((rule, index) => readRule(rule, `rules[${index}]`))
    .sort((a, b) => a.rulePriority - b.rulePriority);
  requireUniquePriorities(rules);
  for (const storageClass of ["standard", "archive"] as const)
    requireFittingRules(
      rules.filter(({ selection }) => selection.storageClass === storageClass),
      storageClass,
    );
  return { rules };
}

function parseJson(text: string): Members<"rules"> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // Refused below, like JSON that is no object.
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw new LifecyclePolicyError("Could not map policyString into LifecyclePolicy.", "");
  return document;
}

/** documented rule, assumed words. */
function requireUniquePriorities(rules: readonly LifecycleRule[]): void {
  const twice = rules.find(({ rulePriority }, index) => rulePriority === rules[index - 1]?.rulePriority);
  if (twice) throw new LifecyclePolicyError(`Rule priority must be unique: ${twice.rulePriority}.`, "rules");
}

/** What the rules of one storage class, lowest priority number first, owe each other. */
function requireFittingRules(rules: readonly LifecycleRule[], storageClass: LifecycleStorageClass): void {
  // observed words: users' reports.
  if (rules.slice(0, -1).some(({ selection }) => selection.tagStatus === "any"))
    throw new LifecyclePolicyError("Rule for tagStatus=ANY must have the lowest priority per storage class.", "rules");
  // observed words: users' reports.
  if (rules.filter(({ selection }) => selection.tagStatus === "untagged").length > 1)
    throw new LifecyclePolicyError("Only one rule can select Untagged images per storage class.", "rules");
  // documented for prefixes; a pattern may come again. assumed words.
  const seen = new Set<string>();
  for (const { selection } of rules) {
    const prefixes = "tagPrefixList" in selection ? new Set(selection.tagPrefixList) : [];
    for (const prefix of prefixes) {
      if (seen.has(prefix))
        throw new LifecyclePolicyError(
          `Tag prefix must be unique per storage class: ${prefix} is used by more than one rule for ${storageClass}.`,
          "rules",
        );
      seen.add(prefix);
    }
  }
}
