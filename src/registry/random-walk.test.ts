import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bareManifest,
  indexManifest,
  sha256,
  type TestRegistry,
  testRegistry,
} from "../../test/fixtures/local-registry.js";

/** What a repository should hold: images by digest, each with its tags and the images that it lists. */
type Model = Map<string, { readonly tags: Set<string>; readonly children: readonly string[] }>;

type Step =
  | { readonly do: "put"; readonly image: number; readonly tag: string | undefined }
  | { readonly do: "index"; readonly images: readonly number[]; readonly tag: string | undefined }
  | { readonly do: "delete-tag"; readonly tag: string }
  | { readonly do: "delete-digest"; readonly image: number };

const image = fc.nat(4);
const tag = fc.constantFrom("a", "b", "c");
const maybeTag = fc.option(tag, { nil: undefined });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("put" as const), image, tag: maybeTag }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("index" as const),
      images: fc.uniqueArray(image, { minLength: 1, maxLength: 3 }),
      tag: maybeTag,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete-tag" as const), tag }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete-digest" as const), image }) },
);

const digestOf = (id: number): string => sha256(bareManifest(id));
const isChild = (model: Model, digest: string): boolean =>
  [...model.values()].some(({ children }) => children.includes(digest));

function putInModel(model: Model, digest: string, children: readonly string[], imageTag: string | undefined): void {
  if (!children.every((child) => model.has(child))) return;
  if (imageTag !== undefined) for (const { tags } of model.values()) tags.delete(imageTag);
  const known = model.get(digest) ?? { tags: new Set<string>(), children };
  if (imageTag !== undefined) known.tags.add(imageTag);
  model.set(digest, known);
}

function deleteTagInModel(model: Model, imageTag: string): void {
  for (const [digest, { tags }] of model) {
    if (!tags.has(imageTag)) continue;
    if (tags.size > 1) tags.delete(imageTag);
    else if (!isChild(model, digest)) model.delete(digest);
  }
}

async function take(local: TestRegistry, model: Model, action: Step): Promise<void> {
  const repositoryName = "app";
  const put = (imageManifest: string, imageTag: string | undefined) =>
    local.call("PutImage", { repositoryName, imageManifest, imageTag }).catch(() => {});
  switch (action.do) {
    case "put":
      await put(bareManifest(action.image), action.tag);
      return putInModel(model, digestOf(action.image), [], action.tag);
    case "index": {
      const children = action.images.map((id) => ({ digest: digestOf(id), manifest: bareManifest(id) }));
      const manifest = indexManifest(children);
      await put(manifest, action.tag);
      return putInModel(
        model,
        sha256(manifest),
        children.map(({ digest }) => digest),
        action.tag,
      );
    }
    case "delete-tag":
      await local.call("BatchDeleteImage", { repositoryName, imageIds: [{ imageTag: action.tag }] });
      return deleteTagInModel(model, action.tag);
    case "delete-digest": {
      const imageDigest = digestOf(action.image);
      await local.call("BatchDeleteImage", { repositoryName, imageIds: [{ imageDigest }] });
      if (!isChild(model, imageDigest)) model.delete(imageDigest);
    }
  }
}

/** How many images count towards the quota of the repository. */
async function countedImages({ registry }: TestRegistry): Promise<number> {
  const lines: Uint8Array[] = [];
  for await (const line of registry.control.snapshot()) lines.push(line);
  const [, count] = /"counter images 000000000000 us-east-1 app",(\d+)/.exec(Buffer.concat(lines).toString()) ?? [];
  return Number(count ?? 0);
}

describe("a repository", () => {
  it("holds what a simple model holds after any run of puts, moves and deletions, in every listing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const local = testRegistry({ layers: "unchecked" });
        await local.call("CreateRepository", { repositoryName: "app" });
        const model: Model = new Map();
        for (const action of steps) await take(local, model, action);
        expect(await countedImages(local)).toBe(model.size);
        const { imageDetails } = await local.call("DescribeImages", { repositoryName: "app" });
        const described = imageDetails.map(
          ({ imageDigest, imageTags = [] }: { imageDigest: string; imageTags?: string[] }) => [imageDigest, imageTags],
        );
        const expected = [...model].map(([digest, { tags }]) => [digest, [...tags].sort()]);
        expect(described).toEqual(expected.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
        for (const [tagStatus, belongs] of [
          ["TAGGED", true],
          ["UNTAGGED", false],
        ] as const) {
          const { imageIds } = await local.call("ListImages", { repositoryName: "app", filter: { tagStatus } });
          const listed = new Set(imageIds.map(({ imageDigest }: { imageDigest: string }) => imageDigest));
          const wanted = [...model].filter(([, { tags }]) => tags.size > 0 === belongs).map(([digest]) => digest);
          expect(listed).toEqual(new Set(wanted));
        }
      }),
      { numRuns: 60 },
    );
  });
});
