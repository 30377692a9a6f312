import type { EcrClient } from "../../src/client/ecr-client.js";
import { digestOf } from "../../src/image/digest.js";
import { mediaTypes } from "../../src/image/media-types.js";

/** An image that was pushed for a test. */
export interface Pushed {
  readonly digest: string;
  readonly manifest: string;
  readonly config: { readonly digest: string; readonly size: number };
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

/** A configuration with what `inspect` shows, and with what it must not show. */
const configFor = (architecture: string): string =>
  JSON.stringify({
    os: "linux",
    architecture,
    created: "2026-01-01T00:00:00Z",
    config: {
      User: "app",
      Entrypoint: ["/bin/app"],
      Env: ["PATH=/bin", "SECRET=hunter2"],
      ExposedPorts: { "8080/tcp": {} },
      Labels: { "org.example.note": "rings \u0007 twice" },
    },
  });

/** Pushes an image for one architecture by the layer API: two layers and a configuration. */
export async function pushImage(
  ecr: EcrClient,
  repositoryName: string,
  architecture: string,
  tag?: string,
  configText: string = configFor(architecture),
): Promise<Pushed> {
  const config = Buffer.from(configText);
  const layers = [Buffer.from("a shared layer"), Buffer.from(`a layer for ${architecture} ${tag}`)];
  for (const blob of [config, ...layers]) await pushBlob(ecr, repositoryName, blob);
  const descriptor = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  const document = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: descriptor(mediaTypes.ociConfig, config),
    layers: layers.map((layer) => descriptor(mediaTypes.ociLayerGzip, layer)),
  };
  const manifest = JSON.stringify(document);
  await ecr.call("PutImage", { repositoryName, imageManifest: manifest, ...(tag !== undefined && { imageTag: tag }) });
  return { digest: digestOf(manifest), manifest, config: document.config, layers: document.layers };
}

async function pushBlob(ecr: EcrClient, repositoryName: string, bytes: Buffer): Promise<void> {
  const digest = digestOf(bytes);
  const { layers } = await ecr.call("BatchCheckLayerAvailability", { repositoryName, layerDigests: [digest] });
  if (layers[0]?.layerAvailability === "AVAILABLE") return;
  const { uploadId } = await ecr.call("InitiateLayerUpload", { repositoryName });
  const place = { repositoryName, uploadId };
  await ecr.call("UploadLayerPart", {
    ...place,
    partFirstByte: 0,
    partLastByte: bytes.length - 1,
    layerPartBlob: bytes,
  });
  await ecr.call("CompleteLayerUpload", { ...place, layerDigests: [digest] });
}

/** Pushes an index of two platforms. */
export async function pushIndex(
  ecr: EcrClient,
  repositoryName: string,
  tag: string,
): Promise<{ readonly digest: string; readonly amd64: Pushed; readonly arm64: Pushed }> {
  const amd64 = await pushImage(ecr, repositoryName, "amd64");
  const arm64 = await pushImage(ecr, repositoryName, "arm64");
  const entry = ({ digest, manifest }: Pushed, architecture: string) => ({
    mediaType: mediaTypes.ociManifest,
    digest,
    size: manifest.length,
    platform: { os: "linux", architecture },
  });
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: [entry(amd64, "amd64"), entry(arm64, "arm64")],
  });
  await ecr.call("PutImage", { repositoryName, imageManifest: index, imageTag: tag });
  return { digest: digestOf(index), amd64, arm64 };
}
