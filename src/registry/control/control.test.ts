import { describe, expect, it } from "vitest";
import { caller, refusal, target, testRegistry } from "../../../test/fixtures/local-registry.js";
import { manualTime } from "../../time.js";
import { sampleEstate } from "./sample-estate.js";

const bytesOf = async (lines: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of lines) parts.push(part);
  return Buffer.concat(parts);
};

async function* pieces(text: string | Buffer, size = 1_000_003): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

describe("reset", () => {
  it("leaves nothing: no repository, no layer, no event, no upload", async () => {
    const { registry, call, image } = testRegistry();
    await call("CreateRepository", { repositoryName: "app" });
    const { layers } = await image("app", "v1");
    const { uploadId } = await call("InitiateLayerUpload", { repositoryName: "app" });
    await registry.control.reset();
    expect(await call("DescribeRepositories", {})).toEqual({ repositories: [] });
    expect(await registry.control.events(0, 10)).toEqual([]);
    await call("CreateRepository", { repositoryName: "app" });
    const [layer = ""] = layers;
    expect((await refusal(registry.data.blob(caller, target(), layer))).code).toBe("LayersNotFoundException");
    const part = { repositoryName: "app", uploadId, partFirstByte: 0, partLastByte: 0, layerPartBlob: "AA==" };
    expect((await refusal(call("UploadLayerPart", part))).code).toBe("UploadNotFoundException");
  });

  it("forgets which calls count towards quotas", async () => {
    const { registry, call } = testRegistry({ quotas: { perSecond: { DescribeRegistry: 1 } } });
    await call("DescribeRegistry", {});
    expect((await refusal(call("DescribeRegistry", {}))).code).toBe("ThrottlingException");
    await registry.control.reset();
    expect(await call("DescribeRegistry", {})).toMatchObject({ registryId: caller.account });
  });
});

