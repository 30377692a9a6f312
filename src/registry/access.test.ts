import { describe, expect, it } from "vitest";
import { validInputs } from "../../test/contract/errors/valid-inputs.js";
import { callNamed } from "../../test/contract/errors/world.js";
import { imageManifest, refusal, sha256, testRegistry } from "../../test/fixtures/local-registry.js";
import { policyOf } from "../../test/fixtures/policies.js";
import { type AccountsFile, parseAccounts } from "../policy/accounts.js";
import { operations } from "../protocol/operations.js";
import type { Caller } from "./registry.js";

const OWNER = "111122223333";
const OTHER = "444455556666";
const REGION = "us-east-1";
const at = (account: string, arn: string): Caller => ({ account, region: REGION, arn: `arn:aws:${arn}` });
const rootOf = (account: string): Caller => at(account, `iam::${account}:root`);
const userOf = (account: string, name: string): Caller => at(account, `iam::${account}:user/${name}`);
const owner = rootOf(OWNER);
const app = { account: OWNER, region: REGION, repositoryName: "app" };

/** A registry in which the owner has an image `app:v1`. */
async function withImage(accounts?: AccountsFile) {
  const local = testRegistry({ layers: "unchecked", ...(accounts && { accounts: parseAccounts(accounts) }) });
  await local.call("CreateRepository", { repositoryName: "app" }, owner);
  const imageManifestText = imageManifest(Buffer.from("config"), [Buffer.from("layer")]);
  await local.call("PutImage", { repositoryName: "app", imageManifest: imageManifestText, imageTag: "v1" }, owner);
  const pull = (by: Caller, registryId = OWNER) =>
    local.call("BatchGetImage", { registryId, repositoryName: "app", imageIds: [{ imageTag: "v1" }] }, by);
  const setPolicy = (...statements: readonly object[]) =>
    local.call(
      "SetRepositoryPolicy",
      { repositoryName: "app", policyText: policyOf(...statements), force: true },
      owner,
    );
  return { ...local, pull, setPolicy };
}

