import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLIENTS, type ContractClient } from "./clients.js";
import { DOORS, type Door } from "./doors.js";

const sha256 = (text: string | Uint8Array): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const LAYER = Buffer.from("the bytes of a layer");
const CONFIG = Buffer.from('{"architecture":"arm64"}');
const MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";
/** Not as JSON.stringify would write it, and beyond ASCII: it must come back byte for byte. */
const MANIFEST = `{"schemaVersion": 2,  "mediaType": "${MEDIA_TYPE}", "annotations": {"é": "😀"},
 "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "${sha256(CONFIG)}", "size": ${CONFIG.length}},
 "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "${sha256(LAYER)}", "size": ${LAYER.length}}]}\n`;
const DIGEST = sha256(MANIFEST);
const repositoryName = "team/app";
const NOW = new Date("2026-01-01T00:00:00Z");

/** One step of the table: what is called, and what it must come to. */
interface Step {
  readonly name: string;
  readonly operation: string;
  readonly input: object;
  readonly output?: object;
  readonly refusal?: { readonly code: string; readonly message: string };
}

const STEPS: readonly Step[] = [
  {
    name: "a repository is created",
    operation: "CreateRepository",
    input: { repositoryName },
    output: {
      repository: {
        repositoryArn: "arn:aws:ecr:eu-west-1:123456789012:repository/team/app",
        repositoryUri: "123456789012.dkr.ecr.eu-west-1.localhost/team/app",
        createdAt: NOW,
      },
    },
  },
  {
    name: "a second one of its name is refused with the service's own error",
    operation: "CreateRepository",
    input: { repositoryName },
    refusal: {
      code: "RepositoryAlreadyExistsException",
      message: "The repository with name 'team/app' already exists in the registry with id '123456789012'",
    },
  },
  ...[LAYER, CONFIG].map((bytes, index) => ({
    name: `a layer that was never uploaded is unavailable (${index + 1})`,
    operation: "BatchCheckLayerAvailability",
    input: { repositoryName, layerDigests: [sha256(bytes)] },
    output: { layers: [{ layerDigest: sha256(bytes), layerAvailability: "UNAVAILABLE" }], failures: [] },
  })),
  {
    name: "an image whose layers are missing is refused",
    operation: "PutImage",
    input: { repositoryName, imageManifest: MANIFEST },
    refusal: {
      code: "LayersNotFoundException",
      message: `Layers with digests '[${sha256(CONFIG)}, ${sha256(LAYER)}]' required for pushing image into repository with name 'team/app' in the registry with id '123456789012' do not exist`,
    },
  },
];

const AFTER_LAYERS: readonly Step[] = [
  {
    name: "an image is put",
    operation: "PutImage",
    input: { repositoryName, imageManifest: MANIFEST, imageTag: "v1" },
    output: { image: { imageId: { imageDigest: DIGEST, imageTag: "v1" }, imageManifest: MANIFEST } },
  },
  {
    name: "an image comes back byte for byte, beside what could not be found",
    operation: "BatchGetImage",
    input: { repositoryName, imageIds: [{ imageTag: "v1" }, { imageTag: "v2" }] },
    output: {
      images: [{ imageManifest: MANIFEST, imageManifestMediaType: MEDIA_TYPE }],
      failures: [
        { imageId: { imageTag: "v2" }, failureCode: "ImageNotFound", failureReason: "Requested image not found" },
      ],
    },
  },
  {
    name: "a layer that an image uses has a URL",
    operation: "GetDownloadUrlForLayer",
    input: { repositoryName, layerDigest: sha256(LAYER) },
    output: {
      layerDigest: sha256(LAYER),
      downloadUrl: expect.stringMatching(/^http:\/\/123456789012\.dkr\.ecr\.eu-west-1\.localhost\/_layers\/sha256:/),
    },
  },
  {
    name: "an image is described with its size and times",
    operation: "DescribeImages",
    input: { repositoryName },
    output: {
      imageDetails: [
        {
          imageDigest: DIGEST,
          imageTags: ["v1"],
          imageSizeInBytes: LAYER.length + CONFIG.length,
          imagePushedAt: NOW,
          artifactMediaType: "application/vnd.oci.image.config.v1+json",
        },
      ],
    },
  },
  {
    name: "an unknown image is refused",
    operation: "DescribeImages",
    input: { repositoryName, imageIds: [{ imageTag: "v2" }] },
    refusal: {
      code: "ImageNotFoundException",
      message:
        "The image with imageId {imageDigest:'null', imageTag:'v2'} does not exist within the repository with name 'team/app' in the registry with id '123456789012'",
    },
  },
  {
    name: "an image is deleted",
    operation: "BatchDeleteImage",
    input: { repositoryName, imageIds: [{ imageDigest: DIGEST }] },
    output: { imageIds: [{ imageDigest: DIGEST, imageTag: "v1" }], failures: [] },
  },
  {
    name: "a repository is deleted",
    operation: "DeleteRepository",
    input: { repositoryName },
    output: { repository: { repositoryName } },
  },
];

const ROWS = DOORS.flatMap((open) => CLIENTS.map((connect) => ({ open, connect })));

describe.each(ROWS)("$connect.name through $open.name", ({ open, connect }) => {
  let door: Door;
  let client: ContractClient;
  beforeAll(async () => {
    door = await open();
    client = connect(door);
  });
  afterAll(async () => {
    client.close();
    await door.close();
  });

  const run = async ({ operation, input, output, refusal }: Step): Promise<void> => {
    const outcome = await client.call(operation, input);
    expect(outcome).toMatchObject(refusal ? { ok: false, status: 400, ...refusal } : { ok: true, output });
  };
  const table = (steps: readonly Step[]): void =>
    it.each(steps.map((step) => [step.name, step] as const))("%s", (_name, step) => run(step));

  table(STEPS);

  it.each([
    ["layer", LAYER],
    ["config", CONFIG],
  ])("a %s is uploaded in parts", async (_name, bytes) => {
    const begun = await client.call("InitiateLayerUpload", { repositoryName });
    expect(begun).toMatchObject({ output: { partSize: 10_485_760 } });
    const { uploadId } = begun.ok ? begun.output : {};
    const part = { partFirstByte: 0, partLastByte: bytes.length - 1, layerPartBlob: bytes };
    expect(await client.call("UploadLayerPart", { repositoryName, uploadId, ...part })).toMatchObject({
      output: { lastByteReceived: bytes.length - 1 },
    });
    expect(
      await client.call("CompleteLayerUpload", { repositoryName, uploadId, layerDigests: [sha256(bytes)] }),
    ).toMatchObject({ output: { layerDigest: sha256(bytes) } });
  });

  table(AFTER_LAYERS);

  it("a call whose signal has aborted is not made", async () => {
    const signal = AbortSignal.abort(new Error("no longer wanted"));
    await expect(client.call("CreateRepository", { repositoryName }, signal)).rejects.toThrow();
    expect(await client.call("DescribeRepositories", {})).toMatchObject({ output: { repositories: [] } });
  });
});
