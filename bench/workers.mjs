import { interleave, row } from "./measure.mjs";
import { fill, manifestRate, mebibytesPerSecond, pullBlobs, startEcrkit } from "./registry.mjs";

const rounds = 7;
/** Blobs that each of two clients pulls in one measurement, one after the other. */
const pulls = 8;

/**
 * What a second process behind one port could bring: two clients at one server, and one client at each of two servers that share nothing,
 * which is more than two that had to share a store could do.
 */
export async function benchWorkers() {
  const [one, other] = [await startEcrkit(), await startEcrkit()];
  const blobs = new Map();
  for (const server of [one, other]) blobs.set(server, (await fill(server)).blob);

  const rate = async (...servers) => {
    const rates = await Promise.all(servers.map((server) => manifestRate(server, "v1", { connections: 4 })));
    return rates[0] + rates[1];
  };
  const pull = async (...servers) => {
    const start = performance.now();
    await Promise.all(servers.map((server) => pullBlobs(server, blobs.get(server), pulls)));
    return mebibytesPerSecond(2 * pulls, start);
  };
  const manifests = await interleave(rounds, { single: () => rate(one, one), two: () => rate(one, other) });
  const layers = await interleave(rounds, { single: () => pull(one, one), two: () => pull(one, other) });
  for (const server of [one, other]) await server.stop();
  return [
    row("two processes: manifest GET", "requests/s", manifests.two, "one process", manifests.single),
    row("two processes: blob pull, 40 MiB", "MiB/s", layers.two, "one process", layers.single),
  ];
}