describe("another account", () => {
  const denied = {
    code: "AccessDeniedException",
    message:
      "User: arn:aws:iam::444455556666:root is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:111122223333:repository/app because no resource-based policy allows the ecr:BatchGetImage action",
  };

  it("may pull once the repository's policy lets it, and no longer when the policy is gone", async () => {
    const { pull, setPolicy, call } = await withImage();
    expect(await refusal(pull(rootOf(OTHER)))).toMatchObject(denied);
    await setPolicy({ Effect: "Allow", Principal: { AWS: OTHER }, Action: ["ecr:BatchGetImage"] });
    expect((await pull(rootOf(OTHER))).images).toHaveLength(1);
    await call("DeleteRepositoryPolicy", { repositoryName: "app" }, owner);
    expect(await refusal(pull(rootOf(OTHER)))).toMatchObject(denied);
  });

  it("may pull once the registry's policy lets it", async () => {
    const { pull, call } = await withImage();
    const Resource = `arn:aws:ecr:${REGION}:${OWNER}:repository/a*`;
    const policyText = policyOf({ Effect: "Allow", Principal: { AWS: OTHER }, Action: "ecr:Batch*", Resource });
    await call("PutRegistryPolicy", { policyText }, owner);
    expect((await pull(rootOf(OTHER))).images).toHaveLength(1);
  });

  it("may do the same on /v2 and no more", async () => {
    const { registry, setPolicy } = await withImage();
    const manifest = (by: Caller) => registry.data.manifest(by, app, "v1", { pull: true });
    const layer = sha256("layer");
    expect(await refusal(manifest(rootOf(OTHER)))).toMatchObject(denied);
    const refusedAs = async (request: Promise<unknown>) => /perform: (\S+)/.exec((await refusal(request)).message)?.[1];
    const { data } = registry;
    const by = rootOf(OTHER);
    expect(await refusedAs(data.referrers(by, app, layer))).toBe("ecr:BatchGetImage");
    await setPolicy({ Effect: "Allow", Principal: { AWS: OTHER }, Action: "ecr:BatchGetImage" });
    expect((await manifest(rootOf(OTHER))).mediaType).toBe("application/vnd.oci.image.manifest.v1+json");
    expect(await data.referrers(by, app, layer)).toEqual([]);
    expect(await refusedAs(data.blob(by, app, layer, { pull: true }))).toBe("ecr:GetDownloadUrlForLayer");
    expect(await refusedAs(data.blob(by, app, layer, { pull: false }))).toBe("ecr:BatchCheckLayerAvailability");
    expect(await refusedAs(data.startUpload(by, app))).toBe("ecr:InitiateLayerUpload");
    expect(await refusedAs(data.append(by, app, "x", [] as never))).toBe("ecr:UploadLayerPart");
    expect(await refusedAs(data.upload(by, app, "x"))).toBe("ecr:UploadLayerPart");
    expect(await refusedAs(data.cancelUpload(by, app, "x"))).toBe("ecr:UploadLayerPart");
    expect(await refusedAs(data.completeUpload(by, app, "x", layer))).toBe("ecr:CompleteLayerUpload");
    expect(await refusedAs(data.mount(by, app, layer, "other"))).toBe("ecr:InitiateLayerUpload");
    expect(await refusedAs(data.putManifest(by, app, "v2", { bytes: Buffer.from("{}"), mediaType: undefined }))).toBe(
      "ecr:PutImage",
    );
    expect(await refusedAs(data.deleteManifest(by, app, "v1"))).toBe("ecr:BatchDeleteImage");
    expect(await refusedAs(data.tags(by, app, {}))).toBe("ecr:ListImages");
    expect(await refusedAs(data.catalog(by, app, {}))).toBe("ecr:DescribeRepositories");
  });

  it("is denied a repository that does not exist like one that does", async () => {
    const { call } = await withImage();
    const asked = call("ListImages", { registryId: OWNER, repositoryName: "none" }, rootOf(OTHER));
    expect((await refusal(asked)).code).toBe("AccessDeniedException");
  });

  it.each(
    Object.entries(operations).flatMap(([name, { service, input }]) =>
      service.id === "ecr" && "registryId" in input.members ? [name as keyof typeof validInputs] : [],
    ),
  )("is denied %s in a registry that does not let it in", async (name) => {
    const asked = callNamed(testRegistry(), name, { ...validInputs[name], registryId: OWNER }, rootOf(OTHER));
    const action = name === "ListImageReferrers" ? "BatchGetImage" : name;
    expect(await refusal(asked)).toMatchObject({
      code: "AccessDeniedException",
      message: expect.stringContaining(`is not authorized to perform: ecr:${action} on resource: `),
    });
  });

  it("may work on what is the registry's own once the registry's policy lets it", async () => {
    const { call } = testRegistry();
    const rule = { ecrRepositoryPrefix: "pub", upstreamRegistryUrl: "public.ecr.aws" };
    const create = () => call("CreatePullThroughCacheRule", { ...rule, registryId: OWNER }, rootOf(OTHER));
    expect((await refusal(create())).message).toContain("ecr:CreatePullThroughCacheRule on resource: * because");
    const policyText = policyOf({
      Effect: "Allow",
      Principal: { AWS: OTHER },
      Action: "ecr:CreatePullThroughCacheRule",
      Resource: "*",
    });
    await call("PutRegistryPolicy", { policyText }, owner);
    expect(await create()).toMatchObject({ registryId: OWNER });
  });

  it("must be let into every repository that it names", async () => {
    const { call, setPolicy } = await withImage();
    await setPolicy({ Effect: "Allow", Principal: "*", Action: "ecr:DescribeRepositories" });
    const describeThem = (...repositoryNames: string[]) =>
      call("DescribeRepositories", { registryId: OWNER, repositoryNames }, rootOf(OTHER));
    expect((await describeThem("app")).repositories).toHaveLength(1);
    expect((await refusal(describeThem("app", "web"))).message).toContain("repository/web because");
    expect((await refusal(call("DescribeRepositories", { registryId: OWNER }, rootOf(OTHER)))).message).toContain(
      "repository/* because",
    );
  });

  it("is told of an explicit deny", async () => {
    const { pull, setPolicy } = await withImage();
    await setPolicy(
      { Effect: "Allow", Principal: "*", Action: "ecr:*" },
      { Effect: "Deny", Principal: { AWS: OTHER }, Action: "ecr:BatchGetImage" },
    );
    expect((await refusal(pull(rootOf(OTHER)))).message).toContain("with an explicit deny in a resource-based policy");
  });
});

