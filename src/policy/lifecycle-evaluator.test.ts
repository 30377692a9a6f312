import { describe, expect, it } from "vitest";
import { evaluateLifecycle, type LifecycleImage } from "./lifecycle-evaluator.js";
import { parseLifecyclePolicy } from "./lifecycle-policy.js";

const DAY_MS = 86_400_000;
const nowMs = 1_000 * DAY_MS;
const daysAgo = (days: number): number => nowMs - days * DAY_MS;

const image = (digest: string, pushedDaysAgo: number, more: Partial<LifecycleImage> = {}): LifecycleImage => ({
  digest,
  tags: [],
  storageClass: "standard",
  pushedAtMs: daysAgo(pushedDaysAgo),
  referencedByIndex: false,
  ...more,
});
const tagged = (digest: string, pushedDaysAgo: number, ...tags: readonly string[]): LifecycleImage =>
  image(digest, pushedDaysAgo, { tags });
const archived = (digest: string, archivedDaysAgo: number, more: Partial<LifecycleImage> = {}): LifecycleImage =>
  image(digest, 900, { storageClass: "archive", archivedAtMs: daysAgo(archivedDaysAgo), ...more });

const any = { tagStatus: "any" };
const untagged = { tagStatus: "untagged" };
const prefixes = (...tagPrefixList: readonly string[]): object => ({ tagStatus: "tagged", tagPrefixList });
const patterns = (...tagPatternList: readonly string[]): object => ({ tagStatus: "tagged", tagPatternList });
const moreThan = (countNumber: number): object => ({ countType: "imageCountMoreThan", countNumber });
const since = (countType: string, countNumber: number): object => ({ countType, countUnit: "days", countNumber });
const pushed = (days: number): object => since("sinceImagePushed", days);

const expire = (...selection: readonly object[]): object => ({
  selection: Object.assign({}, ...selection),
  action: { type: "expire" },
});
const archive = (...selection: readonly object[]): object => ({
  selection: Object.assign({}, ...selection),
  action: { type: "transition", targetStorageClass: "archive" },
});

/** What rules of priority 1, 2, 3, … do, each action written as `DIGEST RULE`. */
function actions(images: readonly LifecycleImage[], ...rules: readonly object[]): readonly string[] {
  const policy = parseLifecyclePolicy(
    JSON.stringify({ rules: rules.map((rule, index) => ({ rulePriority: index + 1, ...rule })) }),
  );
  return evaluateLifecycle(policy, images, nowMs).map(({ digest, rulePriority }) => `${digest} ${rulePriority}`);
}

describe("the worked examples of the user guide", () => {
  const both = [tagged("A", 10, "beta-1", "prod-1"), tagged("B", 9, "beta-2", "prod-2"), tagged("C", 8, "beta-3")];

  it("a later rule does not expire what an earlier rule keeps", () => {
    expect(actions(both, expire(prefixes("prod"), moreThan(1)), expire(prefixes("beta"), moreThan(1)))).toEqual([
      "A 1",
    ]);
  });

  it("a later rule counts what an earlier rule expires", () => {
    expect(actions(both, expire(prefixes("beta"), moreThan(1)), expire(prefixes("prod"), moreThan(1)))).toEqual([
      "A 1",
      "B 1",
    ]);
  });

  it("two prefixes are both asked for", () => {
    const images = [
      tagged("A", 12, "alpha-1"),
      tagged("B", 11, "beta-1"),
      tagged("C", 10, "alpha-2", "beta-2"),
      tagged("D", 4, "alpha-3"),
      tagged("E", 3, "beta-3"),
      tagged("F", 2, "alpha-4", "beta-4"),
    ];
    expect(actions(images, expire(prefixes("alpha", "beta"), pushed(5)))).toEqual(["C 1"]);
  });

  it("further tags do not matter", () => {
    const images = [
      tagged("A", 10, "alpha-1", "beta-1", "gamma-1"),
      tagged("B", 9, "alpha-2", "beta-2"),
      tagged("C", 8, "alpha-3", "beta-3", "gamma-2"),
    ];
    expect(actions(images, expire(prefixes("alpha", "beta"), moreThan(1)))).toEqual(["A 1", "B 1"]);
  });

  it("any takes in the untagged", () => {
    const images = [tagged("A", 4, "alpha-1"), tagged("B", 3, "beta-1"), image("C", 2), tagged("D", 1, "alpha-2")];
    expect(actions(images, expire(any, moreThan(1)))).toEqual(["A 1", "B 1", "C 1"]);
  });

  it("any expires only what no earlier rule looks at", () => {
    const images = [
      tagged("A", 4, "alpha-1", "beta-1"),
      image("B", 3),
      tagged("C", 2, "alpha-2"),
      tagged("D", 1, "9f86d081"),
      image("E", 1),
    ];
    expect(
      actions(
        images,
        expire(prefixes("alpha"), moreThan(1)),
        expire(untagged, pushed(1)),
        expire(any, moreThan(1)),
      ).toSorted(),
    ).toEqual(["A 1", "B 2", "D 3"]);
  });
});

