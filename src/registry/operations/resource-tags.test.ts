import { describe, expect, it } from "vitest";
import { refusal, testRegistry } from "../../../test/fixtures/local-registry.js";

const repositoryName = "app";
const resourceArn = "arn:aws:ecr:us-east-1:000000000000:repository/app";
const tagsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `key-${index}`, Value: "" }));

async function withRepository() {
  const { call } = testRegistry();
  await call("CreateRepository", { repositoryName, tags: [{ Key: "team", Value: "web" }] });
  return { call, tags: async () => (await call("ListTagsForResource", { resourceArn })).tags };
}

describe("resource tags", () => {
  it("are those of the creation and those that were added, equal keys overwritten", async () => {
    const { call, tags } = await withRepository();
    expect(await tags()).toEqual([{ Key: "team", Value: "web" }]);
    const added = [
      { Key: "cost", Value: "" },
      { Key: "team", Value: "platform" },
    ];
    expect(await call("TagResource", { resourceArn, tags: added })).toEqual({});
    expect(await tags()).toEqual([
      { Key: "team", Value: "platform" },
      { Key: "cost", Value: "" },
    ]);
  });

  it("are removed by key, and a key that there is not is no fault", async () => {
    const { call, tags } = await withRepository();
    expect(await call("UntagResource", { resourceArn, tagKeys: ["team", "nothing"] })).toEqual({});
    expect(await tags()).toEqual([]);
  });

  it("are at most fifty on a repository", async () => {
    const { call, tags } = await withRepository();
    await call("TagResource", { resourceArn, tags: tagsOf(49) });
    const more = { resourceArn, tags: [{ Key: "one-more", Value: "" }] };
    expect(await refusal(call("TagResource", more))).toEqual({
      code: "TooManyTagsException",
      message: "A repository can have at most 50 tags, got 51",
      members: {},
    });
    expect(await tags()).toHaveLength(50);
    await call("TagResource", { resourceArn, tags: [{ Key: "key-7", Value: "overwritten" }] });
  });

  it.each([
    ["TagResource", { tags: tagsOf(51) }, "TooManyTagsException"],
    ["TagResource", { tags: [{ Key: "", Value: "" }] }, "InvalidTagParameterException"],
    ["TagResource", { tags: [{ Key: "k".repeat(129), Value: "" }] }, "InvalidTagParameterException"],
    ["TagResource", { tags: [{ Key: "k", Value: "v".repeat(257) }] }, "InvalidTagParameterException"],
    ["TagResource", { tags: [{ Key: "aws:team", Value: "" }] }, "InvalidTagParameterException"],
    ["TagResource", { tags: [...tagsOf(1), ...tagsOf(1)] }, "InvalidTagParameterException"],
    ["UntagResource", { tagKeys: ["AWS:team"] }, "InvalidTagParameterException"],
    ["UntagResource", { tagKeys: [""] }, "InvalidTagParameterException"],
    ["UntagResource", { tagKeys: tagsOf(51).map(({ Key }) => Key) }, "TooManyTagsException"],
  ] as const)("%s refuses %j", async (name, input, code) => {
    const { call, tags } = await withRepository();
    // The rows of the table are inputs of two operations, which no single type is.
    expect((await refusal(call(name, { resourceArn, ...input } as never))).code).toBe(code);
    expect(await tags()).toEqual([{ Key: "team", Value: "web" }]);
  });

  it.each([
    "app",
    "arn:aws:ecr:eu-west-1:000000000000:repository/app",
    "arn:aws:ecr-public::000000000000:repository/app",
  ])("of %s are those of no resource here", async (bad) => {
    const { call } = await withRepository();
    const calls = [
      call("TagResource", { resourceArn: bad, tags: [] }),
      call("UntagResource", { resourceArn: bad, tagKeys: [] }),
      call("ListTagsForResource", { resourceArn: bad }),
    ];
    for (const one of calls)
      expect(await refusal(one)).toEqual({
        code: "InvalidParameterException",
        message: "Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'",
        members: {},
      });
  });

  it("of a repository that there is not are a repository that there is not", async () => {
    const { call } = testRegistry();
    const calls = [
      call("TagResource", { resourceArn, tags: [] }),
      call("UntagResource", { resourceArn, tagKeys: [] }),
      call("ListTagsForResource", { resourceArn }),
    ];
    for (const one of calls) expect((await refusal(one)).code).toBe("RepositoryNotFoundException");
  });
});
