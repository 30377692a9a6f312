// What `npm start` runs: a multi-architecture image through the embedded local ECR and back, byte for byte, without a socket.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { createEcrClient, mediaTypes, parseManifest } from "ecrkit";
import { createLocalEcr, simulate } from "ecrkit/local";

const REPOSITORY = "team/hello";
const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const base = randomBytes(500_000);
const kB = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`;

const local = createLocalEcr();
const ecr = createEcrClient({
  region: "us-east-1",
  auth: { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" },
  transport: simulate(local),
});
const startedMs = performance.now();

try {
  const { repository } = await ecr.call("CreateRepository", { repositoryName: REPOSITORY });
  say(`created ${repository.repositoryUri}`);

  const pushed = [];
  for (const architecture of ["amd64", "arm64"]) pushed.push(await push(imageFor(architecture)));
  const index = await pushIndex("v1", pushed);
  say(`pushed ${REPOSITORY}:v1, an index of ${pushed.length} platforms`);

  await ecr.images.putTag(REPOSITORY, { imageTag: "v1" }, "stable");
  say(`tagged ${REPOSITORY}:v1 as stable`);

  const repositories = await ecr.repositories.list().all();
  show(
    "repositories",
    repositories.map((one) => ({ name: one.repositoryName, tags: one.imageTagMutability, uri: one.repositoryUri })),
  );

  const images = await ecr.images.describe(REPOSITORY).all();
  show(
    "images",
    images.map((one) => ({
      tags: (one.imageTags ?? []).join(", ") || "-",
      digest: short(one.imageDigest),
      size: kB(one.imageSizeInBytes),
      type: one.imageManifestMediaType,
    })),
  );

  const pulled = await pull("stable");
  show(
    `${REPOSITORY}:stable, pulled back`,
    pulled.platforms.map(({ platform, digest, blobs }) => ({
      platform: `${platform.os}/${platform.architecture}`,
      digest: short(digest),
      layers: blobs.length - 1,
      size: kB(blobs.reduce((sum, { length }) => sum + length, 0)),
    })),
  );

  console.log();
  compare(index, pushed, pulled);
  const blobs = pushed.flatMap(({ blobs: each }) => each).length;
  say(`every byte is the same: 1 index, ${pushed.length} manifests, ${blobs} blobs`);
  say(`done in ${Math.round(performance.now() - startedMs)} ms`);
} finally {
  await local.close();
}

/** An image made up in memory: three layers, one of them shared by both architectures, and a configuration. */
function imageFor(architecture) {
  const files = [base, randomBytes(300_000), Buffer.from(`the program for ${architecture}\n`)];
  const layers = files.map((file) => gzipSync(file));
  const config = Buffer.from(
    JSON.stringify({
      os: "linux",
      architecture,
      config: { Entrypoint: ["/hello"] },
      rootfs: { type: "layers", diff_ids: files.map(digestOf) },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: descriptor(mediaTypes.ociConfig, config),
      layers: layers.map((layer) => descriptor(mediaTypes.ociLayerGzip, layer)),
    }),
  );
  return { architecture, blobs: [config, ...layers], manifest };
}

function descriptor(mediaType, bytes) {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

/** Uploads what the repository does not have yet, then the manifest. */
async function push(image) {
  const digests = image.blobs.map(digestOf);
  const { layers } = await ecr.call("BatchCheckLayerAvailability", {
    repositoryName: REPOSITORY,
    layerDigests: digests,
  });
  const there = new Set(layers.filter((one) => one.layerAvailability === "AVAILABLE").map((one) => one.layerDigest));
  for (const blob of image.blobs.filter((bytes) => !there.has(digestOf(bytes)))) await upload(blob);
  await ecr.call("PutImage", { repositoryName: REPOSITORY, imageManifest: image.manifest.toString() });
  return image;
}

async function upload(bytes) {
  const { uploadId } = await ecr.call("InitiateLayerUpload", { repositoryName: REPOSITORY });
  const place = { repositoryName: REPOSITORY, uploadId };
  await ecr.call("UploadLayerPart", {
    ...place,
    partFirstByte: 0,
    partLastByte: bytes.length - 1,
    layerPartBlob: bytes,
  });
  await ecr.call("CompleteLayerUpload", { ...place, layerDigests: [digestOf(bytes)] });
}

async function pushIndex(tag, images) {
  const index = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: images.map(({ architecture, manifest }) => ({
        ...descriptor(mediaTypes.ociManifest, manifest),
        platform: { os: "linux", architecture },
      })),
    }),
  );
  await ecr.call("PutImage", { repositoryName: REPOSITORY, imageManifest: index.toString(), imageTag: tag });
  return index;
}

/** The index behind a tag, the manifests that it names, and the blobs that those name. */
async function pull(imageTag) {
  const { imageManifest } = await ecr.images.get(REPOSITORY, { imageTag });
  const platforms = [];
  for (const { platform, digest } of parseManifest(imageManifest).manifests) {
    const image = await ecr.images.get(REPOSITORY, { imageDigest: digest });
    const { config, layers } = parseManifest(image.imageManifest);
    const blobs = [];
    for (const one of [config, ...layers]) blobs.push(await download(one.digest));
    platforms.push({ platform, digest, manifest: image.imageManifest, blobs });
  }
  return { index: imageManifest, platforms };
}

/** A layer by its URL, which in-process only the simulation can answer. */
async function download(layerDigest) {
  const { downloadUrl } = await ecr.call("GetDownloadUrlForLayer", { repositoryName: REPOSITORY, layerDigest });
  const { protocol, hostname, pathname, searchParams } = new URL(downloadUrl);
  const query = Object.fromEntries(searchParams);
  const request = { method: "GET", protocol, hostname, path: pathname, query, headers: { host: hostname } };
  const { response } = await simulate(local).handle(request);
  assert.equal(response.statusCode, 200);
  if (response.body instanceof Uint8Array) return Buffer.from(response.body);
  return Buffer.concat(await response.body.toArray());
}

function compare(index, pushed, pulled) {
  assert.equal(pulled.index, index.toString());
  for (const [position, { manifest, blobs }] of pushed.entries()) {
    const back = pulled.platforms[position];
    assert.equal(back.manifest, manifest.toString());
    for (const [at, blob] of blobs.entries())
      assert.ok(blob.equals(back.blobs[at]), `blob ${at} is not what was pushed`);
  }
}

function say(text) {
  console.log(`· ${text}`);
}

/** Prints rows as a table below a title. */
function show(title, rows) {
  const lines = [Object.keys(rows[0]), ...rows.map(Object.values)].map((line) => line.map(String));
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)));
  console.log(`\n  ${title}`);
  for (const line of lines)
    console.log(
      `    ${line
        .map((cell, at) => cell.padEnd(widths[at]))
        .join("  ")
        .trimEnd()}`,
    );
  console.log();
}

function short(digest) {
  return `${digest.slice(0, 19)}…`;
}
