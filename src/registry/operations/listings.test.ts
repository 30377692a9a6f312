import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bareManifest,
  refusal,
  sha256,
  type TestRegistry,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";

/** A repository of images with 0, 1 or 3 tags each. */
async function repository(images: number): Promise<TestRegistry> {
  const local = testRegistry({ layers: "unchecked" });
  await local.call("CreateRepository", { repositoryName: "app" });
  for (let id = 0; id < images; id += 1)
    for (const imageTag of tagsOf(id).length > 0 ? tagsOf(id) : [undefined])
      await local.call("PutImage", { repositoryName: "app", imageManifest: bareManifest(id), imageTag });
  return local;
}

const tagsOf = (id: number): readonly string[] => [[], [`a${id}`], [`a${id}`, `b${id}`, `c${id}`]][id % 3] ?? [];
const digests = (images: number): ReadonlyMap<string, readonly string[]> =>
  new Map(Array.from({ length: images }, (_, id) => [sha256(bareManifest(id)), tagsOf(id)]));

/** An image identifier of ListImages, or a detail of DescribeImages. */
interface Entry {
  readonly imageDigest: string;
  readonly imageTag?: string;
  readonly imageTags?: readonly string[];
}

async function pages(
  local: TestRegistry,
  name: "ListImages" | "DescribeImages",
  input: { maxResults?: number; filter?: object } = {},
): Promise<readonly (readonly Entry[])[]> {
  const all: Entry[][] = [];
  let nextToken: string | undefined;
  do {
    const page = await local.call(name, { repositoryName: "app", ...input, nextToken });
    all.push(page.imageIds ?? page.imageDetails);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return all;
}

const key = ({ imageDigest, imageTag }: Entry): string => `${imageDigest} ${imageTag ?? ""}`;

describe("ListImages", () => {
  it("gives 100 in a page unless told otherwise, and no token with the last", async () => {
    const local = await repository(150);
    expect((await pages(local, "ListImages")).map(({ length }) => length)).toEqual([100, 100, 50]);
  });

  it("gives one entry for each tag and one for each image without, exactly once, whatever the size of the pages", async () => {
    const local = await repository(20);
    const expected = [...digests(20)].flatMap(([imageDigest, tags]) =>
      tags.length > 0 ? tags.map((imageTag) => key({ imageDigest, imageTag })) : [key({ imageDigest })],
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 50 }), async (maxResults) => {
        const all = await pages(local, "ListImages", { maxResults });
        expect(all.flat().map(key).sort()).toEqual(expected.toSorted());
        expect(all.every(({ length }) => length <= maxResults)).toBe(true);
      }),
    );
  });

  it.each([
    ["TAGGED", (tags: number) => tags > 0],
    ["UNTAGGED", (tags: number) => tags === 0],
    ["ANY", () => true],
  ] as const)("gives %s images alone when asked to, as DescribeImages does", async (tagStatus, belongs) => {
    const local = await repository(20);
    const expected = [...digests(20)].filter(([, tags]) => belongs(tags.length)).map(([digest]) => digest);
    const input = { maxResults: 3, filter: { tagStatus } };
    const listed = new Set((await pages(local, "ListImages", input)).flat().map(({ imageDigest }) => imageDigest));
    expect([...listed]).toEqual(expected.toSorted());
    const described = (await pages(local, "DescribeImages", input)).flat();
    expect(described.map(({ imageDigest }) => imageDigest)).toEqual(expected.toSorted());
    for (const { imageDigest, imageTags } of described) expect(imageTags ?? []).toEqual(digests(20).get(imageDigest));
  });

  it("gives nothing to one who asks for archived images, for none is", async () => {
    const local = await repository(3);
    for (const name of ["ListImages", "DescribeImages"] as const) {
      expect((await pages(local, name, { filter: { imageStatus: "ARCHIVED" } })).flat()).toEqual([]);
      expect((await pages(local, name, { filter: { imageStatus: "ACTIVE" } })).flat().length).toBeGreaterThan(0);
    }
  });

  it("goes on from a token whose image was deleted since", async () => {
    const local = await repository(6);
    const [first, ...rest] = (await pages(local, "ListImages", { maxResults: 2 })).flat();
    const { nextToken } = await local.call("ListImages", { repositoryName: "app", maxResults: 1 });
    await local.call("BatchDeleteImage", {
      repositoryName: "app",
      imageIds: [{ imageDigest: first?.imageDigest }],
    });
    const left = rest.filter(({ imageDigest }) => imageDigest !== first?.imageDigest);
    const next = await local.call("ListImages", { repositoryName: "app", nextToken });
    expect(next.imageIds).toEqual(left);
  });

  it("refuses a token of other arguments, and takes it with another page size", async () => {
    const local = await repository(6);
    await local.call("CreateRepository", { repositoryName: "other" });
    const { nextToken } = await local.call("ListImages", { repositoryName: "app", maxResults: 2 });
    const tagged = { tagStatus: "TAGGED" as const };
    for (const input of [{ repositoryName: "other" }, { repositoryName: "app", filter: tagged }])
      expect(await refusal(local.call("ListImages", { ...input, nextToken }))).toMatchObject({
        code: "InvalidParameterException",
      });
    expect(await refusal(local.call("DescribeImages", { repositoryName: "app", nextToken }))).toMatchObject({
      code: "InvalidParameterException",
    });
    await local.call("ListImages", { repositoryName: "app", maxResults: 5, nextToken });
  });
});
