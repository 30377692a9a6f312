import { describe, expect, it } from "vitest";
import { caller, refusal, testRegistry } from "../../../../test/fixtures/local-registry.js";

const OTHER = { ...caller, account: "111122223333", arn: "arn:aws:iam::111122223333:root" };
const PNG = Buffer.from("89504e470d0a1a0a00", "hex").toString("base64");
const repositoryName = "tools/app";
const repositoryArn = "arn:aws:ecr-public::000000000000:repository/tools/app";

const started = async (options: Parameters<typeof testRegistry>[0] = {}) => {
  const { call, time } = testRegistry(options);
  const { repository } = await call("ecr-public:CreateRepository", { repositoryName });
  const [registry] = (await call("ecr-public:DescribeRegistries", {})).registries;
  return { call, time, repository, registry };
};

describe("public repositories", () => {
  it("live under the default alias that comes with an account's first one", async () => {
    const { call, repository, registry, time } = await started();
    const [{ name: alias }] = registry.aliases;
    expect(alias).toMatch(/^([a-z][0-9]){4}$/);
    expect(registry).toEqual({
      registryId: "000000000000",
      registryArn: "arn:aws:ecr-public::000000000000:registry/000000000000",
      registryUri: `public.ecr.aws/${alias}`,
      verified: false,
      aliases: [{ name: alias, status: "ACTIVE", primaryRegistryAlias: true, defaultRegistryAlias: true }],
    });
    expect(repository).toEqual({
      repositoryArn,
      registryId: "000000000000",
      repositoryName,
      repositoryUri: `public.ecr.aws/${alias}/tools/app`,
      createdAt: time.now() / 1000,
    });
    await call("ecr-public:CreateRepository", { repositoryName: "second" });
    expect((await call("ecr-public:DescribeRegistries", {})).registries).toEqual([registry]);
  });

  it("have no alias before the first, and each account its own after", async () => {
    const { call } = testRegistry();
    const aliasesOf = async (by = caller) =>
      (await call("ecr-public:DescribeRegistries", {}, by)).registries[0].aliases;
    expect(await aliasesOf()).toEqual([]);
    await call("ecr-public:CreateRepository", { repositoryName });
    await call("ecr-public:CreateRepository", { repositoryName }, OTHER);
    const [mine, others] = [await aliasesOf(), await aliasesOf(OTHER)];
    expect(mine).toHaveLength(1);
    expect(others).toHaveLength(1);
    expect(mine[0].name).not.toBe(others[0].name);
  });

  it("are named by the first alias that an account chose, the default one staying good", async () => {
    const { registry } = await started({ publicAliases: { acme: "000000000000", acme2: "000000000000" } });
    expect(registry.registryUri).toBe("public.ecr.aws/acme");
    const flags = registry.aliases.map((one: Record<string, unknown>) => [
      one["primaryRegistryAlias"],
      one["defaultRegistryAlias"],
    ]);
    expect(flags).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });

  it("refuse an alias that could not be granted", () => {
    expect(() => testRegistry({ publicAliases: { "9lives": "000000000000" } })).toThrow(RangeError);
    expect(() => testRegistry({ publicAliases: { acme: "me" } })).toThrow(RangeError);
  });

  it("are others than the private ones of the same name", async () => {
    const { call } = await started();
    expect((await call("DescribeRepositories", {})).repositories).toEqual([]);
    await call("CreateRepository", { repositoryName });
    await call("DeleteRepository", { repositoryName });
    expect((await call("ecr-public:DescribeRepositories", {})).repositories).toHaveLength(1);
  });

  it("are listed a page at a time", async () => {
    const { call } = await started();
    for (const name of ["aa", "zz"]) await call("ecr-public:CreateRepository", { repositoryName: name });
    const first = await call("ecr-public:DescribeRepositories", { maxResults: 2 });
    const second = await call("ecr-public:DescribeRepositories", { nextToken: first.nextToken });
    expect([...first.repositories, ...second.repositories].map((one) => one.repositoryName)).toEqual([
      "aa",
      "tools/app",
      "zz",
    ]);
    expect(second.nextToken).toBeUndefined();
  });

  it("are deleted with all that hangs on them", async () => {
    const { call, repository } = await started();
    const policyText = '{"Statement":{"Effect":"Allow","Principal":"*","Action":"ecr-public:PutImage"}}';
    await call("ecr-public:SetRepositoryPolicy", { repositoryName, policyText });
    await call("ecr-public:PutRepositoryCatalogData", { repositoryName, catalogData: { description: "Tools" } });
    expect(await call("ecr-public:DeleteRepository", { repositoryName })).toEqual({ repository });
    await call("ecr-public:CreateRepository", { repositoryName });
    const code = async (name: "ecr-public:GetRepositoryPolicy" | "ecr-public:GetRepositoryCatalogData") =>
      (await refusal(call(name, { repositoryName }))).code;
    expect(await code("ecr-public:GetRepositoryPolicy")).toBe("RepositoryPolicyNotFoundException");
    expect(await code("ecr-public:GetRepositoryCatalogData")).toBe("RepositoryCatalogDataNotFoundException");
  });

  it("take policies of ecr-public's actions and no other", async () => {
    const { call } = await started();
    const policyOf = (Action: string) =>
      JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: [Action] }] });
    const set = (policyText: string, force = false) =>
      call("ecr-public:SetRepositoryPolicy", { repositoryName, policyText, force });
    const stored = await set(policyOf("ecr-public:PutImage"));
    expect(await call("ecr-public:GetRepositoryPolicy", { repositoryName })).toEqual(stored);
    expect((await refusal(set(policyOf("ecr:PutImage")))).code).toBe("InvalidParameterException");
    const lockOut = policyOf("ecr-public:SetRepositoryPolicy").replace("Allow", "Deny");
    expect((await refusal(set(lockOut))).code).toBe("InvalidParameterException");
    await set(lockOut, true);
    expect((await call("ecr-public:DeleteRepositoryPolicy", { repositoryName })).registryId).toBe("000000000000");
  });

  it("have resource tags", async () => {
    const { call } = await started();
    const tags = async () => (await call("ecr-public:ListTagsForResource", { resourceArn: repositoryArn })).tags;
    await call("ecr-public:TagResource", {
      resourceArn: repositoryArn,
      tags: [{ Key: "a", Value: "1" }, { Key: "b" }],
    });
    expect(await tags()).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "" },
    ]);
    await call("ecr-public:UntagResource", { resourceArn: repositoryArn, tagKeys: ["a"] });
    expect(await tags()).toEqual([{ Key: "b", Value: "" }]);
  });
});

