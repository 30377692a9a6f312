import { beforeEach, describe, expect, it } from "vitest";
import { refusal, type TestRegistry, testRegistry } from "../../../test/fixtures/local-registry.js";

let local: TestRegistry;
beforeEach(() => {
  local = testRegistry({ layers: "unchecked" });
});

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "other",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111111111111:root" },
      Action: ["ecr:ReplicateImage", "ecr:CreateRepository"],
      Resource: "arn:aws:ecr:us-east-1:000000000000:repository/*",
    },
  ],
});

describe("the registry policy", () => {
  it("is given back as it was set, until it is deleted", async () => {
    const { registryId, policyText } = await local.call("PutRegistryPolicy", { policyText: POLICY });
    expect(registryId).toBe("000000000000");
    expect(JSON.parse(policyText)).toEqual(JSON.parse(POLICY));
    expect(await local.call("GetRegistryPolicy", {})).toEqual({ registryId, policyText });
    expect(await local.call("DeleteRegistryPolicy", {})).toEqual({ registryId, policyText });
    const gone = {
      code: "RegistryPolicyNotFoundException",
      message: "Registry policy does not exist in the registry with id '000000000000'",
    };
    expect(await refusal(local.call("GetRegistryPolicy", {}))).toMatchObject(gone);
    expect(await refusal(local.call("DeleteRegistryPolicy", {}))).toMatchObject(gone);
  });

  it.each([
    ["InvalidParameterException", ""],
    ["InvalidParameterException", "{}"],
    ["InvalidParameterException", POLICY.replace("Allow", "Maybe")],
    ["ValidationException", POLICY.replace("ecr:ReplicateImage", "s3:GetObject")],
  ])("is refused with %s: %s", async (code, policyText) => {
    expect(await refusal(local.call("PutRegistryPolicy", { policyText }))).toMatchObject({ code });
  });
});

describe("account settings", () => {
  it.each([
    ["BASIC_SCAN_TYPE_VERSION", "AWS_NATIVE"],
    ["REGISTRY_POLICY_SCOPE", "V2"],
    ["BLOB_MOUNTING", "DISABLED"],
  ])("have a default: %s is %s", async (name, value) => {
    expect(await local.call("GetAccountSetting", { name })).toEqual({ name, value });
  });

  it("stay as they are set, each in its own region", async () => {
    const setting = { name: "BLOB_MOUNTING", value: "ENABLED" };
    expect(await local.call("PutAccountSetting", setting)).toEqual(setting);
    expect(await local.call("GetAccountSetting", { name: "BLOB_MOUNTING" })).toEqual(setting);
    const elsewhere = { account: "000000000000", region: "eu-west-1", arn: "arn:aws:iam::000000000000:root" };
    expect(await local.call("GetAccountSetting", { name: "BLOB_MOUNTING" }, elsewhere)).toMatchObject({
      value: "DISABLED",
    });
  });

  it("refuse names and values that there are not", async () => {
    const name = "BLOB_MOUNTINGS";
    expect(await refusal(local.call("GetAccountSetting", { name }))).toMatchObject({
      code: "InvalidParameterException",
    });
    expect(await refusal(local.call("PutAccountSetting", { name, value: "ENABLED" }))).toMatchObject({
      code: "InvalidParameterException",
    });
    expect(
      await refusal(local.call("PutAccountSetting", { name: "REGISTRY_POLICY_SCOPE", value: "V1" })),
    ).toMatchObject({ code: "ValidationException" });
  });
});

describe("pull time exclusions", () => {
  const principalArn = "arn:aws:iam::000000000000:role/ci/scanner";
  const register = (arn = principalArn) => local.call("RegisterPullTimeUpdateExclusion", { principalArn: arn });

  it("are registered once, listed page by page, and deregistered", async () => {
    expect(await register()).toEqual({ principalArn, createdAt: Date.UTC(2026, 0, 1) / 1000 });
    expect(await refusal(register())).toMatchObject({ code: "ExclusionAlreadyExistsException" });
    await register("arn:aws:iam::000000000000:user/bob");
    const first = await local.call("ListPullTimeUpdateExclusions", { maxResults: 1 });
    expect(first.pullTimeUpdateExclusions).toEqual([principalArn]);
    const second = await local.call("ListPullTimeUpdateExclusions", { nextToken: first.nextToken });
    expect(second).toEqual({ pullTimeUpdateExclusions: ["arn:aws:iam::000000000000:user/bob"] });
    expect(await local.call("DeregisterPullTimeUpdateExclusion", { principalArn })).toEqual({ principalArn });
    expect(await refusal(local.call("DeregisterPullTimeUpdateExclusion", { principalArn }))).toMatchObject({
      code: "ExclusionNotFoundException",
    });
    expect(await refusal(local.call("ListPullTimeUpdateExclusions", { nextToken: "x" }))).toMatchObject({
      code: "InvalidParameterException",
    });
  });

  it("are at most a hundred", async () => {
    for (let index = 0; index < 100; index += 1) await register(`arn:aws:iam::000000000000:user/u${index}`);
    expect(await refusal(register())).toMatchObject({ code: "LimitExceededException" });
  });

  it("keep the pulls of a principal, and of the sessions of a role, from counting", async () => {
    await local.call("CreateRepository", { repositoryName: "app" });
    const put = await local.call("PutImage", { repositoryName: "app", imageManifest: MANIFEST, imageTag: "v1" });
    const { imageDigest } = put.image.imageId;
    const pull = (arn: string) =>
      local.call(
        "BatchGetImage",
        { repositoryName: "app", imageIds: [{ imageDigest }] },
        { account: "000000000000", region: "us-east-1", arn },
      );
    const pulledAt = async () =>
      (await local.call("DescribeImages", { repositoryName: "app" })).imageDetails[0].lastRecordedPullTime;
    await register();
    await register("arn:aws:iam::000000000000:user/bob");
    await pull("arn:aws:iam::000000000000:user/bob");
    await pull("arn:aws:sts::000000000000:assumed-role/scanner/run-1");
    expect(await pulledAt()).toBeUndefined();
    await pull("arn:aws:sts::000000000000:assumed-role/other/run-1");
    expect(await pulledAt()).toBe(Date.UTC(2026, 0, 1) / 1000);
  });
});

const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"0".repeat(64)}`, size: 2 },
  layers: [],
});
