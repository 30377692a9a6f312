import { beforeEach, describe, expect, it } from "vitest";
import {
  bareManifest,
  caller,
  refusal,
  type TestRegistry,
  target,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";
import type { InputOf } from "../../protocol/operations.js";

let local: TestRegistry;
beforeEach(() => {
  local = testRegistry({ layers: "unchecked", replicationLagMs: 1 });
});

type Input = InputOf<"CreateRepositoryCreationTemplate">;
const create = (input: Partial<Input> & { readonly prefix: string }) =>
  local.call("CreateRepositoryCreationTemplate", { appliedFor: ["CREATE_ON_PUSH"], ...input });
const push = (repositoryName: string) =>
  local.registry.data.putManifest(caller, target(repositoryName), "v1", {
    bytes: Buffer.from(bareManifest(repositoryName)),
    mediaType: undefined,
  });
const repository = async (name: string, by = caller) =>
  (await local.call("DescribeRepositories", { repositoryNames: [name] }, by)).repositories[0];

/** An upload that was opened in place of a mount. */
const OPENED = { sizeBytes: 0 };
const ROLE = "arn:aws:iam::000000000000:role/templates";
const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 },
      action: { type: "expire" },
    },
  ],
});
const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }],
});

describe("a creation template", () => {
  it("says what was told and what it does by default", async () => {
    const now = Date.UTC(2026, 0, 1) / 1000;
    const template = {
      prefix: "team",
      description: "all of the team",
      encryptionConfiguration: { encryptionType: "AES256" },
      imageTagMutability: "MUTABLE",
      appliedFor: ["CREATE_ON_PUSH"],
      createdAt: now,
      updatedAt: now,
    };
    const answer = { registryId: "000000000000", repositoryCreationTemplate: template };
    expect(await create({ prefix: "team", description: "all of the team" })).toEqual(answer);
    await local.time.advance("1h");
    const updated = { ...template, description: "changed", updatedAt: now + 3600 };
    expect(await local.call("UpdateRepositoryCreationTemplate", { prefix: "team/", description: "changed" })).toEqual({
      ...answer,
      repositoryCreationTemplate: updated,
    });
    expect(await local.call("DeleteRepositoryCreationTemplate", { prefix: "team" })).toEqual({
      ...answer,
      repositoryCreationTemplate: updated,
    });
    const code = "TemplateNotFoundException";
    expect(await refusal(local.call("DeleteRepositoryCreationTemplate", { prefix: "team" }))).toMatchObject({ code });
    expect(await refusal(local.call("UpdateRepositoryCreationTemplate", { prefix: "team" }))).toMatchObject({ code });
  });

  it("is there once for a prefix, with or without its trailing slash", async () => {
    await create({ prefix: "team" });
    expect(await refusal(create({ prefix: "team/" }))).toMatchObject({ code: "TemplateAlreadyExistsException" });
  });

  it("is one of fifty in a registry", async () => {
    for (let index = 0; index < 50; index += 1) await create({ prefix: `team${index}` });
    expect(await refusal(create({ prefix: "more" }))).toMatchObject({ code: "LimitExceededException" });
  });

  it.each<[string, Partial<Input>]>([
    ["InvalidParameterException", { encryptionConfiguration: { encryptionType: "KMS" } }],
    ["InvalidParameterException", { encryptionConfiguration: { encryptionType: "AES256", kmsKey: KEY() } }],
    ["InvalidParameterException", { resourceTags: [{ Key: "a", Value: "b" }] }],
    ["InvalidParameterException", { resourceTags: [{ Key: "aws:a", Value: "b" }], customRoleArn: ROLE }],
    ["InvalidParameterException", { imageTagMutability: "MUTABLE_WITH_EXCLUSION" }],
    ["InvalidParameterException", { repositoryPolicy: "{}" }],
    ["InvalidParameterException", { lifecyclePolicy: "{}" }],
    ["ValidationException", { appliedFor: [] }],
  ])("is refused with %s: %j", async (code, input) => {
    expect(await refusal(create({ prefix: "team", ...input }))).toMatchObject({ code });
    await create({ prefix: "other" });
    expect(await refusal(local.call("UpdateRepositoryCreationTemplate", { prefix: "other", ...input }))).toMatchObject({
      code,
    });
  });

  it("is listed by page or by name, where an unknown name is left out", async () => {
    for (const prefix of ["c", "a", "b"]) await create({ prefix });
    const list = async (input: object) => {
      const { repositoryCreationTemplates: found, nextToken } = await local.call(
        "DescribeRepositoryCreationTemplates",
        input,
      );
      return { prefixes: found.map(({ prefix }: { prefix: string }) => prefix), nextToken };
    };
    const first = await list({ maxResults: 2 });
    expect(first.prefixes).toEqual(["a", "b"]);
    expect((await list({ nextToken: first.nextToken })).prefixes).toEqual(["c"]);
    expect((await list({ prefixes: ["b/", "x", "b"] })).prefixes).toEqual(["b"]);
    expect(await refusal(list({ prefixes: ["b"], maxResults: 1 }))).toMatchObject({
      code: "InvalidParameterException",
    });
  });
});

