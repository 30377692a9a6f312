import { beforeEach, describe, expect, it } from "vitest";
import { refusal, type TestRegistry, testRegistry } from "../../../test/fixtures/local-registry.js";

let local: TestRegistry;
const repositoryName = "app";
beforeEach(async () => {
  local = testRegistry({ layers: "unchecked" });
  await local.call("CreateRepository", { repositoryName });
});

const policy = (countNumber: number) => ({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber },
      action: { type: "expire" },
    },
  ],
});
const compact = (countNumber: number): string => JSON.stringify(policy(countNumber));
const pretty = (countNumber: number): string => JSON.stringify(policy(countNumber), null, 2);
const put = (lifecyclePolicyText: string, name = repositoryName) =>
  local.call("PutLifecyclePolicy", { repositoryName: name, lifecyclePolicyText });
const get = (name = repositoryName) => local.call("GetLifecyclePolicy", { repositoryName: name });
const remove = (name = repositoryName) => local.call("DeleteLifecyclePolicy", { repositoryName: name });

const notFound = {
  code: "LifecyclePolicyNotFoundException",
  message: "Lifecycle policy does not exist for the repository with name 'app' in the registry with id '000000000000'",
};

describe("a lifecycle policy", () => {
  it("is kept without its white space and has not run before its first run", async () => {
    const answer = { registryId: "000000000000", repositoryName, lifecyclePolicyText: compact(3) };
    expect(await put(pretty(3))).toEqual(answer);
    expect(await get()).toEqual({ ...answer, lastEvaluatedAt: 0 });
  });

  it("takes the place of the one before, which is forgotten with its last run", async () => {
    await put(pretty(3));
    await local.time.advance("24h");
    expect(await get()).toMatchObject({ lastEvaluatedAt: Date.UTC(2026, 0, 2) / 1000 });
    await put(pretty(4));
    expect(await get()).toMatchObject({ lifecyclePolicyText: compact(4), lastEvaluatedAt: 0 });
  });

  it("is answered once more when it is deleted, and is then not there", async () => {
    await put(pretty(3));
    const kept = await get();
    expect(await remove()).toEqual(kept);
    expect(await refusal(get())).toMatchObject(notFound);
    expect(await refusal(remove())).toMatchObject(notFound);
  });

  it("goes with its repository", async () => {
    await put(pretty(3));
    await local.call("DeleteRepository", { repositoryName });
    await local.call("CreateRepository", { repositoryName });
    expect(await refusal(get())).toMatchObject(notFound);
  });

  it("needs a repository", async () => {
    const expected = {
      code: "RepositoryNotFoundException",
      message: "The repository with name 'other' does not exist in the registry with id '000000000000'",
    };
    for (const call of [put(pretty(1), "other"), get("other"), remove("other")])
      expect(await refusal(call)).toMatchObject(expected);
  });

  it("is refused in ECR's words when ECR would not store it, and leaves the one that was there", async () => {
    await put(pretty(3));
    const detail = "numeric instance is lower than the required minimum (minimum: 1, found: 0)";
    expect(await refusal(put(pretty(0)))).toMatchObject({
      code: "InvalidParameterException",
      message: `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${detail}'`,
    });
    expect(await get()).toMatchObject({ lifecyclePolicyText: compact(3) });
  });

  it.each([
    [99, "greater than or equal to 100"],
    [30_721, "less than or equal to 30720"],
  ])("of %i characters is refused", async (length, bound) => {
    expect(await refusal(put(compact(1).padEnd(length).slice(0, length)))).toMatchObject({
      code: "InvalidParameterException",
      message: `Invalid parameter at 'lifecyclePolicyText' failed to satisfy constraint: 'Member must have length ${bound}'`,
    });
  });

  it("is refused where a name is none, by every operation", async () => {
    for (const call of [put(pretty(1), "A"), get("A"), remove("A")])
      expect(await refusal(call)).toMatchObject({ code: "InvalidParameterException" });
  });
});