describe("a snapshot", () => {
  it("holds everything: another local ECR that restores it gives the same answers and the same bytes", async () => {
    const source = testRegistry();
    await source.registry.control.seed(sampleEstate(caller.account));
    const lines = await bytesOf(source.registry.control.snapshot());
    const copy = testRegistry();
    await copy.call("CreateRepository", { repositoryName: "in/the/way" });
    await copy.registry.control.restore(pieces(lines, 4_099));
    for (const name of ["DescribeRepositories", "DescribeRegistry"] as const)
      expect(await copy.call(name, {})).toEqual(await source.call(name, {}));
    const images = { repositoryName: "shop/web" };
    expect(await copy.call("DescribeImages", images)).toEqual(await source.call("DescribeImages", images));
    expect(await copy.registry.control.events(0, 10_000)).toEqual(await source.registry.control.events(0, 10_000));
    expect((await bytesOf(copy.registry.control.snapshot())).equals(lines)).toBe(true);
  });

  it("moves a clock that is behind it, and no clock back", async () => {
    const source = testRegistry();
    await source.time.advance("2d");
    const lines = await bytesOf(source.registry.control.snapshot());
    const behind = testRegistry();
    await behind.registry.control.restore(pieces(lines));
    expect(behind.time.now()).toBe(source.time.now());
    const ahead = testRegistry();
    await ahead.time.advance("3d");
    const nowMs = ahead.time.now();
    await ahead.registry.control.restore(pieces(lines));
    expect(ahead.time.now()).toBe(nowMs);
  });

  it("holds the layers that were there at its first line, whatever is deleted while it is read", async () => {
    const { registry, call, image } = testRegistry();
    await call("CreateRepository", { repositoryName: "app" });
    await image("app", "v1");
    const lines = registry.control.snapshot()[Symbol.asyncIterator]();
    await lines.next();
    await call("DeleteRepository", { repositoryName: "app", force: true });
    let last: Uint8Array = Buffer.of();
    for (let one = await lines.next(); !one.done; one = await lines.next()) last = one.value;
    expect(JSON.parse(Buffer.from(last).toString())).toMatchObject({ end: { blobs: 2 } });
  });

  it.each([
    ["nothing", (_: string[]) => [], "the snapshot's line 0 is its last, but not the end of a snapshot"],
    ["something else", () => ["{}"], "the snapshot's line 1 does not begin a snapshot of a local ECR"],
    [
      "a newer format",
      ([first = ""]: string[]) => [first.replace('"version":1', '"version":2')],
      "says version 2, and this ecrkit reads version 1",
    ],
    ["a torn file", (lines: string[]) => lines.slice(0, -1), "is its last, but not the end of a snapshot"],
    ["a missing line", (lines: string[]) => lines.toSpliced(1, 1), "counts more or less than came before it"],
    ["no time", ([, end = ""]: string[]) => ['{"format":"ecrkit-snapshot","version":1}', end], "has no time from 1970"],
    [
      "a time that no clock shows",
      ([first = ""]: string[]) => [first.replace(/"takenAtMs":\d+/, '"takenAtMs":8.64e15')],
      "the snapshot's line 1 has no time from 1970 to 9999 at which it was taken, but takenAtMs 8640000000000000",
    ],
    [
      "an entry that is none",
      (lines: string[]) => lines.with(1, '{"entry":5}'),
      "the snapshot's line 2 has an entry that is not a key and a value",
    ],
    [
      "an entry without a value",
      (lines: string[]) => lines.with(1, '{"entry":["tag a",null]}'),
      "the snapshot's line 2 has an entry that is not a key and a value",
    ],
    ["an end that says nothing", (lines: string[]) => lines.with(-1, '{"end":null}'), "ends without saying what came"],
    ["more than its end", (lines: string[]) => [...lines, lines[1] ?? ""], "comes after the end"],
    [
      "a layer without bytes",
      (lines: string[]) => lines.map((line) => line.replace(/"bytes":"[^"]*"/, '"bytes":5')),
      "has no bytes of its layer",
    ],
    [
      "a layer that comes twice",
      (lines: string[]) => {
        const layers = lines.filter((line) => line.startsWith('{"blob"'));
        return [...lines.slice(0, -1), ...layers, lines.at(-1) ?? ""];
      },
      ", which has come before",
    ],
    [
      "repositories whose layers are missing",
      (lines: string[]) =>
        lines.filter((line) => !line.startsWith('{"blob"')).map((line) => line.replace('"blobs":2', '"blobs":0')),
      /^the snapshot lacks the layer sha256:[0-9a-f]{64}, which a repository of it has$/,
    ],
    ["no JSON", (lines: string[]) => lines.with(1, "{"), "the snapshot's line 2 is not a JSON object"],
    [
      "a changed layer",
      (lines: string[]) => lines.map((line) => line.replace(/"bytes":"../, '"bytes":"AB')),
      "ends a layer that is not sha256:",
    ],
  ])("of %s is refused and changes nothing", async (_, spoil, message) => {
    const { registry, call, image } = testRegistry();
    await call("CreateRepository", { repositoryName: "app" });
    await image("app", "v1");
    const lines = (await bytesOf(registry.control.snapshot())).toString().trimEnd().split("\n");
    const before = await call("DescribeImages", { repositoryName: "app" });
    const refused = registry.control.restore(pieces(spoil(lines).join("\n")));
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ kind: "InvalidParameter" });
    expect(await call("DescribeImages", { repositoryName: "app" })).toEqual(before);
  });
});

describe("a seed", () => {
  it("does what it describes as of the times that it gives, and everything follows that would have followed", async () => {
    const { registry, call, time } = testRegistry();
    const nowMs = time.now();
    const seeded = await registry.control.seed({
      registries: [
        {
          account: caller.account,
          region: caller.region,
          calls: [
            {
              operation: "PutReplicationConfiguration",
              input: {
                replicationConfiguration: {
                  rules: [{ destinations: [{ region: "eu-west-1", registryId: caller.account }] }],
                },
              },
            },
          ],
          repositories: [
            {
              name: "team/app",
              settings: { imageTagMutability: "IMMUTABLE" },
              images: [
                {
                  tags: ["v2"],
                  platforms: ["linux/amd64", "linux/arm64"],
                  pushed: "1d",
                  pulled: "1h",
                  attachments: ["application/spdx+json"],
                },
                { tags: ["v1"], pushed: "30d" },
              ],
            },
          ],
        },
      ],
    });
    expect(seeded).toEqual({ registries: 1, repositories: 1, images: 5 });
    expect(time.now()).toBe(nowMs);
    const { repositories } = await call("DescribeRepositories", {});
    expect(repositories).toMatchObject([
      { repositoryName: "team/app", imageTagMutability: "IMMUTABLE", createdAt: nowMs / 1000 - 31 * 86_400 + 0.001 },
    ]);
    const imageIds = [{ imageTag: "v1" }, { imageTag: "v2" }];
    const { imageDetails } = await call("DescribeImages", { repositoryName: "team/app", imageIds });
    expect(imageDetails).toMatchObject([
      { imageTags: ["v1"], imagePushedAt: nowMs / 1000 - 30 * 86_400, imageSizeInBytes: expect.any(Number) },
      { imageTags: ["v2"], lastRecordedPullTime: nowMs / 1000 - 3_600 },
    ]);
    const subjectId = { imageDigest: imageDetails[1].imageDigest };
    const { referrers } = await call("ListImageReferrers", { repositoryName: "team/app", subjectId });
    expect(referrers).toMatchObject([{ artifactType: "application/spdx+json" }]);
    const elsewhere = { ...caller, region: "eu-west-1" };
    const copies = await call("DescribeImages", { repositoryName: "team/app", imageIds }, elsewhere);
    expect(copies.imageDetails).toHaveLength(2);
    const events = await registry.control.events(0, 1_000);
    expect(events.map(({ event }) => event.time)).toEqual(events.map(({ event }) => event.time).toSorted());
  });

  it("has layers that can be pulled and unpacked", async () => {
    const { registry, call } = testRegistry();
    const images = [{ tags: ["v1"], layerBytes: [1_000] }];
    await registry.control.seed({ registries: [{ ...at, repositories: [{ name: "app", images }] }] });
    const { images: got } = await call("BatchGetImage", { repositoryName: "app", imageIds: [{ imageTag: "v1" }] });
    const [{ digest }] = JSON.parse(got[0].imageManifest).layers;
    const blob = await registry.data.blob(caller, target(), digest);
    const { gunzipSync } = await import("node:zlib");
    const tar = gunzipSync(Buffer.concat(await blob.open().toArray()));
    expect([tar.toString("latin1", 0, 12), tar.toString("latin1", 124, 135), tar.byteLength % 512]).toEqual([
      "usr/lib/base",
      "00000001750",
      0,
    ]);
  });

  it("is the same in every run", async () => {
    const digests = async (): Promise<unknown> => {
      const { registry, call } = testRegistry();
      await registry.control.seed(sampleEstate(caller.account));
      return call("ListImages", { repositoryName: "shop/api", maxResults: 1000 });
    };
    expect(await digests()).toEqual(await digests());
  });

  it("leaves nothing behind when ECR refuses what it asks for in the middle", async () => {
    const { registry, call } = testRegistry();
    await call("CreateRepository", { repositoryName: "taken" });
    const at = { account: caller.account, region: caller.region };
    const repositories = [{ name: "new", images: [{ tags: ["v1"] }] }, { name: "taken" }];
    await expect(registry.control.seed({ registries: [{ ...at, repositories }] })).rejects.toMatchObject({
      kind: "InvalidParameter",
    });
    const { repositories: left } = await call("DescribeRepositories", {});
    expect(left.map(({ repositoryName }: { repositoryName: string }) => repositoryName)).toEqual(["taken"]);
  });

  it("that begins before 1970 is refused and leaves nothing, not even work that never comes", async () => {
    const time = manualTime({ startMs: 0 });
    const { registry, call } = testRegistry({ time });
    await expect(registry.control.seed(sampleEstate(caller.account))).rejects.toMatchObject({
      kind: "InvalidParameter",
      message: expect.stringContaining("by a clock that shows 1970-01-01T00:00:00.000Z; give a smaller age"),
    });
    expect(await call("DescribeRepositories", {})).toEqual({ repositories: [] });
    await time.advance("1000d");
    await registry.control.seed(sampleEstate(caller.account));
    expect((await call("DescribeRepositories", {})).repositories).toHaveLength(6);
  });

  it.each([
    [[], "the seed must be an object, got []"],
    [{}, "the seed.registries must be a list, got undefined"],
    [{ registries: [{ account: "1", region: "r" }] }, 'the seed.registries[0].account must be 12 digits, got "1"'],
    [
      { registries: [{ account: "000000000000", region: "us-east-1", repos: [] }] },
      'the seed.registries[0] must be an object of account, region, calls, repositories, got "repos"',
    ],
    [
      { registries: [{ account: "000000000000", region: "us-east-1", repositories: [{ name: "A" }] }] },
      "the seed's registries[0].repositories[0]: CreateRepository was refused with InvalidParameterException: ",
    ],
    [
      {
        registries: [
          {
            account: "000000000000",
            region: "us-east-1",
            repositories: [{ name: "app", images: [{ platforms: ["plan9"] }] }],
          },
        ],
      },
      'the seed.registries[0].repositories[0].images[0].platforms[0] must be a platform such as linux/arm64, got "plan9"',
    ],
  ])("%j is refused with what is wrong with it", async (seed, message) => {
    await expect(testRegistry().registry.control.seed(seed)).rejects.toMatchObject({
      kind: "InvalidParameter",
      message: expect.stringContaining(message),
    });
  });
});

const at = { account: caller.account, region: caller.region };

describe("the sample estate", () => {
  it("has several accounts and regions, platforms, findings, policies, copies and a public repository", async () => {
    const { registry, call } = testRegistry();
    await registry.control.seed(sampleEstate(caller.account));
    const { repositories } = await call("DescribeRepositories", {});
    expect(repositories.map(({ repositoryName }: { repositoryName: string }) => repositoryName)).toEqual([
      "legacy/reports",
      "platform/base",
      "platform/builder",
      "shop/api",
      "shop/checkout",
      "shop/web",
    ]);
    const newest = { repositoryName: "shop/web", imageIds: [{ imageTag: "1.11.0" }] };
    const { images } = await call("BatchGetImage", newest);
    const { manifests } = JSON.parse(images[0].imageManifest);
    expect(manifests.map(({ platform }: { platform: { architecture: string } }) => platform.architecture)).toEqual([
      "amd64",
      "arm64",
    ]);
    const scan = { repositoryName: "shop/web", imageId: { imageDigest: manifests[0].digest } };
    expect(await call("DescribeImageScanFindings", scan)).toMatchObject({ imageScanStatus: { status: "COMPLETE" } });
    // Ten of twelve are left: the lifecycle policy has run.
    const { imageIds } = await call("ListImages", { repositoryName: "shop/web", filter: { tagStatus: "TAGGED" } });
    expect(imageIds).toHaveLength(10);
    const copied = { account: caller.account, region: "eu-west-1", arn: caller.arn };
    expect((await call("DescribeImages", newest, copied)).imageDetails).toHaveLength(1);
    const across = { account: "111122223333", region: "eu-west-1", arn: "arn:aws:iam::111122223333:root" };
    expect(
      (await call("DescribeImages", { repositoryName: "platform/base" }, across)).imageDetails.length,
    ).toBeGreaterThan(0);
    const pull = { registryId: caller.account, repositoryName: "shop/web", imageIds: [{ imageTag: "1.11.0" }] };
    const puller = { ...across, region: "us-east-1" };
    expect((await call("BatchGetImage", pull, puller)).images).toHaveLength(1);
    const open = await registry.call({ service: "ecr-public", name: "DescribeImages" }, caller, {
      repositoryName: "hello",
    });
    expect(open).toMatchObject({
      imageDetails: expect.arrayContaining([expect.objectContaining({ imageTags: ["1.1.0", "latest"] })]),
    });
  });
});
