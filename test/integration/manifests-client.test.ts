import { afterEach, describe, expect, it } from "vitest";
import { digestOf, type EcrClient, manualTime, mediaTypes } from "../../src/index.js";
import type { Transport } from "../../src/transport/transport.js";
import { blobOf, configOf, indexOf, manifestOf, upload } from "../fixtures/image-parts.js";
import { DOORS, inProcess, type OpenDoor, type RegistryDoor } from "../fixtures/registry-door.js";
import { rejection } from "../fixtures/scripted-client.js";

const doors: RegistryDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

const amd64 = { config: configOf("linux/amd64", { Env: ["A=1"], Cmd: ["run"], Labels: { team: "web" } }) };
const arm64 = { config: configOf("linux/arm64") };
const base = blobOf("base layer");
const layers = { amd64: [base, blobOf("for amd64")], arm64: [base, blobOf("for arm64, longer")] };
const manifests = {
  amd64: `${manifestOf(amd64.config, layers.amd64)}\n`,
  arm64: manifestOf(arm64.config, layers.arm64),
};
const index = indexOf([
  { manifest: manifests.amd64, platform: "linux/amd64" },
  { manifest: manifests.arm64, platform: "linux/arm64/v8" },
]);

/** `app:v1` is an index of two images, `app:amd64` one of them. */
async function started(open: OpenDoor = inProcess, ...rest: Parameters<OpenDoor>) {
  const door = await open(...rest);
  doors.push(door);
  const ecr = door.client({ time: manualTime({ sleeping: "skip" }) });
  await ecr.call("CreateRepository", { repositoryName: "app" });
  await upload(ecr, "app", [amd64.config, arm64.config, base, ...layers.amd64.slice(1), ...layers.arm64.slice(1)]);
  await ecr.images.putTag("app", { imageManifest: manifests.amd64 }, "amd64");
  await ecr.call("PutImage", { repositoryName: "app", imageManifest: manifests.arm64 });
  await ecr.images.putTag("app", { imageManifest: index }, "v1");
  return { door, ecr };
}

const put = async (ecr: EcrClient, tag: string, imageManifest: string): Promise<void> => {
  await ecr.images.putTag("app", { imageManifest }, tag);
};

describe.each(DOORS)("manifests, $name", ({ open }) => {
  it("are read with their exact bytes and their digest", async () => {
    const { ecr } = await started(open);
    const found = await ecr.manifests.get("app", { imageTag: "amd64" });
    expect(Buffer.from(found.bytes).toString()).toBe(manifests.amd64);
    expect(found).toMatchObject({
      repositoryName: "app",
      digest: digestOf(manifests.amd64),
      tag: "amd64",
      mediaType: mediaTypes.ociManifest,
      manifest: { kind: "image", layers: [{ size: 10 }, { size: 9 }] },
    });
  });

  it("of several images are listed, and one of them is found by its platform", async () => {
    const { ecr } = await started(open);
    const list = await ecr.manifests.getList("app", { imageTag: "v1" });
    expect(list.manifest.manifests.map(({ platform }) => platform?.architecture)).toEqual(["amd64", "arm64"]);
    const arm = await ecr.manifests.getForPlatform("app", { imageTag: "v1" }, "linux/arm64");
    expect(arm.digest).toBe(digestOf(manifests.arm64));
    const amd = await ecr.manifests.getForPlatform(
      "app",
      { imageDigest: list.digest },
      { os: "linux", architecture: "x86_64" },
    );
    expect(amd.digest).toBe(digestOf(manifests.amd64));
  });

  it("lead to configurations", async () => {
    const { ecr } = await started(open);
    const found = await ecr.manifests.getConfig("app", { imageTag: "v1" }, { platform: "linux/amd64" });
    expect(found).toMatchObject({
      kind: "image",
      digest: amd64.config.digest,
      config: {
        platform: { os: "linux", architecture: "amd64" },
        environment: ["A=1"],
        command: ["run"],
        labels: { team: "web" },
      },
    });
    expect(Buffer.from(found.bytes)).toEqual(amd64.config.bytes);
  });

  it("lead to layers with their sizes, those of an index by platform", async () => {
    const { ecr } = await started(open);
    const { images, sizeBytes, failures } = await ecr.manifests.getLayers("app", { imageTag: "v1" });
    expect(images.map(({ digest, platform, layers: { length } }) => [digest, platform?.architecture, length])).toEqual([
      [digestOf(manifests.amd64), "amd64", 2],
      [digestOf(manifests.arm64), "arm64", 2],
    ]);
    expect(images.map((image) => image.sizeBytes)).toEqual([amd64.config.size + 10 + 9, arm64.config.size + 10 + 17]);
    // The base layer is there once.
    expect(sizeBytes).toBe(amd64.config.size + arm64.config.size + 10 + 9 + 17);
    expect(failures).toEqual([]);
    const { images: details } = await ecr.images.describe("app", [{ imageTag: "amd64" }]);
    expect(images[0]?.sizeBytes).toBe(details[0]?.imageSizeInBytes);
  });

  it("have referrers, by tag or digest and by type, over pages", async () => {
    const { ecr } = await started(open);
    const empty = blobOf("{}", mediaTypes.ociEmpty);
    await upload(ecr, "app", [empty]);
    const subject = { mediaType: mediaTypes.ociIndex, digest: digestOf(index), size: index.length };
    for (let number = 0; number < 60; number++) {
      const artifactType = number % 2 === 0 ? "application/signature" : "application/sbom";
      const imageManifest = manifestOf(empty, [], { subject, artifactType, annotations: { number: `${number}` } });
      await ecr.call("PutImage", { repositoryName: "app", imageManifest });
    }
    expect(await ecr.manifests.referrers("app", { imageTag: "v1" }).all()).toHaveLength(60);
    const byDigest = { imageDigest: digestOf(index) };
    const options = { artifactType: "application/sbom", pageSize: 7 } as const;
    const pages: number[] = [];
    for await (const page of ecr.manifests.referrers("app", byDigest, options).pages()) pages.push(page.length);
    expect(pages).toEqual([7, 7, 7, 7, 2]);
    expect(await ecr.manifests.referrers("app", { imageTag: "amd64" }).all()).toEqual([]);
  });
});

