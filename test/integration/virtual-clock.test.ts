import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEcrClient, type EcrClient } from "../../src/index.js";
import { createLocalEcr, type LocalEcr, simulate } from "../../src/local.js";
import { bareManifest } from "../fixtures/local-registry.js";
import { rejection } from "../fixtures/scripted-client.js";

const account = "123456789012";
const repositoryName = "app";
const auth = { kind: "static", accessKeyId: account, secretAccessKey: "any" } as const;
const passed: string[] = [];
let local: LocalEcr;
let ecr: EcrClient;
let startedMs: number;

const clientIn = (region: string): EcrClient =>
  createEcrClient({ region, auth, transport: simulate(local), retry: false });

beforeEach(async () => {
  // On the machine's own clock: what `advance` skips does not pass.
  local = createLocalEcr({ layers: "unchecked", quotas: { perSecond: { DescribeRegistry: 0.001 } } });
  ecr = clientIn("us-east-1");
  await ecr.call("CreateRepository", { repositoryName });
  startedMs = performance.now();
});
afterEach(async ({ task }) => {
  const realMs = performance.now() - startedMs;
  await local.close();
  passed.push(`${task.name}: ${realMs.toFixed(0)} ms`);
  expect(realMs).toBeLessThan(1_000);
});
afterAll(() => {
  console.log(passed.join("\n"));
});

/** What a promise answers at the end of a while, and a minute later. */
async function around<T>(duration: string, look: () => Promise<T>): Promise<readonly [T, T]> {
  await local.time.advance(duration);
  const before = await look();
  await local.time.advance("1m");
  return [before, await look()];
}

describe("a test on the virtual clock", () => {
  it("sees copies arrive in another region", async () => {
    const other = clientIn("eu-west-1");
    const destinations = [{ region: "eu-west-1", registryId: account }];
    await ecr.call("PutReplicationConfiguration", { replicationConfiguration: { rules: [{ destinations }] } });
    await ecr.images.putTag(repositoryName, { imageManifest: bareManifest("x") }, "v1");
    expect(await other.repositories.list().all()).toEqual([]);
    await local.time.advance("5s");
    expect(await other.images.list(repositoryName).all()).toMatchObject([{ imageTag: "v1" }]);
  });

  it("sees a scan go from its start to its end", async () => {
    await ecr.images.putTag(repositoryName, { imageManifest: bareManifest("x") }, "v1");
    const imageId = { imageTag: "v1" };
    await ecr.call("StartImageScan", { repositoryName, imageId });
    const status = async () =>
      (await ecr.call("DescribeImageScanFindings", { repositoryName, imageId })).imageScanStatus?.status;
    expect(await status()).toBe("IN_PROGRESS");
    await local.time.advance("2s");
    expect(await status()).toBe("COMPLETE");
  });

  it("sees an image come back from the archive", async () => {
    await ecr.images.putTag(repositoryName, { imageManifest: bareManifest("x") }, "v1");
    const imageId = { imageTag: "v1" };
    const move = (targetStorageClass: "ARCHIVE" | "STANDARD") =>
      ecr.call("UpdateImageStorageClass", { repositoryName, imageId, targetStorageClass });
    await move("ARCHIVE");
    await move("STANDARD");
    const status = async () => (await ecr.images.describe(repositoryName, [imageId])).images[0]?.imageStatus;
    expect(await around("19m", status)).toEqual(["ACTIVATING", "ACTIVE"]);
  });

  it("sees a login end after twelve hours", async () => {
    const { username, password } = await ecr.auth.credentials();
    const authorization = `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString("base64")}`;
    const hostname = `${account}.dkr.ecr.us-east-1.amazonaws.com`;
    const ask = {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/v2/",
      headers: { host: hostname, authorization },
    };
    const status = async () => (await simulate(local).handle(ask)).response.statusCode;
    expect(await around("11h59m", status)).toEqual([200, 403]);
  });

  it("sees lifecycle policies run once a day", async () => {
    const selection = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 1 };
    const rules = [{ rulePriority: 1, selection, action: { type: "expire" } }];
    await ecr.call("PutLifecyclePolicy", { repositoryName, lifecyclePolicyText: JSON.stringify({ rules }) });
    for (const tag of ["old", "young"]) {
      await ecr.images.putTag(repositoryName, { imageManifest: bareManifest(tag) }, tag);
      await local.time.advance("1s");
    }
    const tags = async () => (await ecr.images.list(repositoryName).all()).map(({ imageTag }) => imageTag).sort();
    expect(await around("23h59m", tags)).toEqual([["old", "young"], ["young"]]);
  });

  it("sees a quota fill up again", async () => {
    await ecr.call("DescribeRegistry", {});
    expect(await rejection(ecr.call("DescribeRegistry", {}))).toMatchObject({
      service: { code: "ThrottlingException" },
    });
    await local.time.advance("1000s");
    expect(await ecr.call("DescribeRegistry", {})).toMatchObject({ registryId: account });
  });
});
