import { afterAll, beforeAll, expect, it } from "vitest";
import { createEcrClient, digestOf, type EcrClient, type InputOf, type OperationName } from "../../src/index.js";
import { type Answers, make, PRIVATE } from "../fixtures/every-operation.js";
import { blobOf, configOf, indexOf, manifestOf } from "../fixtures/image-parts.js";
import { rejection } from "../fixtures/scripted-client.js";
import { describeWith } from "./clients.js";
import { type MotoProcess, startMoto } from "./moto-process.js";

/** The 30 operations that moto has by its snapshot in the facts, and the layer uploads that came later. */
const OF_MOTO: ReadonlySet<string> = new Set(
  `BatchDeleteImage BatchGetImage BatchGetRepositoryScanningConfiguration CreateRepository DeleteLifecyclePolicy DeleteRegistryPolicy
  DeleteRepository DeleteRepositoryPolicy DescribeImageScanFindings DescribeImages DescribeRegistry DescribeRepositories
  GetAuthorizationToken GetLifecyclePolicy GetRegistryPolicy GetRegistryScanningConfiguration GetRepositoryPolicy ListImages
  ListTagsForResource PutImage PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy PutRegistryPolicy
  PutRegistryScanningConfiguration PutReplicationConfiguration SetRepositoryPolicy StartImageScan TagResource UntagResource
  BatchCheckLayerAvailability InitiateLayerUpload UploadLayerPart CompleteLayerUpload`.split(/\s+/),
);

const amd64 = manifestOf(configOf("linux/amd64"), [blobOf("a layer")]);
const arm64 = manifestOf(configOf("linux/arm64"), [blobOf("another layer")]);
const index = indexOf([
  { manifest: amd64, platform: "linux/amd64" },
  { manifest: arm64, platform: "linux/arm64" },
]);
/** What moto must be told for the walk, and ECR need not be. */
const FOR_MOTO: { readonly [N in OperationName]?: Partial<InputOf<N>> } = {
  // It makes up the digest that it is not told: row 1.
  PutImage: { imageDigest: digestOf(amd64) },
  // It lets no more actions into a registry's policy: row 17.
  PutRegistryPolicy: {
    policyText: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          ...{ Sid: "copies", Effect: "Allow", Principal: { AWS: "arn:aws:iam::999999999999:root" } },
          ...{ Action: ["ecr:CreateRepository", "ecr:ReplicateImage"], Resource: "*" },
        },
      ],
    }),
  },
};

const v1 = { imageTag: "v1" };

