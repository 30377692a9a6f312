import { beforeEach, describe, expect, it } from "vitest";
import {
  bareManifest,
  caller,
  imageManifest,
  indexManifest,
  refusal,
  sha256,
  type TestRegistry,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";
import { createRegistry, type RegistryOptions } from "../create-registry.js";
import type { Store } from "../store.js";
import { memoryStore } from "../store-memory.js";

let local: TestRegistry;
let store: Store;
const repositoryName = "app";
const registry = { account: "000000000000", region: "us-east-1" };

async function open(options: RegistryOptions = {}): Promise<void> {
  store = memoryStore();
  local = testRegistry({ layers: "unchecked", store, ...options });
  await local.call("CreateRepository", { repositoryName });
}
beforeEach(async () => {
  await open();
});

const rule = (rulePriority: number, selection: object, action: object = { type: "expire" }) => ({
  rulePriority,
  selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 1, ...selection },
  action,
});
const toArchive = { type: "transition", targetStorageClass: "archive" };
const setPolicy = (rules: readonly object[], name = repositoryName) =>
  local.call("PutLifecyclePolicy", { repositoryName: name, lifecyclePolicyText: JSON.stringify({ rules }) });
async function put(imageManifest: string, imageTag?: string, name = repositoryName): Promise<string> {
  await local.call("PutImage", { repositoryName: name, imageManifest, imageTag });
  await local.time.advance("1s");
  return sha256(imageManifest);
}
const tags = async (imageStatus: "ACTIVE" | "ARCHIVED" | "ANY" = "ANY", name = repositoryName) => {
  const { imageIds } = await local.call("ListImages", { repositoryName: name, filter: { imageStatus } });
  return imageIds.map(({ imageTag }: { imageTag?: string }) => imageTag).toSorted();
};
const evaluatedAt = async (): Promise<number> =>
  (await local.call("GetLifecyclePolicy", { repositoryName })).lastEvaluatedAt;

interface Event {
  readonly "detail-type": string;
  readonly resources: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what an event is expected to have.
  readonly detail: any;
}
const events = (detailType: string): readonly Event[] =>
  Array.from(store.range<Event>("event ", "event!"), ([, event]) => event).filter(
    (event) => event["detail-type"] === detailType,
  );
const runs = () => events("AWS Service Event via CloudTrail");