describe("catalog data", () => {
  it("is empty when a repository is created without any, and whole when with it", async () => {
    const { call } = testRegistry();
    expect((await call("ecr-public:CreateRepository", { repositoryName })).catalogData).toEqual({});
    const catalogData = { description: "Tools", architectures: ["ARM 64"], operatingSystems: ["Linux"] };
    const created = await call("ecr-public:CreateRepository", { repositoryName: "other", catalogData });
    expect(created.catalogData).toEqual({ ...catalogData, marketplaceCertified: false });
    expect(await call("ecr-public:GetRepositoryCatalogData", { repositoryName: "other" })).toEqual({
      catalogData: created.catalogData,
    });
  });

  it("is replaced whole, its logo answered as a URL", async () => {
    const { call } = await started();
    const put = (catalogData: object) => call("ecr-public:PutRepositoryCatalogData", { repositoryName, catalogData });
    await put({ aboutText: "# About", usageText: "Use it." });
    expect(await put({ logoImageBlob: PNG })).toEqual({
      catalogData: {
        logoUrl: "https://public.ecr.aws/_logos/000000000000/tools/app",
        marketplaceCertified: false,
      },
    });
  });

  it("of a registry is its display name", async () => {
    const { call } = await started();
    expect(await call("ecr-public:GetRegistryCatalogData", {})).toEqual({ registryCatalogData: {} });
    const named = { registryCatalogData: { displayName: "Acme" } };
    expect(await call("ecr-public:PutRegistryCatalogData", { displayName: "Acme" })).toEqual(named);
    expect(await call("ecr-public:GetRegistryCatalogData", {})).toEqual(named);
    expect((await call("ecr-public:DescribeRegistries", {})).registries[0].aliases).toHaveLength(1);
  });
});
