import { beforeEach, describe, expect, it } from "vitest";
import { refusal, type TestRegistry, testRegistry } from "../../../test/fixtures/local-registry.js";

let local: TestRegistry;
beforeEach(() => {
  local = testRegistry();
});

const names = async (input: { nextToken?: string; maxResults?: number } = {}) => {
  const { repositories, nextToken } = await local.call("DescribeRepositories", input);
  return { names: repositories.map((repository: { repositoryName: string }) => repository.repositoryName), nextToken };
};

describe("CreateRepository", () => {
  it("answers the repository with ECR's defaults", async () => {
    expect(await local.call("CreateRepository", { repositoryName: "team/app" })).toEqual({
      repository: {
        repositoryArn: "arn:aws:ecr:us-east-1:000000000000:repository/team/app",
        registryId: "000000000000",
        repositoryName: "team/app",
        repositoryUri: "000000000000.dkr.ecr.us-east-1.amazonaws.com/team/app",
        createdAt: Date.UTC(2026, 0, 1) / 1000,
        imageTagMutability: "MUTABLE",
        imageScanningConfiguration: { scanOnPush: false },
        encryptionConfiguration: { encryptionType: "AES256" },
      },
    });
  });

  it("answers what it was given, on the host it was told", async () => {
    local = testRegistry({ registryHost: (account, region) => `${account}.${region}.test:5000` });
    const filters = [{ filterType: "WILDCARD" as const, filter: "dev-*" }];
    const { repository } = await local.call("CreateRepository", {
      repositoryName: "app",
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: filters,
      imageScanningConfiguration: { scanOnPush: true },
    });
    expect(repository).toMatchObject({
      repositoryUri: "000000000000.us-east-1.test:5000/app",
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: filters,
      imageScanningConfiguration: { scanOnPush: true },
    });
  });

  it("refuses a second repository of the same name", async () => {
    await local.call("CreateRepository", { repositoryName: "app" });
    expect(await refusal(local.call("CreateRepository", { repositoryName: "app" }))).toMatchObject({
      code: "RepositoryAlreadyExistsException",
      message: "The repository with name 'app' already exists in the registry with id '000000000000'",
    });
  });

  it("answers a KMS key as an ARN, however it was named, and the account's own key when none was", async () => {
    const keyOf = async (repositoryName: string, kmsKey?: string) => {
      const encryptionConfiguration = { encryptionType: "KMS" as const, kmsKey };
      const { repository } = await local.call("CreateRepository", { repositoryName, encryptionConfiguration });
      return repository.encryptionConfiguration.kmsKey;
    };
    const arn = /^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    const own = await keyOf("k1");
    expect(own).toMatch(arn);
    expect(await keyOf("k2", "alias/aws/ecr")).toBe(own);
    expect(await keyOf("k3", "alias/other")).not.toBe(own);
    expect(await keyOf("k4", "1234abcd-12ab-34cd-56ef-1234567890ab")).toBe(
      "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    );
    const given = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    expect(await keyOf("k5", given)).toBe(given);
    const both = { encryptionType: "AES256" as const, kmsKey: "alias/x" };
    expect(
      await refusal(local.call("CreateRepository", { repositoryName: "k6", encryptionConfiguration: both })),
    ).toMatchObject({ code: "InvalidParameterException" });
  });

  it.each([
    ["TooManyTagsException", Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "" }))],
    ["InvalidTagParameterException", [{ Key: "aws:x", Value: "" }]],
    ["InvalidTagParameterException", [{ Key: "", Value: "" }]],
    ["InvalidTagParameterException", [{ Key: "k".repeat(129), Value: "" }]],
    ["InvalidTagParameterException", [{ Key: "k", Value: "v".repeat(257) }]],
    [
      "InvalidTagParameterException",
      [
        { Key: "k", Value: "1" },
        { Key: "k", Value: "2" },
      ],
    ],
  ])("is not made at all when its tags are refused with %s", async (code, tags) => {
    expect(await refusal(local.call("CreateRepository", { repositoryName: "app", tags }))).toMatchObject({ code });
    expect(await names()).toEqual({ names: [], nextToken: undefined });
  });
});

