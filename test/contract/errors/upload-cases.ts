import { bareManifest, imageManifest, indexManifest, sha256 } from "../../fixtures/local-registry.js";
import { APP, type Case, callNamed, NO_UUID, type World } from "./world.js";

const repositoryName = APP;
const bytes = Buffer.from("bytes");
const layerDigests = [sha256(bytes)];

/** The operations that both services have by the same rules: images, layers and resource tags. */
export function sharedCases(prefix: "" | "ecr-public:", resourceArn: string): Readonly<Record<string, Case>> {
  const isPublic = prefix !== "";
  const call = (world: World, name: string, input: object) =>
    callNamed(world, prefix + name, name.endsWith("Resource") ? input : { repositoryName, ...input });
  const tags = (count: number) => Array.from({ length: count }, (_, at) => ({ Key: `key-${at}`, Value: "" }));
  const cases: Readonly<Record<string, Case>> = {
    "CreateRepository InvalidTagParameterException": async (open) =>
      call(await open(), "CreateRepository", { repositoryName: "other", tags: [{ Key: "aws:mine", Value: "" }] }),
    "CreateRepository TooManyTagsException": async (open) =>
      call(await open(), "CreateRepository", { repositoryName: "other", tags: tags(51) }),
    "CreateRepository RepositoryAlreadyExistsException": async (open) => call(await open(), "CreateRepository", {}),
    "CreateRepository LimitExceededException": async (open) =>
      call(await open({ quotas: { counts: { repositories: 1 } } }), "CreateRepository", { repositoryName: "other" }),
    "DeleteRepository RepositoryNotEmptyException": async (open) => {
      const world = await open({ layers: "unchecked" });
      await call(world, "PutImage", { imageManifest: bareManifest(1) });
      return call(world, "DeleteRepository", {});
    },
    "PutImage ImageAlreadyExistsException": async (open) => {
      const world = await open({ layers: "unchecked" });
      await call(world, "PutImage", { imageManifest: bareManifest(1), imageTag: "v1" });
      return call(world, "PutImage", { imageManifest: bareManifest(1), imageTag: "v1" });
    },
    "PutImage ImageDigestDoesNotMatchException": async (open) =>
      call(await open({ layers: "unchecked" }), "PutImage", {
        imageManifest: bareManifest(1),
        imageDigest: sha256("other"),
      }),
    "PutImage LayersNotFoundException": async (open) =>
      call(await open(), "PutImage", { imageManifest: imageManifest(bytes, []) }),
    "PutImage ReferencedImagesNotFoundException": async (open) => {
      const manifest = bareManifest(1);
      return call(await open(), "PutImage", { imageManifest: indexManifest([{ digest: sha256(manifest), manifest }]) });
    },
    "PutImage LimitExceededException": async (open) => {
      const world = await open({ layers: "unchecked", quotas: { counts: { imagesPerRepository: 1 } } });
      await call(world, "PutImage", { imageManifest: bareManifest(1) });
      return call(world, "PutImage", { imageManifest: bareManifest(2) });
    },
    "DescribeImages ImageNotFoundException": async (open) =>
      call(await open(), "DescribeImages", { imageIds: [{ imageTag: "none" }] }),
    "UploadLayerPart UploadNotFoundException": async (open) =>
      call(await open(), "UploadLayerPart", {
        uploadId: NO_UUID,
        partFirstByte: 0,
        partLastByte: 0,
        layerPartBlob: "AA==",
      }),
    "UploadLayerPart InvalidLayerPartException": async (open) => {
      const world = await open();
      const uploadId = await world.upload([bytes], isPublic);
      return call(world, "UploadLayerPart", { uploadId, partFirstByte: 9, partLastByte: 9, layerPartBlob: "AA==" });
    },
    "UploadLayerPart LimitExceededException": async (open) => {
      const world = await open();
      const parts = Array.from({ length: isPublic ? 1_000 : 4_200 }, () => Buffer.from("x"));
      const uploadId = await world.upload(parts, isPublic);
      const at = { partFirstByte: parts.length, partLastByte: parts.length };
      return call(world, "UploadLayerPart", { uploadId, ...at, layerPartBlob: "AA==" });
    },
    "CompleteLayerUpload UploadNotFoundException": async (open) =>
      call(await open(), "CompleteLayerUpload", { uploadId: NO_UUID, layerDigests }),
    "CompleteLayerUpload EmptyUploadException": async (open) => {
      const world = await open();
      return call(world, "CompleteLayerUpload", { uploadId: await world.upload([], isPublic), layerDigests });
    },
    "CompleteLayerUpload InvalidLayerException": async (open) => {
      const world = await open();
      const uploadId = await world.upload([bytes], isPublic);
      return call(world, "CompleteLayerUpload", { uploadId, layerDigests: [sha256("other")] });
    },
    "CompleteLayerUpload LayerPartTooSmallException": async (open) => {
      const world = await open();
      const uploadId = await world.upload([Buffer.from("by"), Buffer.from("tes")], isPublic);
      return call(world, "CompleteLayerUpload", { uploadId, layerDigests });
    },
    "CompleteLayerUpload LayerAlreadyExistsException": async (open) => {
      const world = await open();
      await call(world, "CompleteLayerUpload", { uploadId: await world.upload([bytes], isPublic), layerDigests });
      return call(world, "CompleteLayerUpload", { uploadId: await world.upload([bytes], isPublic), layerDigests });
    },
    "TagResource InvalidTagParameterException": async (open) =>
      call(await open(), "TagResource", { resourceArn, tags: [{ Key: "aws:mine", Value: "" }] }),
    "TagResource TooManyTagsException": async (open) =>
      call(await open(), "TagResource", { resourceArn, tags: tags(51) }),
    "UntagResource InvalidTagParameterException": async (open) =>
      call(await open(), "UntagResource", { resourceArn, tagKeys: ["aws:mine"] }),
    "UntagResource TooManyTagsException": async (open) =>
      call(await open(), "UntagResource", { resourceArn, tagKeys: tags(51).map(({ Key }) => Key) }),
    "GetRepositoryPolicy RepositoryPolicyNotFoundException": async (open) =>
      call(await open(), "GetRepositoryPolicy", {}),
    "DeleteRepositoryPolicy RepositoryPolicyNotFoundException": async (open) =>
      call(await open(), "DeleteRepositoryPolicy", {}),
  };
  return Object.fromEntries(Object.entries(cases).map(([name, one]) => [prefix + name, one]));
}