function KEY(): string {
  return "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";
}

describe("a push to a repository that is not there", () => {
  it("fails where no template is for it", async () => {
    await create({ prefix: "team", appliedFor: ["REPLICATION", "PULL_THROUGH_CACHE"] });
    expect(await refusal(push("team/app"))).toMatchObject({ code: "RepositoryNotFoundException" });
    await create({ prefix: "tea" });
    expect(await refusal(push("team/app"))).toMatchObject({ code: "RepositoryNotFoundException" });
  });

  it("makes it by the template with the longest prefix", async () => {
    await create({ prefix: "ROOT", imageTagMutability: "IMMUTABLE" });
    await create({ prefix: "team" });
    await create({
      prefix: "team/prod",
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "dev*" }],
      encryptionConfiguration: { encryptionType: "KMS", kmsKey: KEY() },
      resourceTags: [{ Key: "team", Value: "one" }],
      repositoryPolicy: POLICY,
      lifecyclePolicy: LIFECYCLE,
      customRoleArn: ROLE,
    });
    for (const name of ["other", "team/app", "team/prod/app"]) await push(name);
    expect(await repository("other")).toMatchObject({ imageTagMutability: "IMMUTABLE" });
    expect(await repository("team/app")).toMatchObject({ imageTagMutability: "MUTABLE" });
    const made = await repository("team/prod/app");
    expect(made).toMatchObject({
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      encryptionConfiguration: { encryptionType: "KMS", kmsKey: KEY() },
    });
    const { tags } = await local.call("ListTagsForResource", { resourceArn: made.repositoryArn });
    expect(tags).toEqual([{ Key: "team", Value: "one" }]);
    const { policyText } = await local.call("GetRepositoryPolicy", { repositoryName: "team/prod/app" });
    expect(JSON.parse(policyText)).toEqual(JSON.parse(POLICY));
    const { lifecyclePolicyText } = await local.call("GetLifecyclePolicy", { repositoryName: "team/prod/app" });
    expect(lifecyclePolicyText).toBe(LIFECYCLE);
  });

  it("makes it when the first layer is sent", async () => {
    await create({ prefix: "team" });
    await local.registry.data.startUpload(caller, target("team/app"));
    await push("team/app");
    const digest = `sha256:${"0".repeat(64)}`;
    expect(await local.registry.data.mount(caller, target("team/new"), digest, "team/app")).toMatchObject(OPENED);
    expect(await repository("team/new")).toMatchObject({ repositoryName: "team/new" });
  });
});

describe("a repository that replication makes", () => {
  it("is made by the template of its own registry", async () => {
    const there = { ...caller, region: "eu-west-1" };
    const template = { prefix: "app", imageTagMutability: "IMMUTABLE", appliedFor: ["REPLICATION"] } as const;
    await local.call("CreateRepositoryCreationTemplate", template, there);
    const rules = [{ destinations: [{ region: "eu-west-1", registryId: "000000000000" }] }];
    await local.call("PutReplicationConfiguration", { replicationConfiguration: { rules } });
    await local.call("CreateRepository", { repositoryName: "app/one" });
    await local.call("CreateRepository", { repositoryName: "two" });
    await push("app/one");
    await push("two");
    await local.time.advance(1);
    expect(await repository("app/one", there)).toMatchObject({ imageTagMutability: "IMMUTABLE" });
    expect(await repository("two", there)).toMatchObject({ imageTagMutability: "MUTABLE" });
  });
});

describe("mounting a blob", () => {
  const on = () => local.call("PutAccountSetting", { name: "BLOB_MOUNTING", value: "ENABLED" });
  const mount = (digest: string, to = "app", from = "source") =>
    local.registry.data.mount(caller, target(to), digest, from);
  let used: string;
  let unused: string;
  beforeEach(async () => {
    local = testRegistry();
    for (const repositoryName of ["source", "app"]) await local.call("CreateRepository", { repositoryName });
    const { layers } = await local.image("source", "v1");
    used = layers[0] ?? "";
    unused = await local.layer("source", Buffer.from("not in an image"));
  });

  it("is off until the account setting is on", async () => {
    expect(await mount(used)).toMatchObject(OPENED);
    await on();
    expect(await mount(used)).toBe("mounted");
    expect(await local.registry.data.blob(caller, target("app"), used)).toMatchObject({ digest: used, sizeBytes: 64 });
  });

  it("needs an image that uses the blob, and repositories that are encrypted alike", async () => {
    await on();
    expect(await mount(unused)).toMatchObject(OPENED);
    expect(await mount(used, "app", "nowhere")).toMatchObject(OPENED);
    const encryptionConfiguration = { encryptionType: "KMS" } as const;
    await local.call("CreateRepository", { repositoryName: "secret", encryptionConfiguration });
    expect(await mount(used, "secret")).toMatchObject(OPENED);
  });
});
