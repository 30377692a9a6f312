import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Chance, chanceOf } from "./chance.js";
import { type Client, createClient, digestOf } from "./client.js";
import { form, mebibytes, say, seed } from "./form.js";
import { imageOf, pullBlob, pullManifest, pushByApi, pushByV2, type SmallImage } from "./image.js";
import { type ServerProcess, startServer } from "./server.js";

const CLIENTS = form(200, 50);
const SECONDS = form(60, 4);
const ACCOUNT = "123456789012";
const REPOSITORIES = Array.from({ length: 20 }, (_, at) => `load/app-${at}`);

/** How long each push and pull took, in milliseconds. */
interface Times {
  readonly push: number[];
  readonly pull: number[];
}

/** Pushes images of its own and pulls those that others have pushed, each held to its digest, until the time is over. */
async function work(
  client: Client,
  name: string,
  chance: Chance,
  pushed: [string, SmallImage][],
  times: Times,
  untilMs: number,
): Promise<void> {
  for (let count = 0; performance.now() < untilMs; count++) {
    const start = performance.now();
    if (pushed.length === 0 || chance.in(0.2)) {
      const repository = chance.pick(REPOSITORIES);
      const image = imageOf(`${name}-${count}`, chance.bytes(4_000 + chance.below(60_000)));
      await (chance.in(0.7) ? pushByV2 : pushByApi)(client, repository, image, `${name}-${count % 50}`);
      pushed.push([repository, image]);
      times.push.push(performance.now() - start);
      continue;
    }
    const [repository, image] = chance.pick(pushed);
    const manifest = await pullManifest(client, repository, image.digest);
    if (digestOf(manifest) !== image.digest) throw new Error(`a manifest of ${repository} came back with other bytes`);
    const layer = await pullBlob(client, repository, digestOf(image.layer));
    if (!layer.equals(image.layer)) throw new Error(`a layer of ${repository} came back with other bytes`);
    times.pull.push(performance.now() - start);
  }
}

const percentiles = (times: number[]): string => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)} ms`;
};

async function load(server: ServerProcess): Promise<{ readonly times: Times; readonly resident: readonly number[] }> {
  const times: Times = { push: [], pull: [] };
  const pushed: [string, SmallImage][] = [];
  const resident: number[] = [];
  const setUp = createClient(server.port, ACCOUNT);
  for (const repositoryName of REPOSITORIES) await setUp.call("CreateRepository", { repositoryName });
  setUp.close();
  const watch = setInterval(() => resident.push(server.residentBytes()), (SECONDS * 1_000) / 6);
  const untilMs = performance.now() + SECONDS * 1_000;
  const clients = Array.from({ length: CLIENTS }, () => createClient(server.port, ACCOUNT));
  try {
    await Promise.all(clients.map((client, at) => work(client, `c${at}`, chanceOf(seed + at), pushed, times, untilMs)));
  } finally {
    clearInterval(watch);
    for (const client of clients) client.close();
  }
  return { times, resident };
}

describe.each(["in memory", "on disk"])("a local ECR %s", (where) => {
  it(`serves ${CLIENTS} clients for ${SECONDS} s without an error, within its memory`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "ecrkit-load-"));
    const server = await startServer(where === "on disk" ? ["--data", folder] : []);
    try {
      const { times, resident } = await load(server);
      expect(server.complaints()).toBe("");
      expect(times.push.length).toBeGreaterThan(CLIENTS / 2);
      expect(times.pull.length).toBeGreaterThan(CLIENTS);
      // What is kept is small here: layers are on the disk. Thrice this is still far from what a leak of bodies would come to.
      expect(server.peakBytes()).toBeLessThan(1024 * 1024 * 1024);
      const rate = (count: number): string => `${Math.round(count / SECONDS)}/s`;
      say(
        `load ${where}: ${CLIENTS} clients, ${SECONDS} s: ${times.push.length} pushes (${rate(times.push.length)}, ${percentiles(times.push)}), ${times.pull.length} pulls (${rate(times.pull.length)}, ${percentiles(times.pull)}), no error; resident over time ${resident.map(mebibytes).join(", ")}, peak ${mebibytes(server.peakBytes())}`,
      );
      expect(await server.stop()).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 300_000);
});
