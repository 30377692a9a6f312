import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pull, push } from "./blobs.mjs";
import { ecrCall } from "./ecr-request.mjs";
import { interleave, missing, row } from "./measure.mjs";
import { peers } from "./peers.mjs";
import { startPeer, startPrinting } from "./processes.mjs";
import { requestsPerSecond } from "./wrk.mjs";

const rounds = 5;
const transferRounds = 9;
/** Blobs that go one after another in one measurement. */
const transfers = 4;
const blobBytes = 40 * 1024 * 1024;
const name = "team/app";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const peer = peers["docker-registry"];
/** The data plane: manifests a second, and blobs of 40 MiB in and out, beside Debian's docker-registry on a filesystem store. */
export async function benchData() {
  const folder = mkdtempSync(join(tmpdir(), "ecrkit-bench-"));
  const servers = { memory: await startEcrkit(), disk: await startEcrkit("--data", join(folder, "data")) };
  if (peer.program !== undefined) servers.peer = { ...(await startPeer(peer, folder)), headers: {} };
  const contents = {};
  for (const [key, server] of Object.entries(servers)) contents[key] = await fill(server);

  const measured = (times, measure) =>
    interleave(
      times,
      Object.fromEntries(
        Object.entries(servers).map(([key, { url, headers }]) => [key, () => measure(url, headers, contents[key])]),
      ),
    );
  const rate = (url, headers, reference) =>
    requestsPerSecond(`${url}/v2/${name}/manifests/${reference}`, ...wrkHeaders(headers));
  const results = {
    byTag: await measured(rounds, (url, headers) => rate(url, headers, "v1")),
    byDigest: await measured(rounds, (url, headers, { manifest }) => rate(url, headers, manifest)),
    pushed: await measured(transferRounds, pushRate),
    pulled: await measured(transferRounds, (url, headers, { blob }) => pullRate(url, headers, blob)),
  };
  for (const server of Object.values(servers)) await server.stop();
  rmSync(folder, { recursive: true });
  return [...rowsOf(results, "memory", ""), ...rowsOf(results, "disk", ", --data")];
}

const rowsOf = ({ byTag, byDigest, pushed, pulled }, place, where) => [
  line(`manifest GET by tag${where}`, "requests/s", byTag[place], byTag.peer, "≥ 6"),
  line(`manifest GET by digest${where}`, "requests/s", byDigest[place], byDigest.peer, "≥ 6"),
  line(`blob push, 40 MiB${where}`, "MiB/s", pushed[place], pushed.peer, "≥ 1.2"),
  line(`blob pull, 40 MiB${where}`, "MiB/s", pulled[place], pulled.peer, "≥ 1.2"),
];

const line = (what, unit, ours, theirs, target) =>
  theirs === undefined
    ? missing(what, unit, ours, "docker-registry")
    : row(what, unit, ours, "docker-registry", theirs, target);

const wrkHeaders = (headers) =>
  Object.entries({ ...headers, accept: manifestType }).flatMap(([key, value]) => ["-H", `${key}: ${value}`]);

async function startEcrkit(...flags) {
  const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
  const server = await startPrinting(program, "local", "--port", "0", ...flags);
  await ecrCall(server.url, "CreateRepository", { repositoryName: name });
  const { authorizationData } = await ecrCall(server.url, "GetAuthorizationToken", {});
  // localhost may be tried as ::1 first: both servers are asked by the same address.
  const url = server.url.replace("localhost", "127.0.0.1");
  return { ...server, url, headers: { authorization: `Basic ${authorizationData[0].authorizationToken}` } };
}

/** Pushes a blob of 40 MiB and an image of an ordinary size: a config and ten layers. */
async function fill({ url, headers }) {
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

const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

async function pushRate(url, headers) {
  const blobs = Array.from({ length: transfers }, () => randomBytes(blobBytes));
  const digests = blobs.map(digestOf);
  const start = performance.now();
  for (const [number, blob] of blobs.entries()) await push(url, name, headers, blob, digests[number]);
  return mebibytesPerSecond(start);
}

async function pullRate(url, headers, digest) {
  const start = performance.now();
  for (let made = 0; made < transfers; made++) {
    const bytes = await pull(url, name, headers, digest);
    if (bytes !== blobBytes) throw new Error(`a pull gave ${bytes} bytes of ${blobBytes}`);
  }
  return mebibytesPerSecond(start);
}

const mebibytesPerSecond = (start) => (transfers * blobBytes) / 1024 / 1024 / ((performance.now() - start) / 1000);
