import { describe, expect, it } from "vitest";
import { bareManifest, caller, refusal, sha256, testRegistry } from "../../../../test/fixtures/local-registry.js";

const repositoryName = "app";
const OTHER = { ...caller, account: "111122223333", arn: "arn:aws:iam::111122223333:root" };

const started = async (layers: "checked" | "unchecked" = "unchecked") => {
  const { call, time } = testRegistry({ layers });
  await call("ecr-public:CreateRepository", { repositoryName });
  const alias: string = (await call("ecr-public:DescribeRegistries", {})).registries[0].aliases[0].name;
  const put = (imageTag: string, imageManifest = bareManifest(imageTag)) =>
    call("ecr-public:PutImage", { repositoryName, imageManifest, imageTag });
  return { call, time, alias, put };
};

const upload = async ({ call }: Awaited<ReturnType<typeof started>>, registryId: string, parts: readonly Buffer[]) => {
  const { uploadId, partSize } = await call("ecr-public:InitiateLayerUpload", { registryId, repositoryName });
  let at = 0;
  for (const part of parts) {
    await call("ecr-public:UploadLayerPart", {
      registryId,
      repositoryName,
      uploadId,
      partFirstByte: at,
      partLastByte: at + part.byteLength - 1,
      layerPartBlob: part.toString("base64"),
    });
    at += part.byteLength;
  }
  return { uploadId, partSize };
};

describe("public images", () => {
  it("are pushed and deleted by account id or alias", async () => {
    const registry = await started("checked");
    const { call, alias } = registry;
    const layer = Buffer.from("layer");
    const layerDigests = [sha256(layer)];
    const { uploadId, partSize } = await upload(registry, alias, [layer]);
    expect(partSize).toBe(10_485_760);
    expect(
      await call("ecr-public:CompleteLayerUpload", { registryId: alias, repositoryName, uploadId, layerDigests }),
    ).toEqual({ registryId: "000000000000", repositoryName, uploadId, layerDigest: layerDigests[0] });
    const available = await call("ecr-public:BatchCheckLayerAvailability", {
      registryId: "000000000000",
      repositoryName,
      layerDigests: [...layerDigests, sha256("nothing"), ""],
    });
    expect(available.layers).toEqual([
      { layerDigest: layerDigests[0], layerAvailability: "AVAILABLE", layerSize: 5 },
      { layerDigest: sha256("nothing"), layerAvailability: "UNAVAILABLE" },
    ]);
    expect(available.failures).toHaveLength(1);
  });

  it("are described without what only ECR has", async () => {
    const { call, put, time } = await started();
    const { image } = await put("v1");
    const { imageDetails } = await call("ecr-public:DescribeImages", { repositoryName });
    expect(imageDetails).toEqual([
      {
        registryId: "000000000000",
        repositoryName,
        imageDigest: image.imageId.imageDigest,
        imageTags: ["v1"],
        imageSizeInBytes: expect.any(Number),
        imagePushedAt: time.now() / 1000,
        imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
        artifactMediaType: "application/vnd.oci.image.config.v1+json",
      },
    ]);
  });

  it("are described by tag, each tag with the time it was put there", async () => {
    const { call, put, time } = await started();
    const startMs = time.now();
    const manifest = bareManifest("one");
    await put("a", manifest);
    await time.advance(5_000);
    await put("b", manifest);
    await put("c");
    const first = await call("ecr-public:DescribeImageTags", { repositoryName, maxResults: 2 });
    expect(first.imageTagDetails).toEqual(
      ["a", "b"].map((imageTag, index) => ({
        imageTag,
        createdAt: (startMs + 5_000 * index) / 1000,
        imageDetail: {
          imageDigest: sha256(manifest),
          imageSizeInBytes: expect.any(Number),
          imagePushedAt: (startMs + 5_000) / 1000,
          imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
          artifactMediaType: "application/vnd.oci.image.config.v1+json",
        },
      })),
    );
    const second = await call("ecr-public:DescribeImageTags", { repositoryName, nextToken: first.nextToken });
    expect(second.imageTagDetails.map(({ imageTag }: { imageTag: string }) => imageTag)).toEqual(["c"]);
    expect(second.nextToken).toBeUndefined();
  });

  it("always let their tags move", async () => {
    const { call, put } = await started();
    await put("latest", bareManifest(1));
    await put("latest", bareManifest(2));
    const { imageTagDetails } = await call("ecr-public:DescribeImageTags", { repositoryName });
    expect(imageTagDetails.map((one: { imageDetail: object }) => one.imageDetail)).toMatchObject([
      { imageDigest: sha256(bareManifest(2)) },
    ]);
  });

  it("of a batch fail one by one", async () => {
    const { call, put, alias } = await started();
    await put("v1");
    const imageIds = [{ imageTag: "v1" }, { imageTag: "v2" }, { imageDigest: "nonsense" }, {}];
    const answer = await call("ecr-public:BatchDeleteImage", { registryId: alias, repositoryName, imageIds });
    expect(answer.imageIds).toEqual([{ imageDigest: sha256(bareManifest("v1")), imageTag: "v1" }]);
    expect(answer.failures.map(({ failureCode }: { failureCode: string }) => failureCode)).toEqual([
      "ImageNotFound",
      "InvalidImageDigest",
      "MissingDigestAndTag",
    ]);
  });

  it("come in at most a thousand parts to a layer", async () => {
    const registry = await started();
    const { uploadId } = await upload(registry, "000000000000", Array<Buffer>(1_000).fill(Buffer.from("x")));
    const part = { uploadId, partFirstByte: 1_000, partLastByte: 1_000, layerPartBlob: "eA==" };
    expect(await refusal(registry.call("ecr-public:UploadLayerPart", { repositoryName, ...part }))).toEqual({
      code: "LimitExceededException",
      message: "The limit of 1000 layer parts has been exceeded",
      members: {},
    });
  });

  it("of a registry that there is not are a registry that there is not, where that is an error", async () => {
    const { call } = await started();
    const uploadId = "00000000-0000-4000-8000-000000000000";
    const layerDigests = [sha256("")];
    const part = { partFirstByte: 0, partLastByte: 0, layerPartBlob: "eA==" };
    for (const registryId of ["nobody", "111122223333"]) {
      const input = { registryId, repositoryName };
      const calls = [
        call("ecr-public:PutImage", { ...input, imageManifest: bareManifest(1) }),
        call("ecr-public:BatchCheckLayerAvailability", { ...input, layerDigests }),
        call("ecr-public:InitiateLayerUpload", input),
        call("ecr-public:UploadLayerPart", { ...input, uploadId, ...part }),
        call("ecr-public:CompleteLayerUpload", { ...input, uploadId, layerDigests }),
      ];
      for (const one of calls)
        expect(await refusal(one)).toEqual({
          code: "RegistryNotFoundException",
          message: `The registry with id '${registryId}' does not exist`,
          members: {},
        });
      const deletion = call("ecr-public:BatchDeleteImage", { ...input, imageIds: [{ imageTag: "v1" }] });
      expect((await refusal(deletion)).code).toBe("RepositoryNotFoundException");
    }
    expect((await refusal(call("ecr-public:InitiateLayerUpload", { repositoryName }, OTHER))).code).toBe(
      "RepositoryNotFoundException",
    );
  });
});