describe("ages", () => {
  it("are past only after the last millisecond of the last day", () => {
    const images = [image("A", 5), image("B", 5, { pushedAtMs: daysAgo(5) - 1 })];
    expect(actions(images, expire(any, pushed(5)))).toEqual(["B 1"]);
  });

  it("since a pull begin with the last pull, without one with the push", () => {
    const images = [image("A", 100, { lastPulledAtMs: daysAgo(10) }), image("B", 20), image("C", 9)];
    expect(actions(images, archive(any, since("sinceImagePulled", 9)))).toEqual(["A 1", "B 1"]);
    expect(actions(images, archive(any, since("sinceImagePulled", 10)))).toEqual(["B 1"]);
  });

  it("since a pull begin with the restore where there was no pull after it", () => {
    const restored = { lastActivatedAtMs: daysAgo(20) };
    const images = [
      image("A", 100, { ...restored, lastPulledAtMs: daysAgo(30) }),
      image("B", 99, { ...restored, lastPulledAtMs: daysAgo(10) }),
      image("C", 98, restored),
    ];
    expect(actions(images, archive(any, since("sinceImagePulled", 15))).toSorted()).toEqual(["A 1", "C 1"]);
    expect(actions(images, archive(any, since("sinceImagePulled", 20)))).toEqual([]);
  });

  it("since a push do not begin again with a restore", () => {
    expect(actions([image("A", 100, { lastActivatedAtMs: daysAgo(1) })], expire(any, pushed(99)))).toEqual(["A 1"]);
  });

  it("since archiving are those of archived images alone", () => {
    const images = [archived("A", 91), archived("B", 90), image("C", 500, { archivedAtMs: daysAgo(400) })];
    expect(actions(images, expire(any, since("sinceImageTransitioned", 90), { storageClass: "archive" }))).toEqual([
      "A 1",
    ]);
  });
});

describe("counts", () => {
  it("take a restored image for as young as its restore", () => {
    const images = [image("A", 100, { lastActivatedAtMs: daysAgo(1) }), image("B", 50), image("C", 2)];
    expect(actions(images, expire(any, moreThan(1)))).toEqual(["B 1", "C 1"]);
  });

  it("order the archived by when they were archived, and keep each for 90 days", () => {
    const images = [archived("A", 300), archived("B", 90), archived("C", 89), archived("D", 10)];
    expect(actions(images, expire(any, moreThan(1), { storageClass: "archive" }))).toEqual(["A 1", "B 1"]);
  });

  it("do not mix storage classes, nor does a rule protect images of the other class", () => {
    const images = [archived("A", 200), archived("B", 100), image("C", 9), image("D", 8)];
    expect(actions(images, archive(any, moreThan(1)), expire(any, moreThan(1), { storageClass: "archive" }))).toEqual([
      "C 1",
      "A 2",
    ]);
  });

  it("do not depend on the order in which images of one moment are given", () => {
    const images = [image("B", 5), image("C", 5), image("A", 5)];
    expect(actions(images, expire(any, moreThan(1)))).toEqual(["A 1", "B 1"]);
    expect(actions(images.toReversed(), expire(any, moreThan(1)))).toEqual(["A 1", "B 1"]);
  });
});

