import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bareManifest,
  imageManifest,
  indexManifest,
  sha256,
  target,
  testRegistry,
} from "../../fixtures/local-registry.js";
import { policies } from "./estates.js";
import { type EstateImage, naiveLifecycle, type PolicyDocument } from "./naive.js";

const repositoryName = "app";

/** What happens to a repository before its policy runs. */
type Step =
  | { readonly do: "put"; readonly image: number; readonly tag: string | undefined }
  | { readonly do: "refer"; readonly image: number; readonly subject: number }
  | { readonly do: "list"; readonly image: number; readonly child: number }
  | { readonly do: "move"; readonly image: number; readonly targetStorageClass: "ARCHIVE" | "STANDARD" }
  | { readonly do: "pull"; readonly image: number }
  | { readonly do: "wait"; readonly duration: string };

const image = fc.nat(7);
const tag = fc.option(fc.constantFrom("a", "b", "ab", "a.b", "v1"), { nil: undefined });
const just = <T extends string>(value: T): fc.Arbitrary<T> => fc.constant(value);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: just("put"), image, tag }) },
  { weight: 2, arbitrary: fc.record({ do: just("refer"), image, subject: image }) },
  { weight: 1, arbitrary: fc.record({ do: just("list"), image, child: image }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: just("move"),
      image,
      targetStorageClass: fc.constantFrom("ARCHIVE" as const, "STANDARD" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: just("pull"), image }) },
  { weight: 4, arbitrary: fc.record({ do: just("wait"), duration: fc.constantFrom("1s", "20m", "1d", "2d", "90d") }) },
);

type Local = ReturnType<typeof testRegistry>;

/** What was put, in the order in which it was: the text of each manifest and the digests that it lists. */
type Made = Map<string, readonly string[]>;

/** Does a step; one that ECR refuses (no such image, or not now) changes nothing. */
async function take(local: Local, made: Made, next: Step): Promise<void> {
  const digestAt = (index: number): string => [...made.keys()][index] ?? sha256("none");
  const put = async (text: string, children: readonly string[] = [], imageTag?: string): Promise<void> => {
    const refused = await local.call("PutImage", { repositoryName, imageManifest: text, imageTag }).then(
      () => false,
      (error: { readonly code?: string }) => error.code !== "ImageAlreadyExistsException",
    );
    if (!refused) made.set(sha256(text), children);
  };
  switch (next.do) {
    case "put":
      return put(bareManifest(next.image), [], next.tag);
    case "refer":
      return put(imageManifest(Buffer.from(`of ${next.image}`), [], { subject: digestAt(next.subject) }));
    case "list": {
      const digest = digestAt(next.child);
      return put(indexManifest([{ digest, manifest: String(next.image) }]), [digest]);
    }
    case "move": {
      const imageId = { imageDigest: digestAt(next.image) };
      const { targetStorageClass } = next;
      return local.call("UpdateImageStorageClass", { repositoryName, imageId, targetStorageClass }).catch(() => {});
    }
    case "pull":
      return local.call("BatchGetImage", { repositoryName, imageIds: [{ imageDigest: digestAt(next.image) }] });
    case "wait":
      return local.time.advance(next.duration);
  }
}

interface Detail {
  readonly imageDigest: string;
  readonly imageTags?: readonly string[];
  readonly imageStatus: string;
  readonly imagePushedAt: number;
  readonly lastRecordedPullTime?: number;
  readonly lastArchivedAt?: number;
  readonly lastActivatedAt?: number;
  readonly subjectManifestDigest?: string;
}

const detailsOf = async (local: Local): Promise<readonly Detail[]> =>
  (await local.call("DescribeImages", { repositoryName, filter: { imageStatus: "ANY" } })).imageDetails;

const msOf = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000);

/** The images as the API tells of them, which is all that a user knows. */
function estateOf(details: readonly Detail[], made: Made): readonly EstateImage[] {
  const listed = new Set(details.flatMap(({ imageDigest }) => made.get(imageDigest) ?? []));
  return details.map((detail) => ({
    digest: detail.imageDigest,
    tags: detail.imageTags ?? [],
    storageClass: detail.imageStatus === "ARCHIVED" ? "archive" : "standard",
    pushedAtMs: detail.imagePushedAt * 1000,
    lastPulledAtMs: msOf(detail.lastRecordedPullTime),
    archivedAtMs: msOf(detail.lastArchivedAt),
    lastActivatedAtMs: msOf(detail.lastActivatedAt),
    referencedByIndex: listed.has(detail.imageDigest),
    subject: detail.subjectManifestDigest,
  }));
}

/** What a preview says of each image: the rule and what it does. */
async function preview(local: Local): Promise<readonly (readonly [string, string])[]> {
  const { status, previewResults, summary } = await local.call("GetLifecyclePolicyPreview", { repositoryName });
  expect(status).toBe("COMPLETE");
  const types: readonly string[] = previewResults.map(({ action }: { action: { type: string } }) => action.type);
  const count = (wanted: string): number => types.filter((type) => type === wanted).length;
  expect(summary.expiringImageTotalCount).toBe(count("EXPIRE"));
  expect(summary.transitioningImageTotalCounts?.[0].imageTotalCount ?? 0).toBe(count("TRANSITION"));
  return previewResults.map(
    (result: { imageDigest: string; appliedRulePriority: number }, index: number) =>
      [result.imageDigest, `${result.appliedRulePriority} ${types[index]?.toLowerCase()}`] as const,
  );
}

/** A repository after some steps, when nothing is on its way any more. */
async function repositoryAfter(steps: readonly Step[]): Promise<{ readonly local: Local; readonly made: Made }> {
  const local = testRegistry({ layers: "unchecked" });
  await local.call("CreateRepository", { repositoryName });
  const made: Made = new Map();
  for (const each of steps) await take(local, made, each);
  await local.time.advance("20m");
  return { local, made };
}

describe("a lifecycle policy in a repository", () => {
  it("does in a run what its preview says, which is what the ten rules say, and touches nothing else", async () => {
    const seen = new Set<string>();
    const holds = async (document: PolicyDocument, steps: readonly Step[]): Promise<void> => {
      const { local, made } = await repositoryAfter(steps);
      const before = await detailsOf(local);
      const nowMs = local.time.now();
      const lifecyclePolicyText = JSON.stringify(document);
      await local.call("StartLifecyclePolicyPreview", { repositoryName, lifecyclePolicyText });
      await local.call("PutLifecyclePolicy", { repositoryName, lifecyclePolicyText });
      const [run] = await local.registry.runLifecycle({ ...target(), repositoryName });
      const after = await detailsOf(local);
      await local.time.advance("2s");

      const previewed = await preview(local);
      expect(run?.actions.map(({ digest, rulePriority, action }) => [digest, `${rulePriority} ${action}`])).toEqual(
        previewed,
      );
      const expected = naiveLifecycle(document, estateOf(before, made), nowMs);
      expect(previewed.toSorted()).toEqual([...expected].toSorted());

      const kept = before.filter(({ imageDigest }) => !expected.get(imageDigest)?.endsWith("expire"));
      const moved = { imageStatus: "ARCHIVED", lastArchivedAt: nowMs / 1000 };
      expect(after).toEqual(
        kept.map((detail) => (expected.has(detail.imageDigest) ? { ...detail, ...moved } : detail)),
      );
      for (const does of expected.values()) seen.add(does.replace(/^\d+ /, ""));
    };
    await fc.assert(fc.asyncProperty(policies, fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), holds), {
      numRuns: 500,
    });
    expect([...seen].toSorted()).toEqual(["expire", "transition"]);
  }, 60_000);
});
