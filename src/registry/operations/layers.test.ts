import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import {
  caller,
  imageManifest,
  refusal,
  sha256,
  type TestRegistry,
  target,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";

const MIB = 1024 * 1024;
let local: TestRegistry;
beforeEach(async () => {
  local = testRegistry();
  await local.call("CreateRepository", { repositoryName: "app" });
});

const begin = async (repositoryName = "app"): Promise<string> =>
  (await local.call("InitiateLayerUpload", { repositoryName })).uploadId;

const part = (uploadId: string, first: number, bytes: Uint8Array, last = first + bytes.byteLength - 1) =>
  local.call("UploadLayerPart", {
    repositoryName: "app",
    uploadId,
    partFirstByte: first,
    partLastByte: last,
    layerPartBlob: Buffer.from(bytes).toString("base64"),
  });

const complete = (uploadId: string, ...layerDigests: readonly string[]) =>
  local.call("CompleteLayerUpload", { repositoryName: "app", uploadId, layerDigests });

const check = async (layerDigest: string, repositoryName = "app") =>
  (await local.call("BatchCheckLayerAvailability", { repositoryName, layerDigests: [layerDigest] })).layers[0];

describe("a layer upload", () => {
  it("asks for parts of 10 MiB under an id that is a UUID", async () => {
    const answer = await local.call("InitiateLayerUpload", { repositoryName: "app" });
    expect(answer).toEqual({
      uploadId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      partSize: 10_485_760,
    });
  });

  it("becomes a layer when its parts are complete", async () => {
    const bytes = randomBytes(5 * MIB + 10);
    const uploadId = await begin();
    const common = { registryId: "000000000000", repositoryName: "app", uploadId };
    expect(await part(uploadId, 0, bytes.subarray(0, 5 * MIB))).toEqual({ ...common, lastByteReceived: 5 * MIB - 1 });
    expect(await check(sha256(bytes))).toEqual({ layerDigest: sha256(bytes), layerAvailability: "UNAVAILABLE" });
    expect(await part(uploadId, 5 * MIB, bytes.subarray(5 * MIB))).toEqual({
      ...common,
      lastByteReceived: 5 * MIB + 9,
    });
    expect(await complete(uploadId, sha256(bytes))).toEqual({ ...common, layerDigest: sha256(bytes) });
    expect(await check(sha256(bytes))).toEqual({
      layerDigest: sha256(bytes),
      layerAvailability: "AVAILABLE",
      layerSize: 5 * MIB + 10,
    });
  });

  it("refuses a part that does not follow, and says from where to go on", async () => {
    const uploadId = await begin();
    const refused = (lastValidByteReceived: number) => ({
      code: "InvalidLayerPartException",
      members: { registryId: "000000000000", repositoryName: "app", uploadId, lastValidByteReceived },
    });
    expect(await refusal(part(uploadId, 5, Buffer.from("x")))).toMatchObject(refused(-1));
    await part(uploadId, 0, Buffer.from("0123456789"));
    expect(await refusal(part(uploadId, 11, Buffer.from("x")))).toMatchObject(refused(9));
    expect(await refusal(part(uploadId, 9, Buffer.from("x")))).toMatchObject(refused(9));
    expect(await refusal(part(uploadId, 10, Buffer.from("xyz"), 11))).toMatchObject(refused(9));
    expect(await refusal(part(uploadId, 10, Buffer.alloc(0), 10))).toMatchObject(refused(9));
    await part(uploadId, 10, Buffer.from("x"));
  });

  it("takes 4,200 parts and not one more", async () => {
    const uploadId = await begin();
    for (let index = 0; index < 4200; index += 1) await part(uploadId, index, Buffer.from("x"));
    expect(await refusal(part(uploadId, 4200, Buffer.from("x")))).toMatchObject({ code: "LimitExceededException" });
  });

  it("is refused at the end when a part before the last has less than 5 MiB", async () => {
    const uploadId = await begin();
    await part(uploadId, 0, Buffer.alloc(5 * MIB - 1));
    await part(uploadId, 5 * MIB - 1, Buffer.from("x"));
    expect(await refusal(complete(uploadId, "sha256:00"))).toMatchObject({ code: "LayerPartTooSmallException" });
  });

  it("cannot be completed empty, and can still be filled", async () => {
    const uploadId = await begin();
    expect(await refusal(complete(uploadId, "sha256:00"))).toMatchObject({ code: "EmptyUploadException" });
    await part(uploadId, 0, Buffer.from("x"));
    await complete(uploadId, sha256("x"));
  });

  it("is gone when its digest is not the one that was named, and nothing of it is stored", async () => {
    const uploadId = await begin();
    await part(uploadId, 0, Buffer.from("x"));
    expect(await refusal(complete(uploadId, sha256("y")))).toMatchObject({
      code: "InvalidLayerException",
      message: `The layer digest '${sha256("y")}' does not match the digest of the uploaded layer, '${sha256("x")}'`,
    });
    expect((await check(sha256("x"))).layerAvailability).toBe("UNAVAILABLE");
    expect(await refusal(complete(uploadId, sha256("x")))).toMatchObject({ code: "UploadNotFoundException" });
  });

  it("takes digests of other algorithms on trust and answers its own sha256", async () => {
    const uploadId = await begin();
    await part(uploadId, 0, Buffer.from("x"));
    expect((await complete(uploadId, "sha512:beef", "tarsum.v1+sha256:00")).layerDigest).toBe(sha256("x"));
  });

  it("says so when the repository already has the layer", async () => {
    await local.layer("app", Buffer.from("x"));
    const uploadId = await begin();
    await part(uploadId, 0, Buffer.from("x"));
    expect(await refusal(complete(uploadId, sha256("x")))).toMatchObject({
      code: "LayerAlreadyExistsException",
      message: `The layer with digest '${sha256("x")}' already exists in the repository with name 'app' in the registry with id '000000000000'`,
    });
    const { bytes } = await pull(sha256("x"));
    expect(bytes.toString()).toBe("x");
  });

  it("is known only to the repository it was opened in", async () => {
    await local.call("CreateRepository", { repositoryName: "other" });
    const uploadId = await begin("other");
    expect(await refusal(part(uploadId, 0, Buffer.from("x")))).toMatchObject({ code: "UploadNotFoundException" });
    expect(await refusal(part("00000000-0000-0000-0000-000000000000", 0, Buffer.from("x")))).toMatchObject({
      code: "UploadNotFoundException",
    });
  });

  it("is forgotten when nothing came for 24 hours", async () => {
    const idle = await begin();
    const busy = await begin();
    await local.time.advance("23h");
    await part(busy, 0, Buffer.from("x"));
    await local.time.advance("1h");
    expect(await refusal(part(idle, 0, Buffer.from("x")))).toMatchObject({ code: "UploadNotFoundException" });
    await complete(busy, sha256("x"));
  });

  it("takes parts that are sent at once one after another", async () => {
    const uploadId = await begin();
    const first = part(uploadId, 0, Buffer.alloc(5 * MIB, "a"));
    const second = part(uploadId, 5 * MIB, Buffer.from("b"));
    expect((await second).lastByteReceived).toBe(5 * MIB);
    expect((await first).lastByteReceived).toBe(5 * MIB - 1);
    const whole = Buffer.concat([Buffer.alloc(5 * MIB, "a"), Buffer.from("b")]);
    expect((await complete(uploadId, sha256(whole))).layerDigest).toBe(sha256(whole));
  });
});

async function pull(digest: string): Promise<{ bytes: Buffer }> {
  const blob = await local.registry.data.blob(caller, target(), digest);
  return { bytes: Buffer.concat(await blob.open().toArray()) };
}

describe("BatchCheckLayerAvailability", () => {
  it("fails only for digests that are none, each with its own code", async () => {
    const layerDigests = ["", "nonsense", sha256("unknown"), "sha256:xyz"];
    const { layers, failures } = await local.call("BatchCheckLayerAvailability", {
      repositoryName: "app",
      layerDigests,
    });
    expect(layers).toEqual([{ layerDigest: sha256("unknown"), layerAvailability: "UNAVAILABLE" }]);
    expect(failures).toMatchObject([
      { layerDigest: "", failureCode: "MissingLayerDigest" },
      { layerDigest: "nonsense", failureCode: "InvalidLayerDigest" },
      { layerDigest: "sha256:xyz", failureCode: "InvalidLayerDigest" },
    ]);
  });

  it("knows the media type of a layer once an image uses it", async () => {
    const { layers, config } = await local.image("app", "v1");
    expect(await check(config)).toMatchObject({ mediaType: "application/vnd.oci.image.config.v1+json" });
    expect(await check(layers[0] ?? "")).toEqual({
      layerDigest: layers[0],
      layerAvailability: "AVAILABLE",
      layerSize: 64,
      mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    });
  });

  it("does not see the layers of another repository", async () => {
    await local.call("CreateRepository", { repositoryName: "other" });
    const digest = await local.layer("other", Buffer.from("x"));
    expect((await check(digest)).layerAvailability).toBe("UNAVAILABLE");
    expect((await check(digest, "other")).layerAvailability).toBe("AVAILABLE");
  });
});

describe("GetDownloadUrlForLayer", () => {
  const url = async (layerDigest: string) =>
    local.call("GetDownloadUrlForLayer", { repositoryName: "app", layerDigest });
  const follow = (downloadUrl: string) => {
    const { pathname, searchParams } = new URL(downloadUrl);
    return local.registry.signedLayer({ path: pathname, query: Object.fromEntries(searchParams) });
  };

  it("gives a URL that is good for an hour, for this layer only", async () => {
    const { layers, config } = await local.image("app", "v1", { layers: [Buffer.from("layer")] });
    const { downloadUrl, layerDigest } = await url(layers[0] ?? "");
    expect(layerDigest).toBe(layers[0]);
    expect(downloadUrl).toContain("X-Amz-Expires=3600");
    const blob = follow(downloadUrl);
    expect(blob && Buffer.concat(await blob.open().toArray()).toString()).toBe("layer");
    expect(follow(downloadUrl.replace(layerDigest, config))).toBeUndefined();
    expect(follow(downloadUrl.replace(/&Expires=(\d)/, "&Expires=9$1"))).toBeUndefined();
    expect(follow(downloadUrl.replace("X-Amz-Signature=", "X-Amz-Signature=A"))).toBeUndefined();
    expect(follow(downloadUrl.replace(":", "%3A").replace("https%3A", "https:"))).toMatchObject({
      digest: layerDigest,
    });
    await local.time.advance(3_599_999);
    expect(follow(downloadUrl)).toMatchObject({ digest: layerDigest, sizeBytes: 5 });
    await local.time.advance(1);
    expect(follow(downloadUrl)).toBeUndefined();
  });

  it("tells a layer that no image uses from one that is not there", async () => {
    const digest = await local.layer("app", Buffer.from("x"));
    expect(await refusal(url(digest))).toMatchObject({ code: "LayerInaccessibleException" });
    expect(await refusal(url(sha256("y")))).toMatchObject({
      code: "LayersNotFoundException",
      message: `The layer with digest ${sha256("y")} does not exist within the repository with name 'app' in the registry with id '000000000000'`,
    });
  });
});

describe("the bytes of a layer", () => {
  it("stay while any repository has the layer, and go with the last", async () => {
    await local.call("CreateRepository", { repositoryName: "other" });
    const digest = await local.layer("app", Buffer.from("shared"));
    await local.layer("other", Buffer.from("shared"));
    await local.call("DeleteRepository", { repositoryName: "other" });
    expect((await pull(digest)).bytes.toString()).toBe("shared");
    const path = new URL(`http://x${local.registry.signLayer(digest)}`);
    const signed = () =>
      local.registry.signedLayer({ path: path.pathname, query: Object.fromEntries(path.searchParams) });
    expect(signed()).toBeDefined();
    await local.call("DeleteRepository", { repositoryName: "app" });
    expect(signed()).toBeUndefined();
  });

  it("survive the deletion of the image that used them, for the next push of it", async () => {
    const image = await local.image("app", "v1");
    await local.call("BatchDeleteImage", { repositoryName: "app", imageIds: [{ imageDigest: image.digest }] });
    const put = await local.call("PutImage", { repositoryName: "app", imageManifest: image.manifest, imageTag: "v1" });
    expect(put.image.imageId).toEqual({ imageDigest: image.digest, imageTag: "v1" });
  });

  it("can still be fetched by an image when another that was put before them is deleted, where layers are not checked", async () => {
    local = testRegistry({ layers: "unchecked" });
    await local.call("CreateRepository", { repositoryName: "app" });
    const config = Buffer.from("config");
    const imageDigest = sha256(imageManifest(config, [], { artifactType: "before" }));
    await local.call("PutImage", {
      repositoryName: "app",
      imageManifest: imageManifest(config, [], { artifactType: "before" }),
    });
    const layerDigest = await local.layer("app", config);
    await local.call("PutImage", { repositoryName: "app", imageManifest: imageManifest(config, []) });
    await local.call("BatchDeleteImage", { repositoryName: "app", imageIds: [{ imageDigest }] });
    const { downloadUrl } = await local.call("GetDownloadUrlForLayer", { repositoryName: "app", layerDigest });
    expect(downloadUrl).toContain(layerDigest);
  });

  it("are not lost when the last repository that has them goes while another takes them in", async () => {
    await local.call("CreateRepository", { repositoryName: "other" });
    const digest = await local.layer("other", Buffer.from("x"));
    const uploadId = await begin();
    await part(uploadId, 0, Buffer.from("x"));
    await Promise.all([
      complete(uploadId, digest),
      local.call("DeleteRepository", { repositoryName: "other", force: true }),
    ]);
    expect((await pull(digest)).bytes.toString()).toBe("x");
  });
});