describe("manifests.getForPlatform", () => {
  it("names the platforms that there are", async () => {
    const { ecr } = await started();
    expect(await rejection(ecr.manifests.getForPlatform("app", { imageTag: "v1" }, "windows/amd64"))).toMatchObject({
      kind: "PlatformNotFound",
      message: "image app:v1 has no image for windows/amd64: it has linux/amd64, linux/arm64/v8",
    });
  });

  it("takes a single image only for its own platform, which its configuration tells", async () => {
    const { ecr } = await started();
    const found = await ecr.manifests.getForPlatform("app", { imageTag: "amd64" }, "linux/amd64/v3");
    expect(found.digest).toBe(digestOf(manifests.amd64));
    expect(await rejection(ecr.manifests.getForPlatform("app", { imageTag: "amd64" }, "linux/arm64"))).toMatchObject({
      kind: "PlatformNotFound",
      message: "image app:amd64 has no image for linux/arm64: it has linux/amd64",
    });
  });

  it("goes through indexes of indexes", async () => {
    const { ecr } = await started();
    await put(ecr, "outer", indexOf([{ manifest: index, platform: "linux/arm64" }]));
    const found = await ecr.manifests.getForPlatform("app", { imageTag: "outer" }, "linux/arm64");
    expect(found.digest).toBe(digestOf(manifests.arm64));
    expect((await ecr.manifests.getLayers("app", { imageTag: "outer" })).images).toHaveLength(2);
  });

  it.each([["linux"], [{ os: "linux" }], [7], [null]])("refuses %j before it asks", async (platform) => {
    const { ecr } = await started();
    const asked = ecr.manifests.getForPlatform("app", { imageTag: "v1" }, platform as never);
    expect(await rejection(asked)).toMatchObject({
      kind: "InvalidParameter",
      message: expect.stringMatching(/^platform must be os\/architecture/),
    });
  });
});

describe("manifests.getList", () => {
  it("refuses a single image, and says what it is", async () => {
    const { ecr } = await started();
    expect(await rejection(ecr.manifests.getList("app", { imageTag: "amd64" }))).toMatchObject({
      kind: "InvalidParameter",
      message: `image app:amd64 is no index but an image (${mediaTypes.ociManifest}): manifests.get reads it`,
    });
  });
});

