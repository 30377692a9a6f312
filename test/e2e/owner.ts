import { createEcrClient, type EcrClient } from "../../src/index.js";
import type { ImageName, Referrer } from "./adapters/client.js";
import { region } from "./aws-environment.js";
import { type BuiltImage, digestOf, indexOf } from "./image-layout.js";

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Whoever has a registry and looks at it with ecrkit's own client, beside the client under test. */
export interface Owner {
  readonly ecr: EcrClient;
  /** What `aws ecr get-login-password` prints. */
  password(registryId?: string): Promise<string>;
  /** The bytes of an image's manifest, when there is such an image. */
  manifestAt(image: ImageName): Promise<string | undefined>;
  tagsOf(repositoryName: string): Promise<readonly string[]>;
  referrersOf(repositoryName: string, imageDigest: string): Promise<readonly Referrer[]>;
  /** Fills a repository with a multi-architecture index and its images, and gives the index's bytes. */
  putIndex(name: ImageName, images: Readonly<Record<string, BuiltImage>>): Promise<string>;
}

export function ownerAt(url: string, key: Key): Owner {
  const ecr = createEcrClient({ region, endpoint: url, auth: { kind: "static", ...key } });
  const putBlob = async (repositoryName: string, bytes: Buffer): Promise<void> => {
    const { uploadId = "" } = await ecr.call("InitiateLayerUpload", { repositoryName });
    const part = { partFirstByte: 0, partLastByte: bytes.length - 1, layerPartBlob: bytes };
    await ecr.call("UploadLayerPart", { repositoryName, uploadId, ...part });
    await ecr.call("CompleteLayerUpload", { repositoryName, uploadId, layerDigests: [digestOf(bytes)] });
  };
  return {
    ecr,
    password: async (registryId) => (await ecr.auth.credentials({ registryId })).password.reveal(),
    async manifestAt({ repository: repositoryName, tag: imageTag }) {
      const { images } = await ecr.call("BatchGetImage", { repositoryName, imageIds: [{ imageTag }] });
      return images?.[0]?.imageManifest;
    },
    async tagsOf(repositoryName) {
      const ids = await ecr.images.list(repositoryName).all();
      return ids.flatMap(({ imageTag }) => imageTag ?? []).sort();
    },
    async referrersOf(repositoryName, imageDigest) {
      const { referrers = [] } = await ecr.call("ListImageReferrers", { repositoryName, subjectId: { imageDigest } });
      return referrers.map(({ digest = "", artifactType = "" }) => ({ digest, artifactType }));
    },
    async putIndex({ repository: repositoryName, tag: imageTag }, images) {
      for (const { manifest, blobs } of Object.values(images)) {
        for (const bytes of blobs.values()) await putBlob(repositoryName, bytes);
        await ecr.call("PutImage", { repositoryName, imageManifest: manifest });
      }
      const imageManifest = indexOf(images);
      await ecr.call("PutImage", { repositoryName, imageManifest, imageTag });
      return imageManifest;
    },
  };
}
