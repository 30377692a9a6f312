// node bench/telemetry.mjs: what one call costs with an OpenTelemetry SDK registered, beside the same call without one. It needs a build.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { interleave, row } from "./measure.mjs";
import { end, own, startPrinting } from "./processes.mjs";
import { asText } from "./table.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const names = ["ecrkit", "ecrkit-telemetry", "ecrkit-unsampled"];
const calls = 2_000;
const rounds = 7;

/** CPU of one DescribeRepositories call: nine spans and four measurements of each. */
export async function benchTelemetry() {
  const server = await startPrinting(file("canned-server.mjs"));
  const clients = await Promise.all(names.map(async (name) => [name, await startClient(name, server.url)]));
  const subjects = Object.fromEntries(clients.map(([name, client]) => [name, () => ask(client)]));
  await interleave(1, subjects);
  const cpu = await interleave(rounds, subjects);
  for (const [, client] of clients) await end(client);
  await server.stop();
  return [
    row("CPU of one call, SDK registered, every trace recorded", "µs", cpu["ecrkit-telemetry"], "no SDK", cpu.ecrkit),
    row("CPU of one call, SDK registered, no trace recorded", "µs", cpu["ecrkit-unsampled"], "no SDK", cpu.ecrkit),
  ];
}

async function startClient(name, url) {
  const client = own(fork(file("many-calls.mjs"), [name, url]));
  await answer(client);
  return client;
}

const answer = (client) =>
  new Promise((resolve, reject) => {
    client.once("message", resolve);
    client.once("exit", (code) => reject(new Error(`a client of the bench exited with ${code}`)));
  });

const ask = (client) => {
  client.removeAllListeners("exit");
  client.send(calls);
  return answer(client);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(asText(await benchTelemetry()));
  process.exit();
}
