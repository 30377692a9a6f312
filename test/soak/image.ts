import { type Client, digestOf, expectStatus } from "./client.js";

/** An image of one layer, made in memory. */
export interface SmallImage {
  readonly manifest: string;
  readonly digest: string;
  readonly config: Buffer;
  readonly layer: Buffer;
}

export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

const descriptor = (mediaType: string, bytes: Uint8Array): object => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.byteLength,
});

export function imageOf(id: string, layer: Buffer): SmallImage {
  const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", id }));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptor("application/vnd.oci.image.config.v1+json", config),
    layers: [descriptor("application/vnd.oci.image.layer.v1.tar", layer)],
  });
  return { manifest, digest: digestOf(manifest), config, layer };
}

/** Pushes an image under a tag; `onBlob` is told of each blob that was acknowledged. */
export type Push = (
  client: Client,
  repository: string,
  image: SmallImage,
  tag: string,
  onBlob?: (digest: string) => void,
) => Promise<void>;

/** Pushes as docker does. */
export const pushByV2: Push = async (client, repository, image, tag, onBlob = ignore) => {
  for (const blob of [image.layer, image.config]) {
    const opened = expectStatus("POST upload", await client.data("POST", `${repository}/blobs/uploads/`), 202);
    const session = `${repository}/blobs/uploads/${opened.headers["docker-upload-uuid"]}`;
    const half = blob.subarray(0, blob.length >> 1);
    expectStatus("PATCH upload", await client.data("PATCH", session, half), 201, 202);
    const rest = blob.subarray(half.length);
    expectStatus("PUT upload", await client.data("PUT", `${session}?digest=${digestOf(blob)}`, rest), 201);
    onBlob(digestOf(blob));
  }
  const path = `${repository}/manifests/${tag}`;
  expectStatus("PUT manifest", await client.data("PUT", path, image.manifest, OCI_MANIFEST), 201);
};

const ignore = (): void => undefined;

/** Pushes as the API's own clients do: layers that are there are not sent again. */
export const pushByApi: Push = async (client, repositoryName, image, imageTag, onBlob = ignore) => {
  const layerDigests = [digestOf(image.layer), digestOf(image.config)];
  const { layers } = await client.call<{ layers: readonly Layer[] }>("BatchCheckLayerAvailability", {
    repositoryName,
    layerDigests,
  });
  const available = new Set(layers.filter(isAvailable).map(({ layerDigest }) => layerDigest));
  for (const blob of [image.layer, image.config]) {
    if (available.has(digestOf(blob))) continue;
    const { uploadId } = await client.call<{ uploadId: string }>("InitiateLayerUpload", { repositoryName });
    const place = { repositoryName, uploadId, partFirstByte: 0, partLastByte: blob.length - 1 };
    await client.call("UploadLayerPart", { ...place, layerPartBlob: blob.toString("base64") });
    await client.call("CompleteLayerUpload", { repositoryName, uploadId, layerDigests: [digestOf(blob)] });
    onBlob(digestOf(blob));
  }
  await client.call("PutImage", { repositoryName, imageManifest: image.manifest, imageTag });
};

interface Layer {
  readonly layerDigest: string;
  readonly layerAvailability: string;
}

const isAvailable = ({ layerAvailability }: Layer): boolean => layerAvailability === "AVAILABLE";

/** Pulls a layer or config, by the redirect if there is one, and gives its bytes. */
export async function pullBlob(client: Client, repository: string, digest: string): Promise<Buffer> {
  const answered = await client.data("GET", `${repository}/blobs/${digest}`);
  if (answered.status !== 307) return expectStatus(`GET blob ${digest}`, answered, 200).body;
  const { pathname, search } = new URL(String(answered.headers["location"]));
  return expectStatus(`GET layer ${digest}`, await client.send({ path: pathname + search }), 200).body;
}

/** Pulls a manifest by a tag or a digest. */
export async function pullManifest(client: Client, repository: string, reference: string): Promise<Buffer> {
  const answered = await client.data("GET", `${repository}/manifests/${reference}`);
  return expectStatus(`GET manifest ${reference}`, answered, 200).body;
}

/** Pulls an image whole. @throws when anything came back changed */
export async function pullImage(client: Client, repository: string, image: SmallImage): Promise<void> {
  const manifest = await pullManifest(client, repository, image.digest);
  if (manifest.toString() !== image.manifest) throw new Error(`the manifest ${image.digest} came back changed`);
  for (const blob of [image.config, image.layer])
    if (!(await pullBlob(client, repository, digestOf(blob))).equals(blob))
      throw new Error(`the blob ${digestOf(blob)} came back changed`);
}