/** What stands after "row" is its number in the table of what moto does wrong: facts, 4.2. */
describeWith(["moto_server"], "the client against moto, which is AWS by other hands", () => {
  let moto: MotoProcess;
  let ecr: EcrClient;
  let repositories = 0;
  beforeAll(async () => {
    moto = await startMoto();
    ecr = clientOf();
  });
  afterAll(async () => {
    await ecr.close();
    await moto.stop();
  });

  /** A client without waits between its tries: moto answers an operation that it does not have with status 500. */
  const clientOf = (): EcrClient =>
    createEcrClient({
      region: "eu-west-1",
      endpoint: moto.url,
      auth: { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" },
      retry: false,
      breaker: false,
    });
  const repository = async (): Promise<string> => {
    repositories += 1;
    const tags = [{ Key: "team", Value: "web" }];
    const { repository: made } = await ecr.call("CreateRepository", { repositoryName: `own/r${repositories}`, tags });
    return made.repositoryName;
  };
  const imageIn = async (manifest: string, tag = "v1"): Promise<string> => {
    const name = await repository();
    await ecr.images.putTag(name, { imageManifest: manifest }, tag);
    return name;
  };

  it("has its operations answered one after the other, and all of them read", async () => {
    const answers: Answers = {};
    for (const step of PRIVATE.filter(({ operation }) => OF_MOTO.has(operation)))
      await make(step, ecr, answers, { more: FOR_MOTO[step.operation] ?? {} });
    expect(Object.keys(answers).sort()).toEqual([...OF_MOTO].sort());
    expect(answers.CreateRepository?.repository.createdAt).toBeInstanceOf(Date);
  });

  it("lists repositories, and finds them by prefix and by name with the unknown ones named", async () => {
    const [first, second] = [await repository(), await repository()];
    const listed = await ecr.repositories.list({ prefix: "own/" }).all();
    expect(listed.map(({ repositoryName }) => repositoryName)).toEqual(expect.arrayContaining([first, second]));
    expect((await ecr.repositories.get(first)).repositoryUri).toBe(
      `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${first}`,
    );
    const found = await ecr.repositories.batchGet([second, "none/a", first, "none/b"]);
    expect(found.repositories.map(({ repositoryName }) => repositoryName)).toEqual([second, first]);
    expect(found.failures.map(({ repositoryName }) => repositoryName)).toEqual(["none/a", "none/b"]);
    expect(await rejection(ecr.repositories.get("none/a"))).toMatchObject({ kind: "RepositoryNotFound" });
  });

  it("reads what is set on a repository", async () => {
    const repositoryName = await repository();
    expect(await ecr.repositories.tags(repositoryName)).toEqual(new Map([["team", "web"]]));
    expect(await rejection(ecr.repositories.lifecyclePolicy(repositoryName))).toMatchObject({
      kind: "LifecyclePolicyNotFound",
    });
    expect(await rejection(ecr.repositories.policy(repositoryName))).toMatchObject({
      kind: "RepositoryPolicyNotFound",
    });
    const selection = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 3 };
    const rules = [{ rulePriority: 1, selection, action: { type: "expire" } }];
    await ecr.call("PutLifecyclePolicy", { repositoryName, lifecyclePolicyText: JSON.stringify({ rules }) });
    expect(await ecr.repositories.lifecyclePolicy(repositoryName)).toMatchObject({ rules: [{ rulePriority: 1 }] });
    const statement = { Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" };
    const policyText = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await ecr.call("SetRepositoryPolicy", { repositoryName, policyText });
    expect(await ecr.repositories.policy(repositoryName)).toMatchObject({
      document: { statements: [{ effect: "Allow", principals: { values: [{ kind: "everyone" }] } }] },
    });
  });

  it("puts, lists, describes, gets and deletes images", async () => {
    const name = await imageIn(amd64);
    await ecr.images.putTag(name, { imageManifest: arm64 }, "v2");
    const ids = await ecr.images.list(name).all();
    expect(ids).toEqual([
      { imageDigest: digestOf(amd64), imageTag: "v1" },
      { imageDigest: digestOf(arm64), imageTag: "v2" },
    ]);
    const described = await ecr.images.describe(name, [{ imageTag: "v2" }, { imageTag: "none" }, v1]);
    expect(described.images.map(({ imageDigest }) => imageDigest)).toEqual([digestOf(arm64), digestOf(amd64)]);
    expect(described.failures).toMatchObject([{ imageId: { imageTag: "none" }, failureCode: "ImageNotFound" }]);
    expect((await ecr.images.get(name, v1)).imageManifest).toBe(amd64);
    const got = await ecr.images.batchGet(name, [{ imageTag: "none" }, { imageTag: "v2" }]);
    expect(got.images.map(({ imageManifest }) => imageManifest)).toEqual([arm64]);
    expect(got.failures).toMatchObject([{ imageId: { imageTag: "none" } }]);
    const { deleted, failures } = await ecr.images.batchDelete(name, [v1, { imageTag: "none" }]);
    expect(deleted).toEqual([{ imageDigest: digestOf(amd64), imageTag: "v1" }]);
    expect(failures).toMatchObject([{ failureCode: "ImageNotFound" }]);
    expect(await ecr.images.list(name).all()).toEqual([{ imageDigest: digestOf(arm64), imageTag: "v2" }]);
  });

  it("gives an image a second tag", async () => {
    const name = await imageIn(amd64);
    await ecr.images.putTag(name, v1, "stable");
    expect((await ecr.images.describe(name)).images.map(({ imageTags }) => imageTags)).toEqual([["v1", "stable"]]);
  });

  it("refuses an answer that names another tag than the one it asked for, as moto's does of an image with two", async () => {
    const name = await imageIn(amd64);
    await ecr.images.putTag(name, v1, "stable");
    expect(await rejection(ecr.images.get(name, v1))).toMatchObject({ kind: "ImageDigestMismatch" });
    expect((await ecr.images.get(name, { imageDigest: digestOf(amd64) })).imageManifest).toBe(amd64);
  });

  it("refuses a manifest whose digest moto made up (row 1)", async () => {
    const repositoryName = await repository();
    await ecr.call("PutImage", { repositoryName, imageManifest: amd64, imageTag: "v1" });
    expect(await rejection(ecr.images.get(repositoryName, v1))).toMatchObject({ kind: "ImageDigestMismatch" });
  });

  it("reads manifests, indexes and layers, but no configuration and no referrers: moto lacks their operations (4.1)", async () => {
    const name = await imageIn(amd64, "amd64");
    await ecr.images.putTag(name, { imageManifest: arm64 }, "arm64");
    await ecr.images.putTag(name, { imageManifest: index }, "v1");
    expect((await ecr.manifests.getList(name, v1)).manifest.manifests).toHaveLength(2);
    const found = await ecr.manifests.getForPlatform(name, v1, "linux/arm64");
    expect(found.digest).toBe(digestOf(arm64));
    expect((await ecr.manifests.getLayers(name, v1)).images.map(({ layers }) => layers.length)).toEqual([1, 1]);
    const missing = { kind: "ServiceUnavailable", service: { status: 500 } };
    expect(await rejection(ecr.manifests.getConfig(name, { imageTag: "amd64" }))).toMatchObject(missing);
    expect(await rejection(ecr.manifests.referrers(name, v1).all())).toMatchObject(missing);
  });

  it("scans, with the one finding that moto has (row 14), and once a day", async () => {
    const name = await imageIn(amd64);
    expect(await rejection(ecr.scans.findings(name, v1))).toMatchObject({ kind: "ScanNotFound" });
    expect(await ecr.scans.start(name, v1)).toMatchObject({ status: "IN_PROGRESS" });
    expect(await ecr.scans.status(name, v1)).toMatchObject({ status: "COMPLETE" });
    expect(await ecr.scans.findings(name, v1)).toMatchObject({
      ...{ status: "COMPLETE", severityCounts: { HIGH: 1, CRITICAL: 0 }, completedAt: expect.any(Date) },
      findings: [
        {
          name: "CVE-9999-9999",
          severity: "HIGH",
          score: 7.5,
          package: "moto_fake",
          version: "9.9.9",
          source: "basic",
        },
      ],
    });
    expect(await rejection(ecr.scans.start(name, v1))).toMatchObject({
      kind: "LimitExceeded",
      message: expect.stringContaining("once in 24 hours"),
    });
  });

  it("reads the rules and destinations of replication, of which moto takes one rule (row 16) and copies nothing", async () => {
    const name = await imageIn(amd64);
    const destinations = [
      { region: "us-east-1", registryId: "123456789012" },
      { region: "us-west-2", registryId: "123456789012" },
    ];
    const rules = [{ destinations }];
    await ecr.call("PutReplicationConfiguration", { replicationConfiguration: { rules } });
    expect(await ecr.replication.configuration()).toEqual({ rules });
    expect(await ecr.replication.destinations()).toEqual(destinations);
    // It lacks DescribeImageReplicationStatus (4.1).
    expect(await rejection(ecr.replication.status(name, v1))).toMatchObject({ kind: "ServiceUnavailable" });
  });

  it("logs in, with a token that ended in 2015 (row 13)", async () => {
    const { registry, username, password, expiresAt } = await ecr.auth.credentials();
    expect({ registry, username, password: password.reveal(), expiresAt }).toEqual({
      registry: "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
      username: "AWS",
      password: "123456789012-auth-token",
      expiresAt: new Date("2015-01-01T00:00:00Z"),
    });
    expect((await ecr.auth.refresh()).expiresAt).toEqual(expiresAt);
    expect((await ecr.auth.loginCommand({ tool: "podman" })).display).toBe(
      "podman login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    );
  });

  it("finds no ECR Public, for moto has none (4.1)", async () => {
    const failed = { kind: "ServiceUnavailable", operation: "DescribeRepositories", region: "us-east-1" };
    expect(await rejection(ecr.publicRegistry.repositories().all())).toMatchObject(failed);
  });
});