describe("a lifecycle run", () => {
  it("comes once a day, deletes what the rules expire and notes when it was", async () => {
    await setPolicy([rule(1, {})]);
    await put(bareManifest(1), "old");
    await put(bareManifest(2), "young");
    await local.time.advance(24 * 60 * 60 * 1000 - 2_001);
    expect(await tags()).toEqual(["old", "young"]);
    expect(await evaluatedAt()).toBe(0);
    await local.time.advance(1);
    expect(await tags()).toEqual(["young"]);
    expect(await evaluatedAt()).toBe(Date.UTC(2026, 0, 2) / 1000);
    await put(bareManifest(3), "younger");
    await local.time.advance("24h");
    expect(await tags()).toEqual(["younger"]);
    expect(await evaluatedAt()).toBe(Date.UTC(2026, 0, 3) / 1000);
  });

  it("sees the repository as it was at its own time, however late somebody looks", async () => {
    await open({ lifecycleIntervalMs: 6 * 60 * 60 * 1000 });
    await put(bareManifest(1), "v1");
    await setPolicy([rule(1, { countType: "sinceImagePushed", countUnit: "days", countNumber: 1 }, toArchive)]);
    await local.time.advance("30d");
    const imageIds = [{ imageTag: "v1" }];
    const { imageDetails } = await local.call("DescribeImages", { repositoryName, imageIds });
    // Pushed at midnight; the runs come every six hours, a second past.
    expect(imageDetails[0].lastArchivedAt).toBe(Date.UTC(2026, 0, 2, 0, 0, 1) / 1000);
  });

  it("is of each registry apart, and ends with its last policy", async () => {
    await setPolicy([rule(1, {})]);
    await local.time.advance("24h");
    await evaluatedAt();
    expect(runs()).toHaveLength(1);
    await local.call("DeleteLifecyclePolicy", { repositoryName });
    await local.time.advance("48h");
    await tags();
    expect(runs()).toHaveLength(1);
    await setPolicy([rule(1, {})]);
    await local.time.advance("24h");
    await evaluatedAt();
    expect(runs()).toHaveLength(2);
  });

  it("can be had at once, for a repository or for all of a registry", async () => {
    await local.call("CreateRepository", { repositoryName: "other" });
    await local.call("CreateRepository", { repositoryName: "app" }, { ...caller, region: "eu-west-1" });
    for (const name of [repositoryName, "other"]) {
      await setPolicy([rule(7, {})], name);
      for (const id of [1, 2, 3]) await put(bareManifest(id), `v${id}`, name);
    }
    const acted = (id: number) => ({
      digest: sha256(bareManifest(id)),
      tags: [`v${id}`],
      rulePriority: 7,
      action: "expire",
    });
    expect(await local.registry.runLifecycle({ ...registry, repositoryName: "other" })).toEqual([
      { repositoryName: "other", actions: [acted(1), acted(2)] },
    ]);
    expect(await tags()).toEqual(["v1", "v2", "v3"]);
    expect(await local.registry.runLifecycle(registry)).toEqual([
      { repositoryName: "app", actions: [acted(1), acted(2)] },
      { repositoryName: "other", actions: [] },
    ]);
    expect(await tags()).toEqual(["v3"]);
    expect(await local.registry.runLifecycle({ ...registry, region: "eu-west-1" })).toEqual([]);
    expect(await evaluatedAt()).toBe(Date.UTC(2026, 0, 1, 0, 0, 6) / 1000);
  });

  it("cannot be had for a repository that is not there or has no policy", async () => {
    const run = (name: string) => refusal(local.registry.runLifecycle({ ...registry, repositoryName: name }));
    expect(await run("other")).toMatchObject({ code: "RepositoryNotFoundException" });
    expect(await run("app")).toMatchObject({ code: "LifecyclePolicyNotFoundException" });
  });

  it("moves images to the archive, and deletes them from there after 90 days at the earliest", async () => {
    const inArchive = { storageClass: "archive", countType: "sinceImageTransitioned", countUnit: "days" };
    await setPolicy([rule(1, {}, toArchive), rule(2, { ...inArchive, countNumber: 90 })]);
    await put(bareManifest(1), "old");
    await put(bareManifest(2), "young");
    await local.time.advance("24h");
    expect(await tags("ARCHIVED")).toEqual(["old"]);
    await local.time.advance("90d");
    expect(await tags()).toEqual(["old", "young"]);
    await local.time.advance("24h");
    expect(await tags()).toEqual(["young"]);
  });

  it("takes referrers along with their subject, and leaves what an index lists", async () => {
    const child = bareManifest("child");
    await put(child, "child");
    await put(indexManifest([{ digest: sha256(child), manifest: child }]), "index");
    const subject = await put(bareManifest("x"), "subject");
    await put(imageManifest(Buffer.from("s"), [], { subject }), "signature");
    await put(bareManifest("y"), "young");
    await setPolicy([rule(1, { tagStatus: "tagged", tagPatternList: ["*"], countNumber: 1 })]);
    const [run] = await local.registry.runLifecycle(registry);
    expect(run?.actions.map((action) => action.tags[0])).toEqual(["index", "subject", "signature"]);
    expect(await tags()).toEqual(["child", "young"]);
  });

  it("leaves alone what is on its way back from the archive, and what refers to it", async () => {
    const subject = await put(bareManifest("x"), "subject");
    const move = (targetStorageClass: "ARCHIVE" | "STANDARD") =>
      local.call("UpdateImageStorageClass", { repositoryName, imageId: { imageDigest: subject }, targetStorageClass });
    await move("ARCHIVE");
    await move("STANDARD");
    await put(imageManifest(Buffer.from("s"), [], { subject }), "signature");
    await put(bareManifest("y"), "young");
    await put(bareManifest("z"), "younger");
    await setPolicy([rule(1, {})]);
    const acted = async () =>
      (await local.registry.runLifecycle(registry)).flatMap(({ actions }) => actions.map((action) => action.tags[0]));
    expect(await acted()).toEqual(["young"]);
    await local.time.advance("20m");
    expect(await acted()).toEqual(["younger"]);
  });

  it("tells of itself as CloudTrail does, and of its deletions as any deletion", async () => {
    await setPolicy([{ ...rule(3, { tagStatus: "tagged", tagPrefixList: ["v"] }), description: "keep one" }]);
    const digest = await put(bareManifest(1), "v1");
    await put(bareManifest(2), "v2");
    await local.registry.runLifecycle(registry);
    const [event] = runs();
    expect(event).toMatchObject({ source: "aws.ecr", ...registry, time: "2026-01-01T00:00:02Z" });
    expect(event?.detail).toMatchObject({
      eventName: "PolicyExecutionEvent",
      eventSource: "ecr.amazonaws.com",
      eventType: "AwsServiceEvent",
      eventTime: "2026-01-01T00:00:02Z",
      resources: [
        {
          accountId: "000000000000",
          type: "AWS::ECR::Repository",
          ARN: "arn:aws:ecr:us-east-1:000000000000:repository/app",
        },
      ],
    });
    expect(event?.detail.serviceEventDetails).toEqual({
      repositoryName,
      lifecycleEventPolicy: {
        lifecycleEventRules: [
          {
            rulePriority: 3,
            description: "keep one",
            lifecycleEventSelection: {
              tagStatus: "Tagged",
              tagPrefixList: ["v"],
              tagPatternList: [],
              countType: "Image count more than",
              countNumber: 1,
            },
            action: "expire",
          },
        ],
        lastEvaluatedAt: 0,
        policyVersion: 1,
        policyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
      lifecycleEventImageActions: [
        {
          lifecycleEventImage: { digest, tagStatus: "Tagged", tagList: ["v1"], pushedAt: Date.UTC(2026, 0, 1) },
          rulePriority: 3,
        },
      ],
      lifecycleEventFailureDetails: [],
    });
    const deleted = events("ECR Image Action").filter(({ detail }) => detail["action-type"] === "DELETE");
    expect(deleted.map(({ detail }) => detail["image-tag"])).toEqual(["v1"]);
  });

  it("is told of in several events when it acts on ten images or more, a preview as a dry run", async () => {
    await setPolicy([rule(1, { countType: "sinceImagePushed", countUnit: "days" })]);
    for (let id = 0; id < 10; id += 1) await put(bareManifest(id));
    await local.time.advance("23h");
    const counts = () =>
      runs().map(({ detail }) => [detail.eventName, detail.serviceEventDetails.lifecycleEventImageActions.length]);
    await local.call("StartLifecyclePolicyPreview", { repositoryName });
    await local.time.advance("2h");
    await local.registry.runLifecycle(registry);
    // The daily run, in between, found nothing yet.
    expect(counts()).toEqual([
      ["DryRunEvent", 0],
      ["PolicyExecutionEvent", 0],
      ["PolicyExecutionEvent", 9],
      ["PolicyExecutionEvent", 1],
    ]);
    const [, , last] = runs();
    expect(last?.detail.serviceEventDetails.lifecycleEventImageActions[0].lifecycleEventImage).toMatchObject({
      tagStatus: "Untagged",
      tagList: [],
    });
    expect(last?.detail.serviceEventDetails.lifecycleEventPolicy.lifecycleEventRules[0]).toMatchObject({
      lifecycleEventSelection: { tagStatus: "Any", countType: "Time since image pushed", countUnit: "Days" },
    });
  });

  it("comes in no shorter an interval than a second", () => {
    for (const lifecycleIntervalMs of [999, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => createRegistry({ lifecycleIntervalMs })).toThrow(
        `lifecycleIntervalMs must be a number from 1000 up, got ${lifecycleIntervalMs}`,
      );
  });
});
