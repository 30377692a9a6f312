import { fileURLToPath } from "node:url";
import { ecrCall, signedHeaders } from "./ecr-request.mjs";
import { interleave, missing, row } from "./measure.mjs";
import { peers } from "./peers.mjs";
import { startPeer, startPrinting } from "./processes.mjs";
import { requestsPerSecond } from "./wrk.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const rounds = 5;
const repositoryName = "team/service-0";
/** What is asked, and how many times as much as moto answers ecrkit is to answer. In an input, NUMBER is another one, of 64 digits, in every request. */
const operations = {
  DescribeRepositories: { input: {}, target: 20 },
  DescribeImages: { input: { repositoryName }, target: 20 },
  BatchGetImage: { input: { repositoryName, imageIds: [{ imageTag: "v7" }] }, target: 15 },
  // Last, because it leaves as many images behind as it has made.
  PutImage: { input: { repositoryName: "team/service-1", imageManifest: manifest(0, "sha256:NUMBER") }, target: 20 },
};

/** The control plane: requests a second of `ecrkit local` and of moto's server, both holding the same ten repositories and ten images. */
export async function benchControl() {
  const servers = {
    ecrkit: await startPrinting(file("../dist/cli/main.js"), "local", "--port", "0", "--layers", "unchecked"),
  };
  if (peers.moto_server.program !== undefined) servers.moto = await startPeer(peers.moto_server);
  const rows = [];
  for (const { url } of Object.values(servers)) await fill(url);
  for (const [operation, { input, target }] of Object.entries(operations)) {
    const { ecrkit, moto } = await interleave(rounds, subjectsOf(servers, operation, input));
    const what = `control plane: ${operation}`;
    rows.push(
      moto === undefined
        ? missing(what, "requests/s", ecrkit, "moto_server")
        : row(what, "requests/s", ecrkit, "moto_server", moto, `≥ ${target}`),
    );
  }
  for (const server of Object.values(servers)) await server.stop();
  return rows;
}

function subjectsOf(servers, operation, input) {
  const headers = signedHeaders(operation);
  const args = [operation, JSON.stringify(input), headers["x-amz-date"], headers.authorization];
  let run = 0;
  const measure = (url) => {
    run += 1;
    return requestsPerSecond(url, {}, "--script", file("post.lua"), "--", ...args, `${run}000000`);
  };
  return Object.fromEntries(Object.entries(servers).map(([name, { url }]) => [name, () => measure(url)]));
}

async function fill(url) {
  for (let number = 0; number < 10; number++) {
    await ecrCall(url, "CreateRepository", { repositoryName: `team/service-${number}` });
  }
  for (let number = 0; number < 10; number++) {
    const imageManifest = manifest(number);
    await ecrCall(url, "PutImage", { repositoryName, imageManifest, imageTag: `v${number}` });
  }
}

function manifest(number, layer = `sha256:${`a${number}`.repeat(32)}`) {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: {
      mediaType: "application/vnd.docker.container.image.v1+json",
      size: 1_000 + number,
      digest: `sha256:${`${number}`.repeat(64)}`,
    },
    layers: [
      {
        mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
        size: 1_000_000 + number,
        digest: layer,
      },
    ],
  });
}
