import { createHash, randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { pull, push } from "./blobs.mjs";
import { ecrCall } from "./ecr-request.mjs";
import { startPrinting } from "./processes.mjs";
import { requestsPerSecond } from "./wrk.mjs";

export const blobBytes = 40 * 1024 * 1024;
const name = "team/app";
const manifestType = "application/vnd.oci.image.manifest.v1+json";

export const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** `ecrkit local`, with a repository and a login. */
export async function startEcrkit(...flags) {
  const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
  const server = await startPrinting(program, "local", "--port", "0", ...flags);
  await ecrCall(server.url, "CreateRepository", { repositoryName: name });
  const { authorizationData } = await ecrCall(server.url, "GetAuthorizationToken", {});
  // localhost may be tried as ::1 first: both servers are asked by the same address.
  const url = server.url.replace("localhost", "127.0.0.1");
  return { ...server, url, headers: { authorization: `Basic ${authorizationData[0].authorizationToken}` } };
}

/** Pushes a blob of 40 MiB and an image of an ordinary size: a config and ten layers. */
export async function fill({ url, headers }) {
  const blob = randomBytes(blobBytes);
  const digest = await push(url, name, headers, blob, digestOf(blob));
  const part = async (mediaType) => {
    const bytes = randomBytes(4_096);
    return { mediaType, size: bytes.length, digest: await push(url, name, headers, bytes, digestOf(bytes)) };
  };
  const config = await part("application/vnd.oci.image.config.v1+json");
  const layers = [];
  for (let number = 0; number < 10; number++) layers.push(await part("application/vnd.oci.image.layer.v1.tar+gzip"));
  const body = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers });
  const put = await fetch(`${url}/v2/${name}/manifests/v1`, {
    method: "PUT",
    headers: { ...headers, "content-type": manifestType },
    body,
  });
  if (put.status !== 201) throw new Error(`putting a manifest answered ${put.status}: ${await put.text()}`);
  return { blob: digest, manifest: digestOf(body) };
}

/** Requests a second for a manifest, by tag or digest. */
export const manifestRate = ({ url, headers }, reference, options) =>
  requestsPerSecond(`${url}/v2/${name}/manifests/${reference}`, options, ...wrkHeaders(headers));

const wrkHeaders = (headers) =>
  Object.entries({ ...headers, accept: manifestType }).flatMap(([key, value]) => ["-H", `${key}: ${value}`]);

export const pushBlob = ({ url, headers }, blob, digest) => push(url, name, headers, blob, digest);

/** Pulls a blob as often as is said, one after the other. */
export async function pullBlobs({ url, headers }, digest, times) {
  for (let made = 0; made < times; made++) {
    const bytes = await pull(url, name, headers, digest);
    if (bytes !== blobBytes) throw new Error(`a pull gave ${bytes} bytes of ${blobBytes}`);
  }
}

/** What it came to since `start` to move so many blobs. */
export const mebibytesPerSecond = (blobs, start) =>
  (blobs * blobBytes) / 1024 / 1024 / ((performance.now() - start) / 1000);
