import fc from "fast-check";
import type { EstateImage, PolicyDocument, RuleDocument } from "./naive.js";

const DAY_MS = 86_400_000;

/** The moment at which the estates below are looked at. */
export const nowMs: number = 2_000 * DAY_MS;

// Few tags, many hits: what matters is which rules meet on an image.
const tag = fc.constantFrom("a", "b", "ab", "ba", "a.b", "aab", "v1");
const prefix = fc.constantFrom("a", "b", "ab", "v", "a.", "x");
const pattern = fc.constantFrom("*", "a*", "*b", "*a*b*", "a.b", "v1", "*.*", "b*a", "x*");
// Days on both sides of the bounds that rules ask for, to the millisecond.
const days = fc.constantFrom(1, 2, 3, 89, 90, 91, 120);
const age = fc
  .tuple(fc.constantFrom(0, 1, 2, 3, 4, 89, 90, 91, 120, 121), fc.constantFrom(-1, 0, 1))
  .map(([day, ms]) => nowMs - day * DAY_MS + ms);
const maybeAge = fc.option(age, { nil: undefined, freq: 2 });

type Counted = Pick<RuleDocument, "action"> & { readonly selection: Omit<RuleDocument["selection"], "tagStatus"> };

const expire = { type: "expire" };
const transition = { type: "transition", targetStorageClass: "archive" };

const standardCount: fc.Arbitrary<Counted> = fc
  .tuple(fc.constantFrom("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled"), days, fc.nat(4), fc.boolean())
  .map(([countType, dayCount, imageCount, expires]) => ({
    selection:
      countType === "imageCountMoreThan"
        ? { countType, countNumber: imageCount + 1 }
        : { countType, countUnit: "days", countNumber: dayCount },
    action: countType === "sinceImagePulled" || !expires ? transition : expire,
  }));

const archiveCount: fc.Arbitrary<Counted> = fc
  .tuple(fc.constantFrom("imageCountMoreThan", "sinceImagePushed", "sinceImageTransitioned"), days, fc.nat(3))
  .map(([countType, dayCount, imageCount]) => ({
    selection:
      countType === "imageCountMoreThan"
        ? { countType, countNumber: imageCount + 1 }
        : { countType, countUnit: "days", countNumber: Math.max(dayCount, countType === "sinceImagePushed" ? 1 : 90) },
    action: expire,
  }));

type Tags = Pick<RuleDocument["selection"], "tagStatus" | "tagPrefixList" | "tagPatternList">;

/** Tag requirements that may stand in one storage class, `any` at the end. */
const tagRequirements: fc.Arbitrary<readonly Tags[]> = fc
  .record({
    prefixes: fc.uniqueArray(prefix, { maxLength: 4, size: "max" }),
    together: fc.boolean(),
    patterns: fc.array(fc.array(pattern, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
    untagged: fc.boolean(),
    any: fc.boolean(),
    order: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
  })
  .map(({ prefixes, together, patterns, untagged, any, order }) => {
    const lists = together ? [prefixes.slice(0, 2), prefixes.slice(2)] : prefixes.map((each) => [each]);
    const requirements: Tags[] = [
      ...lists.filter(({ length }) => length > 0).map((list) => ({ tagStatus: "tagged", tagPrefixList: list })),
      ...patterns.map((list) => ({ tagStatus: "tagged", tagPatternList: list })),
      ...(untagged ? [{ tagStatus: "untagged" }] : []),
    ];
    const shuffled = requirements
      .map((each, index) => ({ each, key: order[index] ?? 0 }))
      .sort((a, b) => a.key - b.key)
      .map(({ each }) => each);
    return any ? [...shuffled, { tagStatus: "any" }] : shuffled;
  });

/** A policy that ECR accepts, its rules in any order. */
export const policies: fc.Arbitrary<PolicyDocument> = fc
  .record({
    standard: tagRequirements,
    archive: fc.option(tagRequirements, { nil: [] }),
    standardCounts: fc.array(standardCount, { minLength: 8, maxLength: 8 }),
    archiveCounts: fc.array(archiveCount, { minLength: 8, maxLength: 8 }),
    stride: fc.integer({ min: 1, max: 5 }),
    reversed: fc.boolean(),
  })
  .filter(({ standard, archive }) => standard.length + archive.length > 0)
  .map(({ standard, archive, standardCounts, archiveCounts, stride, reversed }) => {
    const rules = (storageClass: string, tags: readonly Tags[], counts: readonly Counted[], offset: number) =>
      tags.map((each, index) => {
        const count = counts[index] ?? {
          selection: { countType: "imageCountMoreThan", countNumber: 1 },
          action: expire,
        };
        return {
          rulePriority: index * 2 * stride + offset,
          selection: { ...each, ...(storageClass === "archive" && { storageClass }), ...count.selection },
          action: count.action,
        };
      });
    const all = [...rules("standard", standard, standardCounts, 2), ...rules("archive", archive, archiveCounts, 1)];
    return { rules: reversed ? all.reverse() : all };
  });

const image = fc.record({
  tags: fc.uniqueArray(tag, { maxLength: 3, size: "max" }),
  archived: fc.nat(2),
  pushedAtMs: age,
  lastPulledAtMs: maybeAge,
  archivedAtMs: age,
  lastActivatedAtMs: maybeAge,
  referencedByIndex: fc.nat(5),
  subject: fc.option(fc.nat(14), { nil: undefined, freq: 2 }),
});

/** Up to twelve images. A subject is an earlier image or none that is there: digests allow no circle. */
export const estates: fc.Arbitrary<readonly EstateImage[]> = fc
  .array(image, { maxLength: 12, size: "max" })
  .map((images) =>
    images.map(({ archived, archivedAtMs, referencedByIndex, subject, ...rest }, index) => ({
      ...rest,
      digest: digestOf(index),
      storageClass: archived === 0 ? "archive" : "standard",
      ...(archived === 0 && { archivedAtMs }),
      referencedByIndex: referencedByIndex === 0,
      ...(subject !== undefined && { subject: subject < index ? digestOf(subject) : "sha256:gone" }),
    })),
  );

// In an order of its own, so that a digest says nothing of when its image was made.
const digestOf = (index: number): string => `sha256:${((index * 7) % 13).toString(16)}`;