describe("exclusion filters", () => {
  const filter = (text: string) => [{ filterType: "WILDCARD" as const, filter: text }];

  it.each([
    ["MUTABLE_WITH_EXCLUSION", undefined],
    ["IMMUTABLE_WITH_EXCLUSION", undefined],
    ["MUTABLE", filter("x")],
    ["IMMUTABLE", filter("x")],
  ] as const)("are refused where they do not go with %s: %j", async (imageTagMutability, filters) => {
    await local.call("CreateRepository", { repositoryName: "app" });
    const input = { imageTagMutability, imageTagMutabilityExclusionFilters: filters };
    const expected = {
      code: "InvalidParameterException",
      message: `Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: 'ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as ${imageTagMutability}'`,
    };
    expect(await refusal(local.call("CreateRepository", { repositoryName: "new", ...input }))).toMatchObject(expected);
    expect(await refusal(local.call("PutImageTagMutability", { repositoryName: "app", ...input }))).toMatchObject(
      expected,
    );
  });

  it("have two wildcards at most", async () => {
    const create = (repositoryName: string, text: string) =>
      local.call("CreateRepository", {
        repositoryName,
        imageTagMutability: "MUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: filter(text),
      });
    await create("two", "*a*");
    expect(await refusal(create("three", "*a*b*"))).toMatchObject({ code: "InvalidParameterException" });
  });
});

