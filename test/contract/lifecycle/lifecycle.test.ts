import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateLifecycle } from "../../../src/policy/lifecycle-evaluator.js";
import { parseLifecyclePolicy } from "../../../src/policy/lifecycle-policy.js";
import { estates, nowMs, policies } from "./estates.js";
import { type EstateImage, naiveLifecycle, type PolicyDocument } from "./naive.js";

const evaluate = (document: PolicyDocument, images: readonly EstateImage[]) =>
  evaluateLifecycle(parseLifecyclePolicy(JSON.stringify(document)), images, nowMs);

/** Every kind of rule that ECR accepts, as `STORAGE-CLASS COUNT-TYPE ACTION`. */
const KINDS = [
  "archive imageCountMoreThan expire",
  "archive sinceImagePushed expire",
  "archive sinceImageTransitioned expire",
  "standard imageCountMoreThan expire",
  "standard imageCountMoreThan transition",
  "standard sinceImagePulled transition",
  "standard sinceImagePushed expire",
  "standard sinceImagePushed transition",
];

function kindOf({ rules }: PolicyDocument, priority: number): string | undefined {
  const rule = rules.find(({ rulePriority }) => rulePriority === priority);
  return rule && `${rule.selection.storageClass ?? "standard"} ${rule.selection.countType} ${rule.action.type}`;
}

describe("a lifecycle policy on any estate", () => {
  it("does what the ten rules say, as a second evaluator reads them", () => {
    const acted = new Set<string | undefined>();
    fc.assert(
      fc.property(policies, estates, (document, images) => {
        const actions = evaluate(document, images);
        const found = actions.map(({ digest, rulePriority, action }) => [digest, `${rulePriority} ${action.type}`]);
        const expected = naiveLifecycle(document, images, nowMs);
        // As many entries as digests: an image is acted on once at most.
        expect(found.toSorted()).toEqual([...expected].toSorted());
        for (const { rulePriority } of actions) acted.add(kindOf(document, rulePriority));
      }),
      { numRuns: 10_000 },
    );
    expect([...acted].toSorted()).toEqual(KINDS);
  }, 60_000);

  it("does not depend on the order in which the images are given", () => {
    fc.assert(
      fc.property(policies, estates, (document, images) => {
        const inOrder = evaluate(document, images);
        const turned = evaluate(document, images.toReversed());
        const byDigest = (a: { digest: string }, b: { digest: string }) => (a.digest < b.digest ? -1 : 1);
        expect(turned.toSorted(byDigest)).toEqual(inOrder.toSorted(byDigest));
      }),
      { numRuns: 1_000 },
    );
  });

  it("never touches what an index lists, nor a referrer whose subject stays", () => {
    fc.assert(
      fc.property(policies, estates, (document, images) => {
        const actions = evaluate(document, images);
        const goes = new Map(actions.map(({ digest, action }) => [digest, action.type]));
        for (const { digest, referencedByIndex, subject } of images) {
          if (referencedByIndex) expect(goes.has(digest)).toBe(false);
          const master = images.find((each) => each.digest === subject);
          // An archived subject stays where it is when its own subject is archived.
          if (master?.storageClass === "standard" && goes.has(digest))
            expect(goes.get(digest)).toBe(goes.get(master.digest));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
