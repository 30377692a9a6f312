import { fork, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { interleave, row } from "./measure.mjs";
import { end, own, startPrinting } from "./processes.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const names = ["ecrkit", "sdk", "floor"];
const calls = 2_000;
const rounds = 7;
const processRounds = 15;
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };

/** One DescribeRepositories call: the client's CPU, and the time of a process that makes only that one. */
export async function benchClient() {
  const server = await startPrinting(file("canned-server.mjs"));
  const cpu = await cpuOfOneCall(server.url);
  const whole = await timeOfOneProcess(server.url);
  await server.stop();
  return [
    row("CPU of one call", "µs", cpu.ecrkit, "@aws-sdk/client-ecr", cpu.sdk, "≤ 0.4"),
    row("CPU of one call", "µs", cpu.ecrkit, "floor (node:http, signed by hand)", cpu.floor),
    row("process: import, client, one call", "ms", whole.ecrkit, "@aws-sdk/client-ecr", whole.sdk, "≤ 0.65"),
    row("process: import, client, one call", "ms", whole.ecrkit, "floor (node:http, signed by hand)", whole.floor),
    row("process: import, client, one call", "ms", whole.ecrkit, "node -e 0", whole.nothing),
  ];
}

async function cpuOfOneCall(url) {
  const clients = [];
  for (const name of names) clients.push([name, await startClient(name, url)]);
  const subjects = Object.fromEntries(clients.map(([name, client]) => [name, () => ask(client, calls)]));
  await interleave(1, subjects);
  const result = await interleave(rounds, subjects);
  for (const [, client] of clients) await end(client);
  return result;
}

async function startClient(name, url) {
  const client = own(fork(file("many-calls.mjs"), [name, url], { env }));
  await answer(client);
  return client;
}

const answer = (client) =>
  new Promise((resolve, reject) => {
    client.once("message", resolve);
    client.once("exit", (code) => reject(new Error(`a client of the bench exited with ${code}`)));
  });

const ask = (client, count) => {
  client.removeAllListeners("exit");
  client.send(count);
  return answer(client);
};

function timeOfOneProcess(url) {
  const time = (...args) => {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"], env });
    if (status !== 0) throw new Error(`node ${args.join(" ")} exited with ${status}`);
    return performance.now() - start;
  };
  const subjects = Object.fromEntries(names.map((name) => [name, () => time(file("one-call.mjs"), name, url)]));
  return interleave(processRounds, { ...subjects, nothing: () => time("-e", "0") });
}
