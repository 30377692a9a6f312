import { afterAll, beforeAll, expect, it } from "vitest";
import { type Chance, chanceOf } from "./chance.js";
import { type Client, createClient, Refused } from "./client.js";
import { checkRepository } from "./crash/check.js";
import { leftovers } from "./crash/garbage.js";
import { createLedger, type Ledger } from "./crash/ledger.js";
import { pusher } from "./crash/pusher.js";
import { form, say, seed } from "./form.js";
import { createSandbox, type Sandbox } from "./sandbox.js";
import { type ServerProcess, startServer } from "./server.js";

const ROUNDS = form(200, 8);
const ACCOUNT = "123456789012";
const ledgers: readonly Ledger[] = Array.from({ length: 8 }, (_, at) => createLedger(`crash/pusher-${at}`));

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(() => sandbox.remove());

/** Work for all repositories at once, each with a client of its own. */
async function forAll(
  { port }: ServerProcess,
  work: (client: Client, ledger: Ledger) => Promise<unknown>,
): Promise<void> {
  const one = async (ledger: Ledger): Promise<void> => {
    const client = createClient(port, ACCOUNT);
    try {
      await work(client, ledger);
    } finally {
      client.close();
    }
  };
  await Promise.all(ledgers.map(one));
}

/** Lets everybody push until the server is killed, 0.2 to 1 second after the first push. */
async function interrupted(server: ServerProcess, chance: Chance): Promise<void> {
  const seeds = new Map(ledgers.map(({ repository }) => [repository, chance.below(2 ** 31)]));
  const pushing = forAll(server, async (client, ledger) => {
    try {
      await pusher(client, ledger, chanceOf(seeds.get(ledger.repository) ?? 0));
    } catch (error) {
      // The connection breaks off when the server is killed; an answer that is no success is another matter.
      if (error instanceof Refused || !Object.hasOwn(Object(error), "code")) throw error;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 200 + chance.below(800)));
  await server.kill();
  await pushing;
}

it(`what was acknowledged survives ${ROUNDS} times kill -9, the rest is whole or not there, and what nobody has goes`, async () => {
  const chance = chanceOf(seed);
  const readyMs: number[] = [];
  const start = async (): Promise<ServerProcess> => {
    const server = await startServer(["--data", sandbox.data], sandbox);
    readyMs.push(server.readyMs);
    return server;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const server = await start();
    if (round === 0)
      await forAll(server, (client, { repository }) => client.call("CreateRepository", { repositoryName: repository }));
    else await forAll(server, (client, ledger) => checkRepository(client, ledger, "latest"));
    await interrupted(server, chance);
    expect(server.complaints()).toBe("");
  }
  const server = await start();
  await forAll(server, (client, ledger) => checkRepository(client, ledger, "all"));
  const client = createClient(server.port, ACCOUNT);
  expect(await leftovers(client, sandbox.data, ledgers)).toEqual([]);
  client.close();
  expect(await server.stop()).toBe(0);
  expect(sandbox.strays()).toEqual([]);
  say(figures(readyMs));
});

function figures(readyMs: number[]): string {
  const sum = (count: (ledger: Ledger) => number): number => ledgers.reduce((all, ledger) => all + count(ledger), 0);
  const acknowledged = sum((ledger) => ledger.acknowledged);
  expect(acknowledged).toBeGreaterThan(ROUNDS);
  const times = readyMs.toSorted((a, b) => a - b).map(Math.round);
  return `crash: ${ROUNDS} times kill -9 under ${ledgers.length} clients (seed ${seed}): ${acknowledged} changes acknowledged, all intact; ${sum(({ cutOff }) => cutOff)} cut off, of which ${sum(({ done }) => done)} had been done, none torn; ready after ${times[times.length >> 1]} ms, at most ${times.at(-1)} ms; no file left of what was deleted`;
}
