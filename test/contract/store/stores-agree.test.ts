import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { OperationName } from "../../../src/protocol/operations.js";
import { ServiceError } from "../../../src/protocol/service-error.js";
import { openData } from "../../../src/registry/disk/open-data.js";
import { manualTime } from "../../../src/time.js";
import { bareManifest, indexManifest, sha256, type TestRegistry, testRegistry } from "../../fixtures/local-registry.js";

/** Operations of the run, and how many of them lie between two moves of the clock. */
const OPERATIONS = 20_000;
const PER_MOVE = 200;

/** Chance with a seed: the same run each time. Mulberry32. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Step = readonly [operation: OperationName, input: Readonly<Record<string, unknown>>];

/** What a step may do, each as often as its neighbours. */
function steps(random: () => number): readonly (() => Step)[] {
  const below = (count: number): number => Math.floor(random() * count);
  const one = <T>(...of: readonly T[]): T => of[below(of.length)] as T;
  const repositoryName = (): string => one("app", "team/a", "team/b", "job");
  const registryId = "000000000000";
  const arn = (name: string): string => `arn:aws:ecr:us-east-1:${registryId}:repository/${name}`;
  const tag = (): string => one("v1", "v2", "latest", "prod");
  const manifest = (): string => bareManifest(below(12));
  const index = (): string =>
    indexManifest(
      [below(12), below(12)].map((id) => ({ digest: sha256(bareManifest(id)), manifest: bareManifest(id) })),
    );
  const imageId = () => one<object>({ imageTag: tag() }, { imageDigest: sha256(manifest()) });
  const rule = () => ({
    rulePriority: 1,
    selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 1 + below(6) },
    action: { type: "expire" },
  });
  const put = (): Step => [
    "PutImage",
    { repositoryName: repositoryName(), imageManifest: manifest(), imageTag: tag() },
  ];
  const page = () => one<Readonly<Record<string, unknown>>>({}, { maxResults: 1 + below(3) });
  return [
    ...[put, put, put, put],
    () => ["PutImage", { repositoryName: repositoryName(), imageManifest: manifest() }],
    () => ["PutImage", { repositoryName: repositoryName(), imageManifest: index(), imageTag: tag() }],
    () => ["CreateRepository", { repositoryName: repositoryName() }],
    () => ["CreateRepository", { repositoryName: repositoryName(), imageScanningConfiguration: { scanOnPush: true } }],
    () => ["DeleteRepository", { repositoryName: repositoryName(), force: random() < 0.2 }],
    () => ["BatchDeleteImage", { repositoryName: repositoryName(), imageIds: [imageId(), imageId()] }],
    () => ["DescribeRepositories", page()],
    () => ["DescribeImages", { repositoryName: repositoryName(), ...page() }],
    () => ["ListImages", { repositoryName: repositoryName(), filter: { tagStatus: one("TAGGED", "UNTAGGED", "ANY") } }],
    () => ["BatchGetImage", { repositoryName: repositoryName(), imageIds: [imageId(), imageId()] }],
    () => [
      "PutImageTagMutability",
      { repositoryName: repositoryName(), imageTagMutability: one("MUTABLE", "IMMUTABLE") },
    ],
    () => ["TagResource", { resourceArn: arn(repositoryName()), tags: [{ Key: one("a", "b"), Value: tag() }] }],
    () => ["UntagResource", { resourceArn: arn(repositoryName()), tagKeys: [one("a", "b")] }],
    () => ["ListTagsForResource", { resourceArn: arn(repositoryName()) }],
    () => [
      "PutLifecyclePolicy",
      { repositoryName: repositoryName(), lifecyclePolicyText: JSON.stringify({ rules: [rule()] }) },
    ],
    () => ["DeleteLifecyclePolicy", { repositoryName: repositoryName() }],
    () => ["StartLifecyclePolicyPreview", { repositoryName: repositoryName() }],
    () => ["GetLifecyclePolicyPreview", { repositoryName: repositoryName() }],
    () => ["StartImageScan", { repositoryName: repositoryName(), imageId: imageId() }],
    () => ["DescribeImageScanFindings", { repositoryName: repositoryName(), imageId: imageId() }],
    () => [
      "UpdateImageStorageClass",
      { repositoryName: repositoryName(), imageId: imageId(), targetStorageClass: one("ARCHIVE", "STANDARD") },
    ],
    () => ["DescribeImageReplicationStatus", { repositoryName: repositoryName(), imageId: imageId() }],
    () => [
      "PutReplicationConfiguration",
      {
        replicationConfiguration: {
          rules: one<object[]>([], [{ destinations: [{ region: "eu-west-1", registryId }] }]),
        },
      },
    ],
    () => ["DescribeRegistry", {}],
  ];
}

/** What an operation came to, without the ids that are made up anew each time. */
async function outcome({ call }: TestRegistry, [operation, input]: Step): Promise<string> {
  const answer = await call(operation, input as never).catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
    return { code: error.code, message: error.message };
  });
  return withoutIds(JSON.stringify(answer));
}

const withoutIds = (text: string): string => text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "id");

it("the two stores give the same answers in a random run of 20,000 operations, and hold the same in the end", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ecrkit-agree-"));
  const data = openData(folder, manualTime());
  const signerKey = new Uint8Array(32);
  const memory = testRegistry({ layers: "unchecked", signerKey });
  const disk = testRegistry({ layers: "unchecked", store: data.store, blobs: data.blobs, signerKey });
  const random = chance(20_261_125);
  const choices = steps(random);
  let refused = 0;
  for (let done = 0; done < OPERATIONS; done++) {
    const step = (choices[Math.floor(random() * choices.length)] as () => Step)();
    const [inMemory, onDisk] = await Promise.all([outcome(memory, step), outcome(disk, step)]);
    if (inMemory !== onDisk) expect({ done, step, answer: onDisk }).toEqual({ done, step, answer: inMemory });
    if (inMemory.startsWith('{"code"')) refused += 1;
    if (done % PER_MOVE === PER_MOVE - 1) {
      const ms = Math.floor(random() * 36 * 3_600_000);
      await Promise.all([memory.time.advance(ms), disk.time.advance(ms)]);
    }
  }
  expect(refused).toBeGreaterThan(OPERATIONS / 10);
  expect(refused).toBeLessThan((OPERATIONS * 2) / 3);
  const contents = async ({ registry }: TestRegistry): Promise<string> => {
    const lines: string[] = [];
    for await (const line of registry.control.snapshot()) lines.push(Buffer.from(line).toString());
    return withoutIds(lines.join(""));
  };
  expect(await contents(disk)).toBe(await contents(memory));
  await disk.registry.close();
  rmSync(folder, { recursive: true });
}, 120_000);
