import { beforeEach, describe, expect, it } from "vitest";
import {
  bareManifest,
  refusal,
  sha256,
  type TestRegistry,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";

let local: TestRegistry;
const repositoryName = "app";
beforeEach(async () => {
  local = testRegistry({ layers: "unchecked" });
  await local.call("CreateRepository", { repositoryName });
});

const START_S = Date.UTC(2026, 0, 1) / 1000;
const rule = (rulePriority: number, selection: object, action: object = { type: "expire" }) => ({
  rulePriority,
  selection: { countType: "imageCountMoreThan", countNumber: 1, ...selection },
  action,
});
const policy = (...rules: readonly object[]): string => JSON.stringify({ rules });
const keepOne = policy(rule(1, { tagStatus: "any" }));

const start = (lifecyclePolicyText?: string, name = repositoryName) =>
  local.call("StartLifecyclePolicyPreview", { repositoryName: name, lifecyclePolicyText });
const get = (input: object = {}) => local.call("GetLifecyclePolicyPreview", { repositoryName, ...input });
/** Puts images a second apart, the first one the oldest. */
async function images(...tags: readonly (string | undefined)[]): Promise<readonly string[]> {
  const digests: string[] = [];
  for (const [index, imageTag] of tags.entries()) {
    const imageManifest = bareManifest(index);
    await local.call("PutImage", { repositoryName, imageManifest, imageTag });
    digests.push(sha256(imageManifest));
    await local.time.advance("1s");
  }
  return digests;
}
const digestsOf = ({ previewResults }: { previewResults: readonly { imageDigest: string }[] }): readonly string[] =>
  previewResults.map(({ imageDigest }) => imageDigest);

describe("a lifecycle preview", () => {
  it("is in progress first, then says what the policy would do, and nothing is done", async () => {
    const [old, kept] = await images("v1", "v2");
    const answer = { registryId: "000000000000", repositoryName, lifecyclePolicyText: keepOne };
    expect(await start(keepOne)).toEqual({ ...answer, status: "IN_PROGRESS" });
    await local.time.advance(1_999);
    expect(await get()).toEqual({ ...answer, status: "IN_PROGRESS", previewResults: [] });
    await local.time.advance(1);
    expect(await get()).toEqual({
      ...answer,
      status: "COMPLETE",
      previewResults: [
        {
          imageTags: ["v1"],
          imageDigest: old,
          imagePushedAt: START_S,
          action: { type: "EXPIRE" },
          appliedRulePriority: 1,
          storageClass: "STANDARD",
        },
      ],
      summary: { expiringImageTotalCount: 1 },
    });
    const { imageDetails } = await local.call("DescribeImages", { repositoryName });
    expect(imageDetails.map(({ imageDigest }: { imageDigest: string }) => imageDigest).toSorted()).toEqual(
      [old, kept].toSorted(),
    );
  });

  it("says which images go to the archive, and counts them apart", async () => {
    const [dev, untagged] = await images("dev-1", undefined, "dev-2", undefined);
    const archive = { type: "transition", targetStorageClass: "archive" };
    const tagged = { tagStatus: "tagged", tagPrefixList: ["dev-"] };
    await start(policy(rule(5, tagged, archive), rule(2, { tagStatus: "untagged" })));
    await local.time.advance("2s");
    const { previewResults, summary } = await get();
    expect(previewResults).toMatchObject([
      {
        imageDigest: dev,
        action: { type: "TRANSITION", targetStorageClass: "ARCHIVE" },
        appliedRulePriority: 5,
        storageClass: "STANDARD",
      },
      { imageDigest: untagged, imageTags: [], action: { type: "EXPIRE" }, appliedRulePriority: 2 },
    ]);
    expect(summary).toEqual({
      expiringImageTotalCount: 1,
      transitioningImageTotalCounts: [{ targetStorageClass: "ARCHIVE", imageTotalCount: 1 }],
    });
  });

  it("is of the stored policy when none is given, and of the images as they were when it started", async () => {
    const [old, young] = await images("v1", "v2");
    await local.call("PutLifecyclePolicy", { repositoryName, lifecyclePolicyText: keepOne });
    expect(await start()).toMatchObject({ lifecyclePolicyText: keepOne });
    await local.call("DeleteLifecyclePolicy", { repositoryName });
    await local.call("BatchDeleteImage", { repositoryName, imageIds: [{ imageDigest: young }] });
    await local.time.advance("2s");
    expect(digestsOf(await get())).toEqual([old]);
  });

  it("comes a hundred results at a time, or as many as are asked for", async () => {
    const digests = await images(...Array.from({ length: 103 }, (_, index) => `v${index}`));
    await start(keepOne);
    await local.time.advance("2s");
    const first = await get();
    expect(digestsOf(first)).toEqual(digests.slice(0, 100));
    expect(first.summary).toEqual({ expiringImageTotalCount: 102 });
    const second = await get({ nextToken: first.nextToken, maxResults: 1 });
    expect(digestsOf(second)).toEqual(digests.slice(100, 101));
    const third = await get({ nextToken: second.nextToken });
    expect(digestsOf(third)).toEqual(digests.slice(101, 102));
    expect(third).not.toHaveProperty("nextToken");
  });

  it("gives the tagged, the untagged or the named images alone", async () => {
    const [tagged, untagged, both] = await images("v1", undefined, "v3", "v4");
    await local.call("PutImage", { repositoryName, imageManifest: bareManifest(2), imageTag: "x" });
    await start(policy(rule(1, { tagStatus: "any", countNumber: 1 })));
    await local.time.advance("2s");
    expect(digestsOf(await get({ filter: { tagStatus: "UNTAGGED" } }))).toEqual([untagged]);
    expect(digestsOf(await get({ filter: { tagStatus: "TAGGED" } }))).not.toContain(untagged);
    expect(digestsOf(await get({ filter: { tagStatus: "ANY" } }))).toHaveLength(3);
    const named = (...imageIds: readonly object[]) => get({ imageIds }).then(digestsOf);
    expect(await named({ imageTag: "v1" }, { imageDigest: untagged })).toEqual([tagged, untagged]);
    expect(await named({ imageTag: "v1", imageDigest: both }, { imageDigest: sha256("gone") })).toEqual([]);
  });

  it("refuses names together with paging, and a token of another listing", async () => {
    await images("v1", "v2", "v3");
    await start(keepOne);
    await local.time.advance("2s");
    const { nextToken } = await get({ maxResults: 1 });
    const code = "InvalidParameterException";
    const imageIds = [{ imageTag: "v1" }];
    expect(await refusal(get({ imageIds, maxResults: 1 }))).toMatchObject({ code });
    expect(await refusal(get({ imageIds, nextToken }))).toMatchObject({ code });
    expect(await refusal(get({ nextToken, filter: { tagStatus: "TAGGED" } }))).toMatchObject({ code });
    expect(await refusal(get({ maxResults: 101 }))).toMatchObject({ code });
    await start(keepOne);
    await local.time.advance("2s");
    expect(await refusal(get({ nextToken }))).toMatchObject({ code });
  });

  it("cannot be started while one is in progress, and takes the place of one that is not", async () => {
    await images("v1", "v2");
    await start(keepOne);
    expect(await refusal(start(keepOne))).toMatchObject({
      code: "LifecyclePolicyPreviewInProgressException",
      message:
        "Lifecycle policy preview is already in progress for the repository with name 'app' in the registry with id '000000000000'",
    });
    await local.time.advance("2s");
    await start(policy(rule(1, { tagStatus: "any", countNumber: 2 })));
    await local.time.advance("2s");
    expect(await get()).toMatchObject({ previewResults: [], summary: { expiringImageTotalCount: 0 } });
  });

  it("expires a day after it is complete, and can then be started anew", async () => {
    await images("v1", "v2");
    await start(keepOne);
    await local.time.advance("24h2s");
    const expired = await get();
    expect(expired).toMatchObject({ status: "EXPIRED", previewResults: [] });
    expect(expired).not.toHaveProperty("summary");
    expect(await start(keepOne)).toMatchObject({ status: "IN_PROGRESS" });
  });

  it("is not there before it was ever started, nor in a repository of the same name made later", async () => {
    const expected = {
      code: "LifecyclePolicyPreviewNotFoundException",
      message:
        "Lifecycle policy preview does not exist for the repository with name 'app' in the registry with id '000000000000'",
    };
    expect(await refusal(get())).toMatchObject(expected);
    await start(keepOne);
    await local.call("DeleteRepository", { repositoryName });
    await local.call("CreateRepository", { repositoryName });
    expect(await refusal(get())).toMatchObject(expected);
  });

  it("needs a policy that ECR would store, and a repository", async () => {
    expect(await refusal(start())).toMatchObject({ code: "LifecyclePolicyNotFoundException" });
    expect(await refusal(start(keepOne.replace("expire", "delete")))).toMatchObject({
      code: "InvalidParameterException",
    });
    for (const call of [start(keepOne, "other"), get({ repositoryName: "other" })])
      expect(await refusal(call)).toMatchObject({ code: "RepositoryNotFoundException" });
  });
});
