import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ecrCall, loginHeader } from "./ecr-call.js";
import { digestOf } from "./image-layout.js";
import { type LocalProcess, startLocal } from "./local-process.js";

const mebibyte = 1024 * 1024;
const layerMiB = 2_048;
const peakLimitMiB = 200;
const repositoryName = "large";

/** A layer of 2 GiB that nobody has to store: every mebibyte is the same block with its own number in front. */
const block = Buffer.alloc(mebibyte, "the same bytes again and again, ");
const chunk = (number: number): Buffer => {
  const bytes = Buffer.from(block);
  bytes.writeUInt32BE(number, 0);
  return bytes;
};
async function* layer(): AsyncGenerator<Buffer> {
  for (let number = 0; number < layerMiB; number++) yield chunk(number);
}

describe("a layer of 2 GiB", () => {
  const digest = layerDigest();
  let local: LocalProcess;

  beforeEach(async () => {
    local = await startLocal();
    await ecrCall(local.url, "CreateRepository", { repositoryName });
  });
  afterEach(() => local.stop());

  it("goes in and out by /v2 while the server stays under 200 MiB", async () => {
    const authorization = await loginHeader(local.url);
    const uploads = `${local.url}/v2/${repositoryName}/blobs/uploads/`;
    const started = await fetch(uploads, { method: "POST", headers: { authorization } });
    expect(started.status).toBe(202);
    const upload = new URL(started.headers.get("location") ?? "", uploads);
    upload.searchParams.set("digest", digest);
    const pushed = await fetch(upload, {
      method: "PUT",
      headers: { authorization, "content-type": "application/octet-stream" },
      body: Readable.from(layer()),
      duplex: "half",
    });
    expect(pushed.status).toBe(201);
    expect(pushed.headers.get("docker-content-digest")).toBe(digest);

    const pulled = await fetch(`${local.url}/v2/${repositoryName}/blobs/${digest}`, { headers: { authorization } });
    expect(await received(pulled)).toEqual({ bytes: layerMiB * mebibyte, digest });
    expect(peak(local, "/v2")).toBeLessThan(peakLimitMiB);
  });

  it("goes in by UploadLayerPart and out by its URL while the server stays under 200 MiB", async () => {
    const config = Buffer.from("{}");
    await uploadByParts(local.url, [config], digestOf(config));
    await uploadByParts(local.url, layer(), digest);
    // ECR gives a layer's URL only once an image of the repository has the layer.
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(config), size: config.length },
      layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest, size: layerMiB * mebibyte }],
    });
    await ecrCall(local.url, "PutImage", { repositoryName, imageManifest, imageTag: "large" });

    const layerDigest = { repositoryName, layerDigest: digest };
    const { downloadUrl } = await ecrCall<{ downloadUrl: string }>(local.url, "GetDownloadUrlForLayer", layerDigest);
    expect(await received(await fetch(downloadUrl))).toEqual({ bytes: layerMiB * mebibyte, digest });
    expect(peak(local, "UploadLayerPart")).toBeLessThan(peakLimitMiB);
  });
});

/** Uploads a layer by the layer API, in parts of the size that the service asks for. */
async function uploadByParts(
  url: string,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  digest: string,
): Promise<void> {
  type Started = { uploadId: string; partSize: number };
  const { uploadId, partSize } = await ecrCall<Started>(url, "InitiateLayerUpload", { repositoryName });
  let sent = 0;
  const send = async (part: Buffer): Promise<void> => {
    const partLastByte = sent + part.length - 1;
    const place = { repositoryName, uploadId, partFirstByte: sent, partLastByte };
    await ecrCall(url, "UploadLayerPart", { ...place, layerPartBlob: part.toString("base64") });
    sent += part.length;
  };
  let waiting: Buffer[] = [];
  for await (const bytes of chunks) {
    waiting.push(bytes);
    if (waiting.length * mebibyte < partSize) continue;
    await send(Buffer.concat(waiting));
    waiting = [];
  }
  if (waiting.length > 0) await send(Buffer.concat(waiting));
  await ecrCall(url, "CompleteLayerUpload", { repositoryName, uploadId, layerDigests: [digest] });
}

function layerDigest(): string {
  const hash = createHash("sha256");
  for (let number = 0; number < layerMiB; number++) hash.update(chunk(number));
  return `sha256:${hash.digest("hex")}`;
}

async function received(response: Response): Promise<{ bytes: number; digest: string }> {
  if (!response.ok || response.body === null) throw new Error(`the pull answered ${response.status}`);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const part of response.body) {
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, digest: `sha256:${hash.digest("hex")}` };
}

function peak(local: LocalProcess, door: string): number {
  const peakMiB = local.peakMemoryMiB();
  console.log(`2 GiB by ${door}: the server's peak memory was ${peakMiB.toFixed(0)} MiB`);
  return peakMiB;
}