describe("an account of the accounts file", () => {
  const read = { Effect: "Allow", Action: ["ecr:Describe*", "ecr:BatchGetImage"], Resource: "*" };
  const document = (...Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
  const accounts: AccountsFile = {
    accounts: {
      [OWNER]: {
        organization: "o-abcdefghij",
        users: {
          admin: {},
          reader: { policies: [document(read)], tags: { team: "web" } },
          managed: { policies: ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"] },
          nobody: { policies: [] },
        },
        roles: {
          "ops/deploy": {
            trust: document({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
            policies: [document(read)],
          },
        },
      },
      [OTHER]: { organization: "o-abcdefghij" },
    },
  };
  const push = { repositoryName: "app", imageManifest: imageManifest(Buffer.from("c"), []), imageTag: "v2" };

  it("lets its users do what their policies say, and all when they have none", async () => {
    const { call, pull } = await withImage(accounts);
    await pull(userOf(OWNER, "reader"));
    await pull(userOf(OWNER, "managed"));
    expect(await refusal(call("PutImage", push, userOf(OWNER, "reader")))).toMatchObject({
      code: "AccessDeniedException",
      message:
        "User: arn:aws:iam::111122223333:user/reader is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:us-east-1:111122223333:repository/app because no identity-based policy allows the ecr:PutImage action",
    });
    expect((await refusal(pull(userOf(OWNER, "nobody")))).message).toContain("no identity-based policy");
    expect((await refusal(pull(userOf(OWNER, "unknown")))).message).toContain("no identity-based policy");
    expect((await refusal(call("GetAuthorizationToken", {}, userOf(OWNER, "nobody")))).message).toContain(
      "ecr:GetAuthorizationToken on resource: * because",
    );
    await call("PutImage", push, userOf(OWNER, "admin"));
  });

  it("lets a role's session do what the role's policies say, less what the session's leave out", async () => {
    const { call, pull } = await withImage(accounts);
    const session = at(OWNER, `sts::${OWNER}:assumed-role/deploy/run-1`);
    await pull(session);
    expect((await refusal(call("PutImage", push, session))).message).toContain("no identity-based policy");
    const limited = { ...session, session: { policy: policyOf({ ...read, Action: "ecr:Describe*" }) } };
    expect((await refusal(pull(limited))).message).toContain("because no session policy allows the ecr:BatchGetImage");
    const managed = {
      ...session,
      session: { policyArns: ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"] },
    };
    await pull(managed);
  });

  it("is named in policies by its users, by its roles with their path, and by its organization", async () => {
    const { pull, setPolicy } = await withImage(accounts);
    const nobody = userOf(OWNER, "nobody");
    await setPolicy({ Effect: "Allow", Principal: { AWS: OWNER }, Action: "ecr:*" });
    expect((await refusal(pull(nobody))).message).toContain("no identity-based policy");
    await setPolicy({ Effect: "Allow", Principal: { AWS: nobody.arn }, Action: "ecr:*" });
    await pull(nobody);
    const role = `arn:aws:iam::${OWNER}:role/ops/deploy`;
    await setPolicy({ Effect: "Deny", Principal: { AWS: role }, Action: "ecr:*" });
    expect((await refusal(pull(at(OWNER, `sts::${OWNER}:assumed-role/deploy/run-1`)))).message).toContain(
      "explicit deny",
    );
    const Condition = { StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } };
    await setPolicy({ Effect: "Allow", Principal: "*", Action: "ecr:*", Condition });
    await pull(rootOf(OTHER));
    expect((await refusal(pull(rootOf("999999999999")))).message).toContain("no resource-based policy");
  });

  it.each([
    ["aws:PrincipalTag/team", "web"],
    ["aws:username", "reader"],
    ["aws:PrincipalArn", `arn:aws:iam::${OWNER}:user/reader`],
    ["aws:PrincipalAccount", OWNER],
    ["aws:PrincipalType", "User"],
    ["aws:ResourceTag/team", "web"],
    ["ecr:ResourceTag/team", "web"],
    ["aws:ResourceAccount", OWNER],
    ["aws:RequestedRegion", REGION],
    ["aws:CurrentTime", "2026-01-01T00:00:00.000Z"],
  ])("is asked for %s by conditions", async (key, value) => {
    const { call, pull, setPolicy } = await withImage(accounts);
    const resourceArn = `arn:aws:ecr:${REGION}:${OWNER}:repository/app`;
    await call("TagResource", { resourceArn, tags: [{ Key: "team", Value: "web" }] }, owner);
    const denyUnless = (wanted: string) =>
      setPolicy({
        Effect: "Deny",
        Principal: "*",
        Action: "ecr:BatchGetImage",
        Condition: { StringNotEquals: { [key]: wanted } },
      });
    await denyUnless(value);
    await pull(userOf(OWNER, "reader"));
    await denyUnless("other");
    expect((await refusal(pull(userOf(OWNER, "reader")))).message).toContain("explicit deny");
  });

  it("is asked for the tags of a new repository by conditions", async () => {
    const { call } = testRegistry({
      accounts: parseAccounts({
        accounts: {
          [OWNER]: {
            users: {
              tagger: {
                policies: [
                  document({
                    Effect: "Allow",
                    Action: "ecr:CreateRepository",
                    Resource: "*",
                    Condition: {
                      StringEquals: { "aws:RequestTag/team": "web" },
                      "ForAllValues:StringEquals": { "aws:TagKeys": "team" },
                    },
                  }),
                ],
              },
            },
          },
        },
      }),
    });
    const create = (...tags: { Key: string; Value: string }[]) =>
      call("CreateRepository", { repositoryName: "web", tags }, userOf(OWNER, "tagger"));
    expect((await refusal(create())).code).toBe("AccessDeniedException");
    expect((await refusal(create({ Key: "team", Value: "app" }))).code).toBe("AccessDeniedException");
    expect((await refusal(create({ Key: "team", Value: "web" }, { Key: "x", Value: "y" }))).code).toBe(
      "AccessDeniedException",
    );
    await create({ Key: "team", Value: "web" });
  });

  /** A registry whose owner has a user `ci` that may do this. */
  const withUser = (...statements: readonly object[]) =>
    testRegistry({
      layers: "unchecked",
      accounts: parseAccounts({ accounts: { [OWNER]: { users: { ci: { policies: [document(...statements)] } } } } }),
    });
  const ci = userOf(OWNER, "ci");

  it("is asked for the keys of the tags that are removed by conditions", async () => {
    const Condition = { "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } };
    const { call } = withUser({ Effect: "Allow", Action: "ecr:UntagResource", Resource: "*", Condition });
    await call("CreateRepository", { repositoryName: "app", tags: [{ Key: "owner", Value: "me" }] }, owner);
    const untag = (...tagKeys: string[]) =>
      call("UntagResource", { resourceArn: `arn:aws:ecr:${REGION}:${OWNER}:repository/app`, tagKeys }, ci);
    expect((await refusal(untag("team", "owner"))).code).toBe("AccessDeniedException");
    expect(await untag("team")).toEqual({});
  });

  it("may list referrers where it may pull, for that is what is asked for", async () => {
    const { call } = withUser({ Effect: "Allow", Action: "ecr:BatchGetImage", Resource: "*" });
    await call("CreateRepository", { repositoryName: "app" }, owner);
    const subjectId = { imageDigest: sha256("subject") };
    expect(await call("ListImageReferrers", { repositoryName: "app", subjectId }, ci)).toEqual({ referrers: [] });
    const lister = withUser({ Effect: "Allow", Action: "ecr:ListImageReferrers", Resource: "*" });
    await lister.call("CreateRepository", { repositoryName: "app" }, owner);
    const listed = lister.call("ListImageReferrers", { repositoryName: "app", subjectId }, ci);
    expect((await refusal(listed)).message).toContain("ecr:BatchGetImage on resource: ");
  });

  it("needs sts:GetServiceBearerToken too for a login to ECR Public", async () => {
    const login = (...Action: string[]) =>
      withUser({ Effect: "Allow", Action, Resource: "*" }).call("ecr-public:GetAuthorizationToken", {}, ci);
    expect((await refusal(login("ecr-public:*"))).message).toContain(
      "is not authorized to perform: sts:GetServiceBearerToken on resource: * because",
    );
    expect((await refusal(login("sts:*"))).message).toContain("ecr-public:GetAuthorizationToken on resource: *");
    expect(await login("ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken")).toMatchObject({
      authorizationData: { authorizationToken: expect.any(String) },
    });
  });

  it("keeps a repository whose policy asks for a key that is only a name of JavaScript's", async () => {
    const { pull, setPolicy } = await withImage(accounts);
    for (const key of ["constructor", "__proto__", "hasOwnProperty"]) {
      const Condition = JSON.parse(`{"StringEquals":{"${key}":"x"}}`);
      await setPolicy({ Effect: "Deny", Principal: "*", Action: "ecr:*", Condition });
      expect((await pull(userOf(OWNER, "reader"))).images).toHaveLength(1);
    }
  });
});
