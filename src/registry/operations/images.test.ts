import { beforeEach, describe, expect, it } from "vitest";
import {
  bareManifest,
  imageManifest,
  indexManifest,
  OCI_INDEX,
  OCI_MANIFEST,
  refusal,
  sha256,
  type TestRegistry,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";

let local: TestRegistry;
beforeEach(async () => {
  local = testRegistry({ layers: "unchecked" });
  await local.call("CreateRepository", { repositoryName: "app" });
});

const put = (
  imageManifest: string,
  imageTag?: string,
  more: { imageDigest?: string; imageManifestMediaType?: string } = {},
) => local.call("PutImage", { repositoryName: "app", imageManifest, imageTag, ...more });
const putBare = async (id: string | number, tag?: string): Promise<string> =>
  (await put(bareManifest(id), tag)).image.imageId.imageDigest;
const get = (...imageIds: readonly object[]) => local.call("BatchGetImage", { repositoryName: "app", imageIds });
const remove = (...imageIds: readonly object[]) => local.call("BatchDeleteImage", { repositoryName: "app", imageIds });
const describeAll = async () => (await local.call("DescribeImages", { repositoryName: "app" })).imageDetails;
const tagsOf = async (imageDigest: string): Promise<readonly string[] | undefined> =>
  (await local.call("DescribeImages", { repositoryName: "app", imageIds: [{ imageDigest }] })).imageDetails[0]
    .imageTags;
const invalid = (field: string, constraint: string) => ({
  code: "InvalidParameterException",
  message: `Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`,
});

describe("PutImage", () => {
  it("names an image by the digest of the exact bytes, whatever their layout and alphabet", async () => {
    const manifest = bareManifest("x").replace("{", '{\n  "annotations": {"é": "漢字🙂"},');
    const { image } = await put(manifest, "v1");
    expect(image).toEqual({
      registryId: "000000000000",
      repositoryName: "app",
      imageId: { imageDigest: sha256(manifest), imageTag: "v1" },
      imageManifest: manifest,
      imageManifestMediaType: OCI_MANIFEST,
    });
    expect((await get({ imageDigest: sha256(manifest) })).images[0].imageManifest).toBe(manifest);
  });

  it.each(["", "{", "[]", "null", '"x"', "\ufeff{}", '{"a":"\ud800"}'])(
    "refuses a manifest that is not JSON: %j",
    async (text) => {
      const code = "InvalidParameterException";
      expect(await refusal(put(text, "v1"))).toMatchObject({ code });
    },
  );

  it("refuses bad JSON in ECR's words", async () => {
    expect(await refusal(put("{"))).toMatchObject(invalid("ImageManifest", "Invalid JSON syntax"));
  });

  it("asks for a media type when the manifest names none, and refuses one that contradicts it", async () => {
    const silent = bareManifest("x").replace(`"mediaType":"${OCI_MANIFEST}",`, "");
    expect(await refusal(put(silent))).toMatchObject({ code: "InvalidParameterException" });
    const { image } = await put(silent, "v1", { imageManifestMediaType: OCI_MANIFEST });
    expect(image.imageManifestMediaType).toBe(OCI_MANIFEST);
    const contradicted = put(bareManifest("y"), "v1", { imageManifestMediaType: OCI_INDEX });
    expect(await refusal(contradicted)).toMatchObject({ code: "InvalidParameterException" });
  });

  it.each([".dev", "a b", "a/b", "a:b", "é"])("refuses the tag %j", async (tag) => {
    expect(await refusal(put(bareManifest("x"), tag))).toMatchObject({
      code: "InvalidParameterException",
      message: expect.stringContaining("'imageTag'"),
    });
  });

  it("checks the manifest before the repository, and the repository before the digest", async () => {
    const wrong = { repositoryName: "gone", imageTag: "v1", imageDigest: sha256("other") };
    expect(await refusal(local.call("PutImage", { ...wrong, imageManifest: "{" }))).toMatchObject({
      code: "InvalidParameterException",
    });
    expect(await refusal(local.call("PutImage", { ...wrong, imageManifest: bareManifest("x") }))).toMatchObject({
      code: "RepositoryNotFoundException",
    });
    expect(await refusal(put(bareManifest("x"), "v1", { imageDigest: sha256("other") }))).toMatchObject({
      code: "ImageDigestDoesNotMatchException",
    });
    await put(bareManifest("x"), "v1", { imageDigest: sha256(bareManifest("x")) });
  });

  it("refuses a manifest whose layers were not uploaded to this very repository, and stores nothing of it", async () => {
    local = testRegistry();
    await local.call("CreateRepository", { repositoryName: "app" });
    await local.call("CreateRepository", { repositoryName: "other" });
    const config = Buffer.from("config");
    const layer = Buffer.from("layer");
    await local.layer("app", config);
    await local.layer("other", layer);
    const manifest = imageManifest(config, [layer, layer]);
    expect(await refusal(put(manifest, "v1"))).toMatchObject({
      code: "LayersNotFoundException",
      message: `Layers with digests '[${sha256(layer)}]' required for pushing image into repository with name 'app' in the registry with id '000000000000' do not exist`,
    });
    expect(await describeAll()).toEqual([]);
    await local.layer("app", layer);
    await put(manifest, "v1");
  });

  it("does not ask for layers that live elsewhere", async () => {
    local = testRegistry();
    await local.call("CreateRepository", { repositoryName: "app" });
    const config = Buffer.from("config");
    await local.layer("app", config);
    const foreign = JSON.parse(imageManifest(config, [Buffer.from("windows")]));
    foreign.layers[0].urls = ["https://example.com/layer"];
    await put(JSON.stringify(foreign), "v1");
    expect((await describeAll())[0].imageSizeInBytes).toBe(6);
  });

  it("refuses an index whose images are not in this very repository", async () => {
    await local.call("CreateRepository", { repositoryName: "other" });
    const manifest = bareManifest("child");
    await local.call("PutImage", { repositoryName: "other", imageManifest: manifest });
    const index = indexManifest([{ digest: sha256(manifest), manifest }]);
    expect(await refusal(put(index, "v1"))).toMatchObject({
      code: "ReferencedImagesNotFoundException",
      message: `Images with digests '[${sha256(manifest)}]' required for pushing image into repository with name 'app' in the registry with id '000000000000' do not exist`,
    });
  });

  it("refuses to put what is there already, with and without a tag", async () => {
    const digest = await putBare("x", "v1");
    expect(await refusal(putBare("x", "v1"))).toMatchObject({
      code: "ImageAlreadyExistsException",
      message: `Image with digest '${digest}' and tag 'v1' already exists in the repository with name 'app' in registry with id '000000000000'`,
    });
    expect(await refusal(putBare("x"))).toMatchObject({
      code: "ImageAlreadyExistsException",
      message: `Image with digest '${digest}' and tag 'null' already exists in the repository with name 'app' in registry with id '000000000000'`,
    });
  });

  it("adds a tag to an image that is there, and refreshes its push time", async () => {
    const digest = await putBare("x", "v1");
    await local.time.advance("1h");
    await putBare("x", "v2");
    expect(await describeAll()).toMatchObject([
      { imageDigest: digest, imageTags: ["v1", "v2"], imagePushedAt: Date.UTC(2026, 0, 1, 1) / 1000 },
    ]);
  });

  it("moves a mutable tag and leaves the image it pointed to, untagged", async () => {
    const old = await putBare("old", "latest");
    const next = await putBare("new", "latest");
    expect(await tagsOf(old)).toBeUndefined();
    expect(await tagsOf(next)).toEqual(["latest"]);
  });

  it("gives an image 1,000 tags and not one more", async () => {
    for (let index = 0; index < 1000; index += 1) await putBare("x", `t${index}`);
    expect(await refusal(putBare("x", "one-more"))).toMatchObject({ code: "LimitExceededException" });
  });
});

describe("an immutable tag", () => {
  const refused = (by: string) => ({
    code: "ImageTagAlreadyExistsException",
    message: `The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the ${by} is immutable.`,
  });

  it("cannot be put again, not even with the manifest that it points to", async () => {
    await putBare("x", "v1");
    await local.call("PutImageTagMutability", { repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    expect(await refusal(putBare("y", "v1"))).toMatchObject(refused("repository"));
    expect(await refusal(putBare("x", "v1"))).toMatchObject(refused("repository"));
    await putBare("x", "v2");
    expect((await get({ imageTag: "v1" })).images[0].imageManifest).toBe(bareManifest("x"));
  });

  it("can be deleted, and used again", async () => {
    await local.call("PutImageTagMutability", { repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    await putBare("x", "v1");
    await remove({ imageTag: "v1" });
    await putBare("y", "v1");
  });

  it("is one that a filter makes so, or one that no filter excepts", async () => {
    const filters = [{ filterType: "WILDCARD" as const, filter: "v*" }];
    const setting = { repositoryName: "app", imageTagMutabilityExclusionFilters: filters };
    await local.call("PutImageTagMutability", { ...setting, imageTagMutability: "MUTABLE_WITH_EXCLUSION" });
    await putBare("x", "v1");
    expect(await refusal(putBare("y", "v1"))).toMatchObject(refused("tag"));
    await putBare("x", "dev");
    await putBare("y", "dev");
    await local.call("PutImageTagMutability", { ...setting, imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" });
    await putBare("y", "v1");
    expect(await refusal(putBare("x", "dev"))).toMatchObject({ code: "ImageTagAlreadyExistsException" });
  });
});

describe("BatchGetImage", () => {
  it("answers each identifier on its own: images in order, failures with their codes", async () => {
    const digest = await putBare("x", "v1");
    await putBare("x", "v2");
    const other = await putBare("y");
    const { images, failures } = await get(
      { imageTag: "v1" },
      { imageTag: "v2" },
      { imageDigest: other },
      { imageDigest: digest, imageTag: "v1" },
      { imageDigest: other, imageTag: "v1" },
      {},
      { imageDigest: "nonsense" },
      { imageTag: "no/tag" },
      { imageTag: "gone" },
      { imageDigest: sha256("gone") },
    );
    expect(images.map(({ imageId }: { imageId: unknown }) => imageId)).toEqual([
      { imageDigest: digest, imageTag: "v1" },
      { imageDigest: digest, imageTag: "v2" },
      { imageDigest: other },
      { imageDigest: digest, imageTag: "v1" },
    ]);
    expect(failures).toMatchObject([
      { imageId: { imageDigest: other, imageTag: "v1" }, failureCode: "ImageTagDoesNotMatchDigest" },
      {
        imageId: {},
        failureCode: "MissingDigestAndTag",
        failureReason: "Invalid request parameters: both tag and digest cannot be null",
      },
      {
        imageId: { imageDigest: "nonsense" },
        failureCode: "InvalidImageDigest",
        failureReason:
          "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
      },
      { imageId: { imageTag: "no/tag" }, failureCode: "InvalidImageTag" },
      { imageId: { imageTag: "gone" }, failureCode: "ImageNotFound", failureReason: "Requested image not found" },
      { imageId: { imageDigest: sha256("gone") }, failureCode: "ImageNotFound" },
    ]);
  });

  it("gives an image as it was stored to whoever takes a format of its kind, and to nobody else", async () => {
    await putBare("x", "v1");
    const accepting = async (...acceptedMediaTypes: readonly string[]) =>
      (await local.call("BatchGetImage", { repositoryName: "app", imageIds: [{ imageTag: "v1" }], acceptedMediaTypes }))
        .failures;
    expect(await accepting(OCI_MANIFEST)).toEqual([]);
    expect(await accepting("application/vnd.docker.distribution.manifest.v2+json")).toEqual([]);
    expect(await accepting("application/json", "*/*")).toEqual([]);
    expect(await accepting(OCI_INDEX, "application/json")).toMatchObject([{ failureCode: "ImageNotFound" }]);
  });

  it("counts as a pull, recorded at most once a day", async () => {
    const digest = await putBare("x", "v1");
    const pulledAt = async () => (await describeAll())[0].lastRecordedPullTime;
    expect(await pulledAt()).toBeUndefined();
    await get({ imageDigest: digest });
    const start = Date.UTC(2026, 0, 1) / 1000;
    expect(await pulledAt()).toBe(start);
    await local.time.advance("23h59m");
    await get({ imageDigest: digest });
    expect(await pulledAt()).toBe(start);
    await local.time.advance("1m");
    await get({ imageTag: "v1" });
    expect(await pulledAt()).toBe(start + 86_400);
  });
});

describe("BatchDeleteImage", () => {
  it("takes a tag away, and with the last one the image", async () => {
    const digest = await putBare("x", "v1");
    await putBare("x", "v2");
    expect(await remove({ imageTag: "v1" })).toEqual({
      imageIds: [{ imageDigest: digest, imageTag: "v1" }],
      failures: [],
    });
    expect(await tagsOf(digest)).toEqual(["v2"]);
    await remove({ imageTag: "v2" });
    expect(await describeAll()).toEqual([]);
  });

  it("deletes by digest with all tags and answers one identifier for each", async () => {
    const digest = await putBare("x", "v1");
    await putBare("x", "v2");
    const untagged = await putBare("y");
    expect(await remove({ imageDigest: digest }, { imageDigest: untagged })).toEqual({
      imageIds: [
        { imageDigest: digest, imageTag: "v1" },
        { imageDigest: digest, imageTag: "v2" },
        { imageDigest: untagged },
      ],
      failures: [],
    });
    expect((await get({ imageTag: "v1" })).failures).toMatchObject([{ failureCode: "ImageNotFound" }]);
  });

  it("empties a repository when it is given all that ListImages gave", async () => {
    await putBare("x", "v1");
    await putBare("x", "v2");
    await putBare("y");
    const { imageIds } = await local.call("ListImages", { repositoryName: "app" });
    expect((await remove(...imageIds)).failures).toEqual([]);
    expect(await describeAll()).toEqual([]);
  });

  it("keeps what an index lists, by digest and by its last tag, until the index is gone", async () => {
    const manifest = bareManifest("child");
    const child = await putBare("child", "amd64");
    await putBare("child", "extra");
    const { image } = await put(indexManifest([{ digest: child, manifest }]), "multi");
    const refused = {
      failureCode: "ImageReferencedByManifestList",
      failureReason: "Requested image referenced by manifest list",
    };
    expect((await remove({ imageDigest: child })).failures).toEqual([{ imageId: { imageDigest: child }, ...refused }]);
    await remove({ imageTag: "extra" });
    expect((await remove({ imageTag: "amd64" })).failures).toEqual([{ imageId: { imageTag: "amd64" }, ...refused }]);
    expect(await tagsOf(child)).toEqual(["amd64"]);
    expect((await remove({ imageDigest: image.imageId.imageDigest }, { imageDigest: child })).failures).toEqual([]);
    expect(await describeAll()).toEqual([]);
  });

  it("says of every identifier what is wrong with it", async () => {
    const digest = await putBare("x", "v1");
    const { imageIds, failures } = await remove(
      {},
      { imageDigest: "x" },
      { imageTag: "gone" },
      { imageDigest: sha256("other"), imageTag: "v1" },
    );
    expect(imageIds).toEqual([]);
    expect(failures.map(({ failureCode }: { failureCode: string }) => failureCode)).toEqual([
      "MissingDigestAndTag",
      "InvalidImageDigest",
      "ImageNotFound",
      "ImageNotFound",
    ]);
    expect(await tagsOf(digest)).toEqual(["v1"]);
  });
});

describe("DescribeImages", () => {
  it("gives the size of config and layers, and of an index the largest child's", async () => {
    local = testRegistry();
    await local.call("CreateRepository", { repositoryName: "app" });
    const small = await local.image("app", "small", { layers: [Buffer.alloc(10)] });
    const large = await local.image("app", "large", { layers: [Buffer.alloc(1000), Buffer.alloc(500)] });
    const { image } = await put(indexManifest([small, large]), "multi");
    const sizes = new Map(
      (await describeAll()).map((detail: { imageDigest: string; imageSizeInBytes: number }) => [
        detail.imageDigest,
        detail.imageSizeInBytes,
      ]),
    );
    expect(sizes.get(small.digest)).toBe(small.sizeBytes);
    expect(sizes.get(large.digest)).toBe(large.sizeBytes);
    expect(sizes.get(image.imageId.imageDigest)).toBe(large.sizeBytes);
  });

  it("says what kind of artifact an image is and what it refers to", async () => {
    const subject = await putBare("x", "v1");
    const config = Buffer.from("{}");
    const manifest = imageManifest(config, [], { subject, artifactType: "application/spdx+json" });
    const { image } = await put(manifest);
    const imageIds = [{ imageDigest: image.imageId.imageDigest }, { imageTag: "v1" }];
    const { imageDetails } = await local.call("DescribeImages", { repositoryName: "app", imageIds });
    expect(imageDetails[0]).toMatchObject({
      artifactMediaType: "application/spdx+json",
      subjectManifestDigest: subject,
      imageManifestMediaType: OCI_MANIFEST,
      imageStatus: "ACTIVE",
    });
    expect(imageDetails[0]).not.toHaveProperty("imageTags");
    expect(imageDetails[1]).toMatchObject({ artifactMediaType: "application/vnd.oci.image.config.v1+json" });
    expect(imageDetails[1]).not.toHaveProperty("subjectManifestDigest");
  });

  it("fails whole when one image is not there, and names it", async () => {
    const digest = await putBare("x", "v1");
    const ask = (...imageIds: readonly object[]) =>
      refusal(local.call("DescribeImages", { repositoryName: "app", imageIds }));
    const missing = (imageDigest: string, imageTag: string) => ({
      code: "ImageNotFoundException",
      message: `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within the repository with name 'app' in the registry with id '000000000000'`,
    });
    expect(await ask({ imageTag: "v1" }, { imageTag: "v2" })).toMatchObject(missing("null", "v2"));
    expect(await ask({ imageDigest: sha256("y") })).toMatchObject(missing(sha256("y"), "null"));
    await putBare("z", "other");
    expect(await ask({ imageDigest: digest, imageTag: "other" })).toMatchObject(missing(digest, "other"));
    for (const bad of [{}, { imageDigest: "nonsense" }, { imageTag: "a/b" }])
      expect(await ask(bad)).toMatchObject({ code: "InvalidParameterException" });
  });

  it("gives one entry for two identifiers of one image", async () => {
    const digest = await putBare("x", "v1");
    const imageIds = [{ imageTag: "v1" }, { imageDigest: digest }];
    expect((await local.call("DescribeImages", { repositoryName: "app", imageIds })).imageDetails).toHaveLength(1);
  });

  it("refuses identifiers together with paging", async () => {
    const input = { repositoryName: "app", imageIds: [{ imageTag: "v1" }], maxResults: 5 };
    expect(await refusal(local.call("DescribeImages", input))).toMatchObject({ code: "InvalidParameterException" });
  });
});