describe("tags", () => {
  it("are matched by a pattern as a whole, each pattern by any tag", () => {
    const images = [tagged("A", 3, "prod-eu", "v1"), tagged("B", 2, "xprod-eu", "v1"), tagged("C", 1, "prod-us")];
    expect(actions(images, expire(patterns("prod*"), pushed(1)))).toEqual(["A 1"]);
    expect(actions(images, expire(patterns("*prod*", "v1"), pushed(1)))).toEqual(["A 1", "B 1"]);
  });

  it("protect from later rules even where no rule acts", () => {
    const images = [tagged("A", 900, "keep"), tagged("B", 900, "other")];
    expect(actions(images, expire(patterns("keep"), moreThan(9_999)), expire(any, pushed(1)))).toEqual(["B 2"]);
  });
});

describe("what belongs together", () => {
  it("an image that an index lists stays, and is counted", () => {
    const images = [image("A", 3), image("B", 2, { referencedByIndex: true }), image("C", 1)];
    expect(actions(images, expire(any, moreThan(2)))).toEqual(["A 1"]);
    expect(actions(images, expire(any, pushed(1)))).toEqual(["A 1"]);
  });

  it("referrers go with their subject, theirs too, by its rule, and never without it", () => {
    const images = [
      image("S", 10),
      image("R", 1, { subject: "S", tags: ["sig"] }),
      image("Q", 1, { subject: "R" }),
      image("T", 2),
      image("U", 90, { subject: "T" }),
    ];
    expect(actions(images, expire(prefixes("sig"), moreThan(1)), expire(any, pushed(5)))).toEqual([
      "S 2",
      "R 2",
      "Q 2",
    ]);
  });

  it("a referrer whose subject is gone is an image like any other", () => {
    expect(actions([image("R", 10, { subject: "S" })], expire(any, pushed(5)))).toEqual(["R 1"]);
  });

  it("referrers of an image that an index lists stay with it", () => {
    const images = [image("S", 10, { referencedByIndex: true }), image("R", 10, { subject: "S" })];
    expect(actions(images, expire(any, pushed(5)))).toEqual([]);
  });

  it("a referrer that an index lists stays, and so do its own", () => {
    const images = [
      image("S", 10),
      image("R", 10, { subject: "S", referencedByIndex: true }),
      image("Q", 10, { subject: "R" }),
    ];
    expect(actions(images, expire(any, pushed(5)))).toEqual(["S 1"]);
  });

  it("an archived referrer is not archived again, but expires with its subject", () => {
    const images = [image("S", 10), archived("R", 1, { subject: "S" })];
    expect(actions(images, archive(any, pushed(5)))).toEqual(["S 1"]);
    expect(actions(images, expire(any, pushed(5)))).toEqual(["S 1", "R 1"]);
  });
});

describe("an action", () => {
  it("says what the rule does", () => {
    const policy = parseLifecyclePolicy(JSON.stringify({ rules: [{ rulePriority: 7, ...archive(any, pushed(5)) }] }));
    expect(evaluateLifecycle(policy, [image("A", 6)], nowMs)).toEqual([
      { digest: "A", rulePriority: 7, action: { type: "transition", targetStorageClass: "archive" } },
    ]);
  });

  it("is found for each of 100,000 images under 50 rules", () => {
    const rules = Array.from({ length: 49 }, (_, n) => expire(patterns(`*-${n}-*`), moreThan(1_000)));
    const images = Array.from({ length: 100_000 }, (_, n) =>
      image(`sha256:${n}`, 1, { tags: [`v-${n % 49}-${n}`, `main-${n}`], pushedAtMs: daysAgo(1) - n * 1_000 }),
    );
    const found = actions(images, ...rules, expire(any, moreThan(1)));
    expect(found).toHaveLength(100_000 - 49 * 1_000);
    expect(found[0]).toBe(`sha256:99999 ${(99_999 % 49) + 1}`);
  });
});