describe("manifests.getConfig", () => {
  it("asks for a platform where there are several configurations", async () => {
    const { ecr } = await started();
    expect(await rejection(ecr.manifests.getConfig("app", { imageTag: "v1" }))).toMatchObject({
      kind: "InvalidParameter",
      message: expect.stringContaining("pass platform, one of linux/amd64, linux/arm64/v8"),
    });
  });

  it("gives what a Helm chart keeps there, and bytes that are no JSON as they are", async () => {
    const { ecr } = await started();
    const chart = blobOf('{"name":"web","version":"1.2.3"}', "application/vnd.cncf.helm.config.v1+json");
    const other = blobOf("\u0000\u0001", "application/x-other");
    await upload(ecr, "app", [chart, other]);
    await put(ecr, "chart", manifestOf(chart, [base]));
    await put(ecr, "other", manifestOf(other, [base]));
    expect(await ecr.manifests.getConfig("app", { imageTag: "chart" })).toMatchObject({
      kind: "artifact",
      mediaType: "application/vnd.cncf.helm.config.v1+json",
      json: { name: "web", version: "1.2.3" },
    });
    const found = await ecr.manifests.getConfig("app", { imageTag: "other" });
    expect(found).toEqual({ kind: "artifact", mediaType: other.mediaType, digest: other.digest, bytes: found.bytes });
    expect(Buffer.from(found.bytes)).toEqual(other.bytes);
  });

  it("takes what the manifest holds itself, if it is what the digest names", async () => {
    const { ecr, door } = await started();
    const empty = blobOf("{}", mediaTypes.ociEmpty);
    await upload(ecr, "app", [empty]);
    const { mediaType, digest, size } = empty;
    for (const [tag, data] of [
      ["right", "e30="],
      ["wrong", "W10="],
    ] as const)
      await put(ecr, tag, manifestOf(empty, [], { config: { mediaType, digest, size, data } }));
    const downloads = () =>
      door.local.log.entries().filter(({ operation }) => operation === "GetDownloadUrlForLayer").length;
    expect(await ecr.manifests.getConfig("app", { imageTag: "right" })).toMatchObject({ json: {} });
    expect(downloads()).toBe(0);
    expect(await ecr.manifests.getConfig("app", { imageTag: "wrong" })).toMatchObject({ json: {} });
    expect(downloads()).toBe(1);
  });

  it("does not fetch one that is larger than maxBytes", async () => {
    const { ecr } = await started();
    const small = ecr.manifests.getConfig("app", { imageTag: "amd64" }, { maxBytes: 10 });
    expect(await rejection(small)).toMatchObject({
      kind: "LimitExceeded",
      message: `the configuration of image app:amd64 was not fetched: it has ${amd64.config.size} bytes, more than the 10 of maxBytes`,
    });
    const none = ecr.manifests.getConfig("app", { imageTag: "amd64" }, { maxBytes: 0 });
    expect(await rejection(none)).toMatchObject({ kind: "InvalidParameter" });
  });

  it("says where an image's configuration is malformed", async () => {
    const { ecr } = await started();
    const bad = blobOf('{"os":"linux"}', mediaTypes.ociConfig);
    await upload(ecr, "app", [bad]);
    await put(ecr, "bad", manifestOf(bad, [base]));
    expect(await rejection(ecr.manifests.getConfig("app", { imageTag: "bad" }))).toMatchObject({
      kind: "InvalidResponse",
      message: "the configuration of image app:bad cannot be read: architecture must be a string, got nothing",
    });
  });

  it("sends no Authorization to the layer's URL, and shows the URL in no error", async () => {
    const seen: { readonly path: string; readonly headers: Readonly<Record<string, string>> }[] = [];
    const layer = (next: Transport): Transport => ({
      async handle(request, options) {
        if (!request.path.startsWith("/_layers/")) return next.handle(request, options);
        seen.push(request);
        return { response: { statusCode: 500, headers: {}, body: new Uint8Array() } };
      },
    });
    const { ecr } = await started(inProcess, {}, layer);
    const error = await rejection(ecr.manifests.getConfig("app", { imageTag: "amd64" }));
    expect(error).toMatchObject({
      kind: "ServiceUnavailable",
      operation: "GetDownloadUrlForLayer",
      region: "eu-west-1",
    });
    expect(seen.map(({ headers }) => Object.keys(headers).map((name) => name.toLowerCase()))).toEqual(
      seen.map(() => ["host", "user-agent"]),
    );
    expect(seen).toHaveLength(3);
    expect(String(error)).not.toContain("/_layers/");
  });

  it("asks for the layer's URL anew when that has expired", async () => {
    let refused = 0;
    const layer = (next: Transport): Transport => ({
      async handle(request, options) {
        if (!request.path.startsWith("/_layers/") || refused++ > 0) return next.handle(request, options);
        return { response: { statusCode: 403, headers: {}, body: Buffer.from("<Error>Request has expired</Error>") } };
      },
    });
    const { ecr, door } = await started(inProcess, {}, layer);
    expect(await ecr.manifests.getConfig("app", { imageTag: "amd64" })).toMatchObject({ kind: "image" });
    const asked = door.local.log.entries().filter(({ operation }) => operation === "GetDownloadUrlForLayer");
    expect(asked).toHaveLength(2);
  });
});

describe("manifests under faults", () => {
  it("are tried again when they are throttled, and when a layer breaks off", async () => {
    const { ecr, door } = await started();
    door.local.faults.use({
      faults: [
        { operation: "BatchGetImage", count: 1, effect: { kind: "throttle" } },
        { operation: "DownloadLayer", count: 2, effect: { kind: "truncated-body" } },
      ],
    });
    const found = await ecr.manifests.getConfig("app", { imageTag: "amd64" });
    expect(Buffer.from(found.bytes)).toEqual(amd64.config.bytes);
    expect(door.local.faults.tally().map(({ struck }) => struck)).toEqual([1, 2]);
  });

  it.each([["BatchGetImage"], ["DownloadLayer"]])(
    "that come with other bytes from %s go no further",
    async (operation) => {
      const { ecr, door } = await started();
      door.local.faults.use({ faults: [{ operation, effect: { kind: "wrong-digest" } }] });
      expect(await rejection(ecr.manifests.getConfig("app", { imageTag: "amd64" }))).toMatchObject({
        kind: "ImageDigestMismatch",
        region: "eu-west-1",
      });
    },
  );
});
