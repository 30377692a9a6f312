import { beforeEach, describe, expect, it } from "vitest";
import {
  caller,
  refusal,
  sha256,
  type TestRegistry,
  target,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";

const profile = (name: string, region = "us-east-1") =>
  `arn:aws:signer:${region}:111111111111:/signing-profiles/${name}`;
const SIGNING_MS = 1_000;

let local: TestRegistry;
beforeEach(async () => {
  local = testRegistry();
  await local.call("CreateRepository", { repositoryName: "app" });
});

const configure = (...rules: { signingProfileArn: string; filters?: readonly string[] }[]) =>
  local.call("PutSigningConfiguration", {
    signingConfiguration: {
      rules: rules.map(({ signingProfileArn, filters }) => ({
        signingProfileArn,
        repositoryFilters: filters?.map((filter) => ({ filter, filterType: "WILDCARD_MATCH" as const })),
      })),
    },
  });
const status = async (imageDigest: string, repositoryName = "app") =>
  (await local.call("DescribeImageSigningStatus", { repositoryName, imageId: { imageDigest } })).signingStatuses;

describe("the signing configuration", () => {
  it("is given back as it was set, until it is deleted", async () => {
    const { signingConfiguration } = await configure({ signingProfileArn: profile("ci"), filters: ["*prod*"] });
    const answer = { registryId: "000000000000", signingConfiguration };
    expect(await local.call("GetSigningConfiguration", {})).toEqual(answer);
    expect(await local.call("DeleteSigningConfiguration", {})).toEqual(answer);
    const code = "SigningConfigurationNotFoundException";
    expect(await refusal(local.call("GetSigningConfiguration", {}))).toMatchObject({ code });
    expect(await refusal(local.call("DeleteSigningConfiguration", {}))).toMatchObject({ code });
  });

  it("refuses a profile of another region, and one that is named twice", async () => {
    expect(await refusal(configure({ signingProfileArn: profile("ci", "eu-west-1") }))).toMatchObject({
      code: "InvalidParameterException",
    });
    const rule = { signingProfileArn: profile("ci") };
    expect(await refusal(configure(rule, rule))).toMatchObject({ code: "ValidationException" });
  });
});

describe("signing on push", () => {
  it("stores a signature of each profile whose rule covers the repository, as a referrer of the image", async () => {
    await configure(
      { signingProfileArn: profile("all") },
      { signingProfileArn: profile("apps"), filters: ["a*"] },
      { signingProfileArn: profile("others"), filters: ["b*", "*/app"] },
    );
    const { digest } = await local.image("app", "v1");
    const profiles = [profile("all"), profile("apps")];
    expect(await status(digest)).toEqual(
      profiles.map((signingProfileArn) => ({ signingProfileArn, status: "IN_PROGRESS" })),
    );
    expect(await local.registry.data.referrers(caller, target(), digest)).toEqual([]);
    await local.time.advance(SIGNING_MS);
    expect(await status(digest)).toEqual(
      profiles.map((signingProfileArn) => ({ signingProfileArn, status: "COMPLETE" })),
    );
    const referrers = await local.registry.data.referrers(caller, target(), digest);
    expect(referrers.map(({ artifactType }) => artifactType)).toEqual(
      Array(2).fill("application/vnd.cncf.notary.signature"),
    );
    const [signature] = referrers;
    const stored = await local.registry.data.manifest(caller, target(), signature?.digest ?? "", { pull: false });
    const { subject, layers } = JSON.parse(Buffer.from(stored.bytes).toString());
    expect(subject.digest).toBe(digest);
    const blob = await local.registry.data.blob(caller, target(), layers[0].digest);
    const envelope = JSON.parse(Buffer.concat(await blob.open().toArray()).toString());
    const payload = JSON.parse(Buffer.from(envelope.payload, "base64url").toString());
    expect(payload.targetArtifact.digest).toBe(digest);
  });

  it("signs no signature, and nothing that was pushed before or is gone", async () => {
    const before = await local.image("app", "v0");
    await configure({ signingProfileArn: profile("all") });
    const { digest } = await local.image("app", "v1");
    const gone = await local.image("app", "v2");
    await local.call("BatchDeleteImage", { repositoryName: "app", imageIds: [{ imageDigest: gone.digest }] });
    await local.time.advance(10 * SIGNING_MS);
    const [signature] = await local.registry.data.referrers(caller, target(), digest);
    expect(await status(signature?.digest ?? "")).toEqual([]);
    expect(await status(before.digest)).toEqual([]);
    expect(await local.registry.data.referrers(caller, target(), gone.digest)).toEqual([]);
    expect((await local.call("ListImages", { repositoryName: "app" })).imageIds).toHaveLength(3);
  });

  it("signs no signature that a client pushes", async () => {
    await configure({ signingProfileArn: profile("all") });
    const { digest } = await local.image("app", "v1");
    const pushed = { subject: digest, artifactType: "application/vnd.cncf.notary.signature" };
    const signature = await local.image("app", undefined, pushed);
    await local.time.advance(SIGNING_MS);
    expect(await status(signature.digest)).toEqual([]);
    expect(await status(digest)).toHaveLength(1);
  });

  it("goes with its image to other registries", async () => {
    await configure({ signingProfileArn: profile("all") });
    const rules = [{ destinations: [{ region: "eu-west-1", registryId: "000000000000" }] }];
    await local.call("PutReplicationConfiguration", { replicationConfiguration: { rules } });
    const { digest } = await local.image("app", "v1");
    await local.time.advance("1m");
    const there = { ...target(), region: "eu-west-1" };
    expect(await local.registry.data.referrers({ ...caller, region: "eu-west-1" }, there, digest)).toHaveLength(1);
  });

  it("fails where the repository has no room for a signature", async () => {
    local = testRegistry({ quotas: { counts: { imagesPerRepository: 1 } } });
    await local.call("CreateRepository", { repositoryName: "app" });
    await configure({ signingProfileArn: profile("all") });
    const { digest } = await local.image("app", "v1");
    await local.time.advance(SIGNING_MS);
    expect(await status(digest)).toEqual([
      {
        signingProfileArn: profile("all"),
        status: "FAILED",
        failureCode: "LimitExceededException",
        failureReason: "The limit of 1 images per repository has been exceeded",
      },
    ]);
    const config = local.registry.data.blob(caller, target(), sha256("{}"));
    expect(await refusal(config)).toMatchObject({ code: "LayersNotFoundException" });
  });

  it("is asked about an image that is there, in a repository that is there", async () => {
    const ask = (repositoryName: string, imageId: object) =>
      refusal(local.call("DescribeImageSigningStatus", { repositoryName, imageId }));
    expect(await ask("none", { imageTag: "v1" })).toMatchObject({ code: "RepositoryNotFoundException" });
    expect(await ask("app", { imageTag: "v1" })).toMatchObject({ code: "ImageNotFoundException" });
    expect(await ask("app", {})).toMatchObject({ code: "InvalidParameterException" });
  });
});
