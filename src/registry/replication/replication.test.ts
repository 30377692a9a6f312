import { beforeEach, describe, expect, it } from "vitest";
import {
  bareManifest,
  indexManifest,
  refusal,
  sha256,
  type TestRegistry,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";
import type { Caller } from "../registry.js";

const OWN = "000000000000";
const OTHER = "111111111111";
const in_ = (region: string, account = OWN): Caller => ({ account, region, arn: `arn:aws:iam::${account}:root` });
const LAG_MS = 5_000;

let local: TestRegistry;
beforeEach(async () => {
  local = testRegistry();
  await local.call("CreateRepository", { repositoryName: "app" });
});

const configure = (...destinations: { region: string; registryId: string }[]) =>
  local.call("PutReplicationConfiguration", { replicationConfiguration: { rules: [{ destinations }] } });
const status = async (imageTag: string, repositoryName = "app") =>
  (await local.call("DescribeImageReplicationStatus", { repositoryName, imageId: { imageTag } })).replicationStatuses;
const imagesIn = async (caller: Caller, repositoryName = "app") =>
  (await local.call("ListImages", { repositoryName }, caller)).imageIds;

describe("the replication configuration", () => {
  it("is empty until it is set, and replaced as a whole", async () => {
    const none = { registryId: OWN, replicationConfiguration: { rules: [] } };
    expect(await local.call("DescribeRegistry", {})).toEqual(none);
    const rules = [
      {
        destinations: [{ region: "eu-west-1", registryId: OWN }],
        repositoryFilters: [{ filter: "prod", filterType: "PREFIX_MATCH" as const }],
      },
    ];
    expect(await local.call("PutReplicationConfiguration", { replicationConfiguration: { rules } })).toEqual({
      replicationConfiguration: { rules },
    });
    expect(await local.call("DescribeRegistry", {})).toEqual({ registryId: OWN, replicationConfiguration: { rules } });
    await local.call("PutReplicationConfiguration", { replicationConfiguration: { rules: [] } });
    expect(await local.call("DescribeRegistry", {})).toEqual(none);
  });

  it.each([
    ["its own registry", "InvalidParameterException", [{ region: "us-east-1", registryId: OWN }]],
    ["another partition", "ValidationException", [{ region: "cn-north-1", registryId: OWN }]],
    ["no region at all", "ValidationException", [{ region: "nowhere", registryId: OWN }]],
    [
      "26 destinations",
      "InvalidParameterException",
      Array.from({ length: 26 }, (_, index) => ({
        region: "eu-west-1",
        registryId: String(index + 1).padStart(12, "3"),
      })),
    ],
  ])("refuses %s", async (_what, code, destinations) => {
    expect(await refusal(configure(...destinations))).toMatchObject({ code });
  });
});

describe("replication", () => {
  it("copies a pushed image, its layers included, to each destination after the lag", async () => {
    await configure({ region: "eu-west-1", registryId: OWN }, { region: "eu-central-1", registryId: OWN });
    const { digest, layers } = await local.image("app", "v1");
    expect(await status("v1")).toEqual([
      { region: "eu-central-1", registryId: OWN, status: "IN_PROGRESS" },
      { region: "eu-west-1", registryId: OWN, status: "IN_PROGRESS" },
    ]);
    await local.time.advance(LAG_MS - 1);
    expect(await refusal(imagesIn(in_("eu-west-1")))).toMatchObject({ code: "RepositoryNotFoundException" });
    await local.time.advance(1);
    expect(await imagesIn(in_("eu-west-1"))).toEqual([{ imageDigest: digest, imageTag: "v1" }]);
    expect((await status("v1")).map((copy: { status: string }) => copy.status)).toEqual(["COMPLETE", "COMPLETE"]);
    const check = await local.call(
      "BatchCheckLayerAvailability",
      { repositoryName: "app", layerDigests: layers },
      in_("eu-central-1"),
    );
    expect(check.layers[0].layerAvailability).toBe("AVAILABLE");
  });

  it("leaves out what was pushed before, what no rule covers, and what is deleted", async () => {
    await local.image("app", "before");
    const filter = { filter: "prod", filterType: "PREFIX_MATCH" as const };
    const rule = { destinations: [{ region: "eu-west-1", registryId: OWN }], repositoryFilters: [filter] };
    await local.call("PutReplicationConfiguration", { replicationConfiguration: { rules: [rule] } });
    await local.call("CreateRepository", { repositoryName: "prod/app" });
    await local.image("app", "other");
    const { digest } = await local.image("prod/app", "v1");
    await local.time.advance(LAG_MS);
    expect(await status("before")).toEqual([]);
    expect(await status("other")).toEqual([]);
    await local.call("BatchDeleteImage", { repositoryName: "prod/app", imageIds: [{ imageTag: "v1" }] });
    await local.time.advance(LAG_MS);
    expect(await imagesIn(in_("eu-west-1"), "prod/app")).toEqual([{ imageDigest: digest, imageTag: "v1" }]);
    expect(await refusal(imagesIn(in_("eu-west-1")))).toMatchObject({ code: "RepositoryNotFoundException" });
  });

  it("does not go on from a destination that replicates itself", async () => {
    await configure({ region: "eu-west-1", registryId: OWN });
    const onward = { rules: [{ destinations: [{ region: "ap-south-1", registryId: OWN }] }] };
    await local.call("PutReplicationConfiguration", { replicationConfiguration: onward }, in_("eu-west-1"));
    await local.image("app", "v1");
    await local.time.advance(10 * LAG_MS);
    expect(await imagesIn(in_("eu-west-1"))).toHaveLength(1);
    expect(await refusal(imagesIn(in_("ap-south-1")))).toMatchObject({ code: "RepositoryNotFoundException" });
  });

  it("brings an image without the tag that is taken for good at the destination", async () => {
    await configure({ region: "eu-west-1", registryId: OWN });
    const immutable = { repositoryName: "app", imageTagMutability: "IMMUTABLE" as const };
    await local.call("CreateRepository", immutable, in_("eu-west-1"));
    const first = await local.image("app", "v1");
    await local.time.advance(LAG_MS);
    const second = await local.image("app", "v1");
    await local.time.advance(LAG_MS);
    const images = await imagesIn(in_("eu-west-1"));
    expect(images).toHaveLength(2);
    expect(images).toContainEqual({ imageDigest: first.digest, imageTag: "v1" });
    expect(images).toContainEqual({ imageDigest: second.digest });
  });

  it("brings an index with the images that it lists, also those that were there before the rule", async () => {
    const child = await local.image("app");
    await configure({ region: "eu-west-1", registryId: OWN });
    const index = indexManifest([child]);
    await local.call("PutImage", { repositoryName: "app", imageManifest: index, imageTag: "multi" });
    await local.time.advance(LAG_MS);
    const images = await imagesIn(in_("eu-west-1"));
    expect(images).toContainEqual({ imageDigest: child.digest });
    expect(images).toContainEqual({ imageDigest: sha256(index), imageTag: "multi" });
  });

  it("needs the leave of another account's registry policy", async () => {
    await configure({ region: "us-east-1", registryId: OTHER });
    await local.image("app", "v1");
    await local.time.advance(LAG_MS);
    expect(await status("v1")).toEqual([
      { region: "us-east-1", registryId: OTHER, status: "FAILED", failureCode: "AccessDenied" },
    ]);
    await allow("ecr:ReplicateImage");
    await local.image("app", "v2");
    await local.time.advance(LAG_MS);
    expect(await status("v2")).toMatchObject([{ status: "FAILED", failureCode: "AccessDenied" }]);
    await allow("ecr:ReplicateImage", "ecr:CreateRepository");
    const { digest } = await local.image("app", "v3");
    await local.time.advance(LAG_MS);
    expect(await status("v3")).toMatchObject([{ status: "COMPLETE" }]);
    expect(await imagesIn(in_("us-east-1", OTHER))).toEqual([{ imageDigest: digest, imageTag: "v3" }]);
  });

  it("fails with what the destination refuses, and the registry goes on", async () => {
    local = testRegistry({ quotas: { counts: { imagesPerRepository: 1 } } });
    await local.call("CreateRepository", { repositoryName: "app" });
    await configure({ region: "eu-west-1", registryId: OWN });
    await local.image("app", "v1");
    await local.time.advance(LAG_MS);
    await local.call("BatchDeleteImage", { repositoryName: "app", imageIds: [{ imageTag: "v1" }] });
    await local.image("app", "v2");
    await local.time.advance(LAG_MS);
    expect(await status("v2")).toMatchObject([{ status: "FAILED", failureCode: "LimitExceededException" }]);
  });

  it("leaves nothing of a copy that failed, neither images nor events", async () => {
    local = testRegistry({ layers: "unchecked", quotas: { counts: { imagesPerRepository: 3 } } });
    const put = (imageManifest: string, by?: Caller) =>
      local.call("PutImage", { repositoryName: "app", imageManifest, imageTag: "v1" }, by);
    for (const by of [in_("us-east-1"), in_("eu-west-1")])
      await local.call("CreateRepository", { repositoryName: "app" }, by);
    await put(bareManifest(0), in_("eu-west-1"));
    const children = [1, 2].map((id) => ({ digest: sha256(bareManifest(id)), manifest: bareManifest(id) }));
    for (const { manifest } of children) await put(manifest);
    await configure({ region: "eu-west-1", registryId: OWN });
    await put(indexManifest(children));
    const events = await local.registry.control.events(0, 100);
    await local.time.advance(LAG_MS);
    expect(await status("v1")).toMatchObject([{ status: "FAILED", failureCode: "LimitExceededException" }]);
    expect(await imagesIn(in_("eu-west-1"))).toEqual([{ imageDigest: sha256(bareManifest(0)), imageTag: "v1" }]);
    expect(await local.registry.control.events(0, 100)).toEqual(events);
  });

  it("is told at the destination, and goes on from an image that is back from the archive", async () => {
    const { digest } = await local.image("app", "v1");
    const moveTo = (targetStorageClass: "ARCHIVE" | "STANDARD") =>
      local.call("UpdateImageStorageClass", { repositoryName: "app", imageId: { imageTag: "v1" }, targetStorageClass });
    await moveTo("ARCHIVE");
    await configure({ region: "eu-west-1", registryId: OWN });
    await moveTo("STANDARD");
    await local.time.advance("1h");
    expect(await imagesIn(in_("eu-west-1"))).toEqual([{ imageDigest: digest, imageTag: "v1" }]);
    const events = await local.registry.control.events(0, 100);
    expect(events.at(-1)?.event).toMatchObject({
      "detail-type": "ECR Replication Action",
      account: OWN,
      region: "eu-west-1",
      time: "2026-01-01T00:20:05Z",
      resources: [`arn:aws:ecr:eu-west-1:${OWN}:repository/app`],
      detail: {
        result: "SUCCESS",
        "repository-name": "app",
        "image-digest": digest,
        "source-account": OWN,
        "action-type": "REPLICATE",
        "source-region": "us-east-1",
        "image-tag": "v1",
      },
    });
  });

  it("is asked about an image that is there, in a repository that is there", async () => {
    const ask = (repositoryName: string, imageId: object) =>
      refusal(local.call("DescribeImageReplicationStatus", { repositoryName, imageId }));
    expect(await ask("none", { imageTag: "v1" })).toMatchObject({ code: "RepositoryNotFoundException" });
    expect(await ask("app", { imageTag: "v1" })).toMatchObject({ code: "ImageNotFoundException" });
    expect(await ask("app", {})).toMatchObject({ code: "InvalidParameterException" });
  });
});

const allow = (...actions: string[]) =>
  local.call(
    "PutRegistryPolicy",
    {
      policyText: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${OWN}:root` },
            Action: actions,
            Resource: `arn:aws:ecr:us-east-1:${OTHER}:repository/*`,
          },
        ],
      }),
    },
    in_("us-east-1", OTHER),
  );

describe("a replication backfill", () => {
  const destination = { region: "eu-west-1", registryId: OWN };
  const start = async () => (await local.call("StartReplicationBackfill", { destination })).replicationBackfillId;
  const results = (replicationBackfillId: string, more: object = {}) =>
    local.call("DescribeReplicationBackfillResults", { replicationBackfillId, ...more });

  it("copies every image and tag that is there, and then says how each went", async () => {
    const one = await local.image("app", "a");
    await local.call("PutImage", { repositoryName: "app", imageManifest: one.manifest, imageTag: "b" });
    const untagged = await local.image("app");
    await configure(destination);
    const begun = await local.call("StartReplicationBackfill", { destination });
    const { replicationBackfillId: id, startedAt } = begun;
    expect(begun).toEqual({ registryId: OWN, replicationBackfillId: id, destination, status: "PREPARING", startedAt });
    expect(await results(id)).not.toHaveProperty("progress");
    await local.time.advance(LAG_MS);
    expect(await results(id)).toMatchObject({ status: "IN_PROGRESS", progress: { totalReplicationCount: 3 } });
    expect(await results(id)).not.toHaveProperty("results");
    await local.time.advance(LAG_MS);
    const ended = await results(id);
    expect(ended).toMatchObject({
      status: "COMPLETE",
      progress: {
        totalReplicationCount: 3,
        completedReplicationCount: 3,
        failedReplicationCount: 0,
        failureCodes: [],
      },
      endedAt: startedAt + (2 * LAG_MS) / 1000,
    });
    expect(ended.results).toContainEqual({
      repositoryName: "app",
      imageId: { imageDigest: one.digest, imageTag: "b" },
      status: "COMPLETE",
    });
    expect(await imagesIn(in_("eu-west-1"))).toContainEqual({ imageDigest: untagged.digest });
    const page = await results(id, { maxResults: 2 });
    expect(page.results).toHaveLength(2);
    expect((await results(id, { nextToken: page.nextToken })).results).toHaveLength(1);
    expect((await results(id, { resultStatusFilter: "FAILED" })).results).toEqual([]);
  });

  it("brings an image without a tag that has moved on at the source meanwhile", async () => {
    const first = await local.image("app", "v1");
    await configure(destination);
    await start();
    await local.time.advance(LAG_MS + 1);
    const second = await local.image("app", "v1");
    await local.time.advance(LAG_MS - 1);
    expect(await imagesIn(in_("eu-west-1"))).toEqual([{ imageDigest: first.digest }]);
    await local.time.advance(1);
    expect(await imagesIn(in_("eu-west-1"))).toContainEqual({ imageDigest: second.digest, imageTag: "v1" });
  });

  it("counts copies that the destination refuses", async () => {
    const denied = { region: "us-east-1", registryId: OTHER };
    const child = await local.image("app");
    await local.call("PutImage", { repositoryName: "app", imageManifest: indexManifest([child]), imageTag: "multi" });
    await configure(denied);
    const { replicationBackfillId } = await local.call("StartReplicationBackfill", { destination: denied });
    await local.time.advance(2 * LAG_MS);
    const { progress, results: failed } = await results(replicationBackfillId);
    expect(progress).toEqual({
      totalReplicationCount: 2,
      completedReplicationCount: 0,
      failedReplicationCount: 2,
      failureCodes: ["AccessDenied"],
    });
    expect(failed[1]).toMatchObject({ failureCode: "AccessDenied", subImageFailureCodes: ["AccessDenied"] });
  });

  it("is one at a time for a region, and needs a destination of the rules", async () => {
    expect(await refusal(start())).toMatchObject({ code: "ValidationException" });
    await configure(destination);
    await start();
    expect(await refusal(start())).toMatchObject({ code: "ReplicationBackfillInProgressException" });
    await local.time.advance(2 * LAG_MS);
    expect(await start()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("is one of ten at a time in a registry", async () => {
    const regions = ["1", "2", "3", "4", "5", "6"].flatMap((n) => [`eu-west-${n}`, `ap-east-${n}`]);
    const destinations = regions.map((region) => ({ region, registryId: OWN }));
    await configure(...destinations);
    for (const each of destinations.slice(0, 10)) await local.call("StartReplicationBackfill", { destination: each });
    const eleventh = { region: regions[10] ?? "", registryId: OWN };
    expect(await refusal(local.call("StartReplicationBackfill", { destination: eleventh }))).toMatchObject({
      code: "LimitExceededException",
    });
  });

  it("stops at once while it is prepared, and else with what is on its way", async () => {
    await local.image("app", "a");
    await configure(destination);
    const stop = (replicationBackfillId: string) => local.call("StopReplicationBackfill", { replicationBackfillId });
    const early = await start();
    expect(await stop(early)).toMatchObject({ registryId: OWN, destination, status: "STOPPED" });
    expect(await results(early)).not.toHaveProperty("progress");
    expect(await refusal(stop(early))).toMatchObject({ code: "ReplicationBackfillInvalidStatusException" });
    const late = await start();
    await local.time.advance(LAG_MS);
    expect(await stop(late)).toMatchObject({ status: "STOPPING" });
    await local.time.advance(LAG_MS);
    expect(await results(late)).toMatchObject({ status: "STOPPED", progress: { completedReplicationCount: 1 } });
  });

  it("fails when its destination leaves the rules before its images are known", async () => {
    await configure(destination);
    const id = await start();
    await configure();
    await local.time.advance(LAG_MS);
    expect(await results(id)).toMatchObject({ status: "FAILED", failureCode: "DestinationNotConfigured" });
  });

  it("is forgotten with its results by the next one that starts 90 days after it ended", async () => {
    await local.image("app", "v1");
    await configure(destination);
    const forgotten = await start();
    await local.time.advance(2 * LAG_MS);
    const entriesOf = async (id: string) => (await snapshotOf(local)).split("\n").filter((line) => line.includes(id));
    await start();
    await local.time.advance("90d");
    expect(await entriesOf(forgotten)).toHaveLength(2);
    const last = await start();
    expect(await entriesOf(forgotten)).toEqual([]);
    expect(await entriesOf(last)).not.toEqual([]);
  });

  it("is listed for 90 days after it ended", async () => {
    await configure(destination);
    const id = await start();
    await local.time.advance(2 * LAG_MS);
    const list = async (more: object = {}) => local.call("ListReplicationBackfills", more);
    expect((await list()).backfills).toMatchObject([{ replicationBackfillId: id, status: "COMPLETE" }]);
    const second = await start();
    const page = await list({ maxResults: 1 });
    const rest = await list({ nextToken: page.nextToken });
    const ids = [...page.backfills, ...rest.backfills].map((one) => one.replicationBackfillId);
    expect(ids.toSorted()).toEqual([id, second].toSorted());
    await local.time.advance("90d");
    expect(await refusal(results(id))).toMatchObject({ code: "ReplicationBackfillNotFoundException" });
    expect(await refusal(results("x"))).toMatchObject({ code: "ValidationException" });
    expect((await list()).backfills.map((one: { replicationBackfillId: string }) => one.replicationBackfillId)).toEqual(
      [second],
    );
  });
});

async function snapshotOf({ registry }: TestRegistry): Promise<string> {
  const lines: Uint8Array[] = [];
  for await (const line of registry.control.snapshot()) lines.push(line);
  return Buffer.concat(lines).toString();
}

describe("the options", () => {
  it("make copies arrive with the next look when there is no lag, and refuse a lag that is none", async () => {
    local = testRegistry({ layers: "unchecked", replicationLagMs: 0 });
    await local.call("CreateRepository", { repositoryName: "app" });
    await configure({ region: "eu-west-1", registryId: OWN });
    await local.call("PutImage", { repositoryName: "app", imageManifest: bareManifest(1), imageTag: "v1" });
    expect(await imagesIn(in_("eu-west-1"))).toHaveLength(1);
    expect(() => testRegistry({ replicationLagMs: -1 })).toThrow("replicationLagMs must be a number from 0 up, got -1");
  });
});
