import { describe, expect, it } from "vitest";
import { caller, refusal, testRegistry } from "../../test/fixtures/local-registry.js";
import { lettingIn } from "../../test/fixtures/policies.js";

const local = testRegistry();
const { registry, call } = local;

const raw = (name: string, input: unknown, by = caller, service = "ecr"): Promise<unknown> =>
  registry.call({ service, name }, by, input);

describe("a registry", () => {
  it("takes an image by the layer API and gives it back byte for byte", async () => {
    await call("CreateRepository", { repositoryName: "whole" });
    const image = await local.image("whole", "v1");
    const got = await call("BatchGetImage", { repositoryName: "whole", imageIds: [{ imageTag: "v1" }] });
    expect(got).toEqual({
      images: [
        {
          registryId: "000000000000",
          repositoryName: "whole",
          imageId: { imageDigest: image.digest, imageTag: "v1" },
          imageManifest: image.manifest,
          imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
        },
      ],
      failures: [],
    });
  });

  it("answers what is no operation as AWS does", async () => {
    for (const [name, service] of [
      ["Nonsense", "ecr"],
      ["describeRepositories", "ecr"],
      ["constructor", "ecr"],
      ["ecr-public:CreateRepository", "ecr"],
      ["PutLifecyclePolicy", "ecr-public"],
    ] as const)
      expect(await refusal(raw(name, {}, caller, service))).toMatchObject({ code: "UnknownOperationException" });
  });

  it("refuses a member of the wrong JSON type before it looks at any constraint", async () => {
    for (const input of [null, [], "x", { repositoryName: 1 }, { repositoryName: "a", tags: {} }])
      expect(await refusal(raw("CreateRepository", input))).toMatchObject({ code: "SerializationException" });
  });

  it("names the member and the constraint that a value fails, before it looks for the repository", async () => {
    expect(await refusal(raw("DescribeImages", { repositoryName: "Nope!" }))).toMatchObject({
      code: "InvalidParameterException",
      message:
        "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*'",
    });
    expect(await refusal(raw("DescribeImages", { repositoryName: "gone", maxResults: 1001 }))).toMatchObject({
      code: "InvalidParameterException",
      message:
        "Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must have value less than or equal to 1000'",
    });
    const imageIds = Array.from({ length: 101 }, (_, index) => ({ imageTag: `t${index}` }));
    for (const name of ["BatchGetImage", "BatchDeleteImage", "DescribeImages"])
      expect(await refusal(raw(name, { repositoryName: "gone", imageIds }))).toMatchObject({
        code: "InvalidParameterException",
      });
  });

  it("refuses a credential scope whose region is no region", async () => {
    expect(await refusal(raw("DescribeRepositories", {}, { ...caller, region: "us east" }))).toMatchObject({
      code: "InvalidSignatureException",
    });
  });

  it("keeps every account and every region apart", async () => {
    const other = { ...caller, account: "111111111111" };
    const elsewhere = { ...caller, region: "eu-west-1" };
    await call("CreateRepository", { repositoryName: "mine" });
    await call("CreateRepository", { repositoryName: "mine" }, other);
    const { repository } = await call("CreateRepository", { repositoryName: "mine" }, elsewhere);
    expect(repository).toMatchObject({
      repositoryArn: "arn:aws:ecr:eu-west-1:000000000000:repository/mine",
      repositoryUri: "000000000000.dkr.ecr.eu-west-1.amazonaws.com/mine",
    });
    await call("DeleteRepository", { repositoryName: "mine" }, other);
    expect((await call("DescribeRepositories", { repositoryNames: ["mine"] })).repositories).toHaveLength(1);
    expect((await call("DescribeRepositories", {}, other)).repositories).toEqual([]);
  });

  it("works on the registry of the account that a request names, where that account lets it", async () => {
    const registryId = "222222222222";
    const theirs = { ...caller, account: registryId, arn: `arn:aws:iam::${registryId}:root` };
    await call("PutRegistryPolicy", { policyText: lettingIn(caller.account, theirs) }, theirs);
    const { repository } = await call("CreateRepository", { registryId, repositoryName: "theirs" });
    expect(repository).toMatchObject({ registryId, repositoryName: "theirs" });
    expect((await call("DescribeRepositories", { registryId })).repositories).toEqual([repository]);
    expect(await refusal(call("DescribeImages", { repositoryName: "theirs" }))).toMatchObject({
      message: "The repository with name 'theirs' does not exist in the registry with id '000000000000'",
    });
  });
});
