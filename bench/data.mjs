import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pull, push } from "./blobs.mjs";
import { ecrCall } from "./ecr-request.mjs";
import { interleave, missing, row } from "./measure.mjs";
import { startOnPort, startPrinting } from "./processes.mjs";
import { requestsPerSecond } from "./wrk.mjs";

const rounds = 5;
const transferRounds = 9;
/** Blobs that go one after another in one measurement. */
const transfers = 4;
const blobBytes = 40 * 1024 * 1024;
const name = "team/app";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const hasPeer = () => spawnSync("docker-registry", ["--version"]).error === undefined;

/** The data plane: manifests a second, and blobs of 40 MiB in and out, beside Debian's docker-registry on a filesystem store. */
export async function benchData() {
  const folder = mkdtempSync(join(tmpdir(), "ecrkit-bench-"));
  const servers = { ecrkit: await startEcrkit() };
  if (hasPeer()) servers.peer = await startPeer(folder);
  const contents = {};
  for (const [key, server] of Object.entries(servers)) contents[key] = await fill(server);

  const each = (measure) =>
    Object.fromEntries(Object.entries(servers).map(([key, server]) => [key, () => measure(server, contents[key])]));
  const rate = ({ url, headers }, reference) =>
    requestsPerSecond(`${url}/v2/${name}/manifests/${reference}`, ...wrkHeaders(headers));
  const rows = [
    line(
      "manifest GET by tag",
      "requests/s",
      await interleave(
        rounds,
        each((server) => rate(server, "v1")),
      ),
      "≥ 4",
    ),
    line(
      "manifest GET by digest",
      "requests/s",
      await interleave(
        rounds,
        each((server, it) => rate(server, it.manifest)),
      ),
      "≥ 4",
    ),
    line(
      "blob push, 40 MiB",
      "MiB/s",
      await interleave(
        transferRounds,
        each(({ url, headers }) => pushRate(url, headers)),
      ),
      "≥ 1.0",
    ),
    line(
      "blob pull, 40 MiB",
      "MiB/s",
      await interleave(
        transferRounds,
        each(({ url, headers }, it) => pullRate(url, headers, it.blob)),
      ),
      "≥ 1.0",
    ),
  ];
  for (const server of Object.values(servers)) await server.stop();
  rmSync(folder, { recursive: true });
  return rows;
}

const line = (what, unit, { ecrkit, peer }, target) =>
  peer === undefined
    ? missing(what, unit, ecrkit, "docker-registry")
    : row(what, unit, ecrkit, "docker-registry", peer, target);

const wrkHeaders = (headers) =>
  Object.entries({ ...headers, accept: manifestType }).flatMap(([key, value]) => ["-H", `${key}: ${value}`]);

async function startEcrkit() {
  const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
  const server = await startPrinting(program, "local", "--port", "0");
  await ecrCall(server.url, "CreateRepository", { repositoryName: name });
  const { authorizationData } = await ecrCall(server.url, "GetAuthorizationToken", {});
  // localhost may be tried as ::1 first: both servers are asked by the same address.
  const url = server.url.replace("localhost", "127.0.0.1");
  return { ...server, url, headers: { authorization: `Basic ${authorizationData[0].authorizationToken}` } };
}

async function startPeer(folder) {
  const config = join(folder, "config.yml");
  const server = await startOnPort(
    "docker-registry",
    async (port) => {
      writeFileSync(config, peerConfig(folder, port));
      return ["serve", config];
    },
    "/v2/",
  );
  return { ...server, headers: {} };
}

const peerConfig = (folder, port) => `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  cache: { blobdescriptor: inmemory }
  filesystem: { rootdirectory: ${folder}/store }
http: { addr: "127.0.0.1:${port}" }
`;

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