describe("PutImageTagMutability", () => {
  it("answers the new setting and drops filters that are not given again", async () => {
    const filters = [{ filterType: "WILDCARD" as const, filter: "dev-*" }];
    await local.call("CreateRepository", {
      repositoryName: "app",
      imageTagMutability: "MUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: filters,
    });
    const put = await local.call("PutImageTagMutability", { repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    expect(put).toEqual({ registryId: "000000000000", repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    const { repositories } = await local.call("DescribeRepositories", {});
    expect(repositories[0]).toMatchObject({ imageTagMutability: "IMMUTABLE" });
    expect(repositories[0]).not.toHaveProperty("imageTagMutabilityExclusionFilters");
  });

  it("is refused for a repository that is not there", async () => {
    const put = local.call("PutImageTagMutability", { repositoryName: "gone", imageTagMutability: "IMMUTABLE" });
    expect(await refusal(put)).toMatchObject({ code: "RepositoryNotFoundException" });
  });
});

describe("DescribeRepositories", () => {
  it("gives 100 in a page unless told otherwise, every repository exactly once, and no token with the last", async () => {
    const created = Array.from({ length: 250 }, (_, index) => `r${String(index).padStart(3, "0")}`);
    for (const repositoryName of created) await local.call("CreateRepository", { repositoryName });
    const first = await names();
    expect(first.names).toEqual(created.slice(0, 100));
    const second = await names({ nextToken: first.nextToken, maxResults: 150 });
    expect(second).toEqual({ names: created.slice(100), nextToken: undefined });
  });

  it("goes on after the last name it gave, whatever was created or deleted meanwhile", async () => {
    for (const repositoryName of ["aa", "bb", "cc", "dd"]) await local.call("CreateRepository", { repositoryName });
    const { nextToken } = await names({ maxResults: 2 });
    await local.call("DeleteRepository", { repositoryName: "bb" });
    await local.call("CreateRepository", { repositoryName: "ab" });
    await local.call("CreateRepository", { repositoryName: "bb/sub" });
    expect(await names({ nextToken })).toEqual({ names: ["bb/sub", "cc", "dd"], nextToken: undefined });
  });

  it("gives the named ones in the order of their names in the request, each once", async () => {
    for (const repositoryName of ["aa", "bb"]) await local.call("CreateRepository", { repositoryName });
    const { repositories } = await local.call("DescribeRepositories", { repositoryNames: ["bb", "aa", "bb"] });
    expect(repositories.map(({ repositoryName }: { repositoryName: string }) => repositoryName)).toEqual(["bb", "aa"]);
  });

  it("fails whole when one of the named ones is not there", async () => {
    await local.call("CreateRepository", { repositoryName: "aa" });
    expect(await refusal(local.call("DescribeRepositories", { repositoryNames: ["aa", "zz"] }))).toMatchObject({
      code: "RepositoryNotFoundException",
      message: "The repository with name 'zz' does not exist in the registry with id '000000000000'",
    });
  });

  it("refuses names together with paging", async () => {
    for (const paging of [{ maxResults: 5 }, { nextToken: "x" }])
      expect(await refusal(local.call("DescribeRepositories", { repositoryNames: ["aa"], ...paging }))).toMatchObject({
        code: "InvalidParameterException",
      });
  });

  it("refuses a token that is broken, or that was given for something else", async () => {
    for (const repositoryName of ["aa", "bb"]) await local.call("CreateRepository", { repositoryName });
    const { nextToken } = await names({ maxResults: 1 });
    const refused = { code: "InvalidParameterException", message: expect.stringContaining("'nextToken'") };
    const changed = [`${nextToken.slice(0, -1)}${nextToken.endsWith("A") ? "B" : "A"}`, nextToken.slice(1), "", "x"];
    for (const token of changed) expect(await refusal(names({ nextToken: token }))).toMatchObject(refused);
    expect(await refusal(local.call("ListImages", { repositoryName: "aa", nextToken }))).toMatchObject(refused);
    const stranger = { account: "333333333333", region: "us-east-1", arn: "arn:aws:iam::333333333333:root" };
    expect(await refusal(local.call("DescribeRepositories", { nextToken }, stranger))).toMatchObject(refused);
  });
});

describe("DeleteRepository", () => {
  it("answers the repository as it was", async () => {
    const created = await local.call("CreateRepository", { repositoryName: "app" });
    expect(await local.call("DeleteRepository", { repositoryName: "app" })).toEqual(created);
    expect(await names()).toEqual({ names: [], nextToken: undefined });
    expect(await refusal(local.call("DeleteRepository", { repositoryName: "app" }))).toMatchObject({
      code: "RepositoryNotFoundException",
    });
  });

  it("leaves a repository that has images alone, unless forced", async () => {
    await local.call("CreateRepository", { repositoryName: "app" });
    const { digest } = await local.image("app", "v1");
    expect(await refusal(local.call("DeleteRepository", { repositoryName: "app" }))).toMatchObject({
      code: "RepositoryNotEmptyException",
      message:
        "The repository with name 'app' in registry with id '000000000000' cannot be deleted because it still contains images",
    });
    await local.call("DeleteRepository", { repositoryName: "app", force: true });
    await local.call("CreateRepository", { repositoryName: "app" });
    expect(await local.call("ListImages", { repositoryName: "app" })).toEqual({ imageIds: [] });
    expect(
      await refusal(local.call("DescribeImages", { repositoryName: "app", imageIds: [{ imageDigest: digest }] })),
    ).toMatchObject({ code: "ImageNotFoundException" });
  });

  it("leaves alone repositories whose names begin like the deleted one's", async () => {
    for (const repositoryName of ["app", "app/web", "app-web", "apps"]) {
      await local.call("CreateRepository", { repositoryName });
      await local.image(repositoryName, "v1");
    }
    await local.call("DeleteRepository", { repositoryName: "app", force: true });
    for (const repositoryName of ["app/web", "app-web", "apps"])
      expect((await local.call("ListImages", { repositoryName })).imageIds).toHaveLength(1);
  });

  it("ends the uploads to it", async () => {
    await local.call("CreateRepository", { repositoryName: "app" });
    const { uploadId } = await local.call("InitiateLayerUpload", { repositoryName: "app" });
    await local.call("DeleteRepository", { repositoryName: "app" });
    await local.call("CreateRepository", { repositoryName: "app" });
    const complete = local.call("CompleteLayerUpload", {
      repositoryName: "app",
      uploadId,
      layerDigests: ["sha256:00"],
    });
    expect(await refusal(complete)).toMatchObject({ code: "UploadNotFoundException" });
  });
});
