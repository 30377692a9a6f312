import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { interleave, missing, row } from "./measure.mjs";
import { peers } from "./peers.mjs";
import { startPeer } from "./processes.mjs";
import {
  blobBytes,
  digestOf,
  fill,
  manifestRate,
  mebibytesPerSecond,
  pullBlobs,
  pushBlob,
  startEcrkit,
} from "./registry.mjs";

const rounds = 5;
const transferRounds = 9;
/** Blobs that go one after another in one measurement. */
const transfers = 4;
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
      Object.fromEntries(Object.entries(servers).map(([key, server]) => [key, () => measure(server, contents[key])])),
    );
  const results = {
    byTag: await measured(rounds, (server) => manifestRate(server, "v1")),
    byDigest: await measured(rounds, (server, { manifest }) => manifestRate(server, manifest)),
    pushed: await measured(transferRounds, pushRate),
    pulled: await measured(transferRounds, pullRate),
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

async function pushRate(server) {
  const blobs = Array.from({ length: transfers }, () => randomBytes(blobBytes));
  const digests = blobs.map(digestOf);
  const start = performance.now();
  for (const [number, blob] of blobs.entries()) await pushBlob(server, blob, digests[number]);
  return mebibytesPerSecond(transfers, start);
}

async function pullRate(server, { blob }) {
  const start = performance.now();
  await pullBlobs(server, blob, transfers);
  return mebibytesPerSecond(transfers, start);
}
