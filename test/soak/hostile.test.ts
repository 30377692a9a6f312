import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chanceOf } from "./chance.js";
import { form, mebibytes, say, seed } from "./form.js";
import { barrage } from "./hostile/barrage.js";
import { CROWDS, gather, openAndDrop } from "./hostile/crowds.js";
import { atRest, type Held, held, until, wasSmuggledInto } from "./hostile/watch.js";
import { createWorld, requireGood } from "./hostile/world.js";
import { createSandbox, type Sandbox } from "./sandbox.js";
import { type ServerProcess, startServer } from "./server.js";

const ATTACKS = form(100_000, 1_500);
/** Attacks after which the registry is emptied and filled anew. */
const ROUND = form(5_000, 750);
/** Attacks that fill whatever is filled only once, before anything is measured. */
const WARM_UP = form(5_000, 750);
const CROWD = form(1_000, 100);
const DROPS = form(10_000, 1_000);

/** What a server may hold for each client that stays: the two buffers of a pull, and what Node keeps of a connection. */
const CLIENT_BYTES = 1024 * 1024;
/** What may be in use when all is over, above what was before. */
const KEPT_BYTES = 5 * 1024 * 1024;

describe.each(["in memory", "on disk"])("a local ECR %s", (place) => {
  let sandbox: Sandbox;
  let server: ServerProcess;
  let before: Held;
  beforeAll(async () => {
    sandbox = createSandbox();
    server = await startServer(place === "on disk" ? ["--data", sandbox.data] : [], sandbox);
    const world = await createWorld(server.port, sandbox.secret);
    expect(await barrage(server.port, world, { first: seed, count: WARM_UP })).toEqual([]);
    before = (await atRest(server, sandbox.secret)).held;
  });
  afterAll(() => sandbox.remove());

  /** Holds the server to what it held at first. */
  async function expectAtRest(what: string): Promise<void> {
    await until(() => server.openFiles() <= before.openFiles);
    const after = (await atRest(server, sandbox.secret)).held;
    say(
      `hostile ${place}: ${what}; ${mebibytes(before.usedBytes)} in use before, ${mebibytes(after.usedBytes)} after, ${mebibytes(after.residentBytes)} resident, ${mebibytes(server.peakBytes())} at most; ${after.openFiles} open files`,
    );
    expect(after.openFiles).toBeLessThanOrEqual(before.openFiles);
    expect(after.usedBytes).toBeLessThan(before.usedBytes + KEPT_BYTES);
    expect(sandbox.strays()).toEqual([]);
    expect(server.complaints()).toBe("");
  }

  it(`stands ${ATTACKS} hostile requests: no fault, no request in another, no file elsewhere, no memory, no open file`, async () => {
    for (let done = 0; done < ATTACKS; done += ROUND) {
      const world = await createWorld(server.port, sandbox.secret);
      expect(await barrage(server.port, world, { first: seed + WARM_UP + done, count: ROUND })).toEqual([]);
      await requireGood(server.port);
      expect(await wasSmuggledInto(server)).toBe(false);
    }
    await expectAtRest(`${ATTACKS} attacks from seed ${seed + WARM_UP} on, none succeeded`);
  });

  it.each(Object.entries(CROWDS))(`serves others while ${CROWD} clients %s`, async (what, crowd) => {
    const chance = chanceOf(seed);
    const { world, held: quiet } = await atRest(server, sandbox.secret);
    const sendOff = await gather(server.port, CROWD, () => crowd(chance, world));
    // A crowd that is refused at once never comes to that many.
    await until(() => server.openFiles() >= quiet.openFiles + CROWD, 1_000);
    await requireGood(server.port);
    const limitBytes = quiet.usedBytes + CROWD * CLIENT_BYTES + KEPT_BYTES;
    let there = quiet;
    // What is cut off for all that it sends at once takes a moment to be cleared away.
    await until(async () => {
      there = await held(server);
      return there.usedBytes < limitBytes;
    });
    await sendOff();
    await requireGood(server.port);
    const { usedBytes, openFiles } = there;
    say(
      `hostile ${place}: ${CROWD} clients ${what}: ${mebibytes(usedBytes - quiet.usedBytes)}, ${openFiles} open files`,
    );
    expect(usedBytes).toBeLessThan(limitBytes);
    expect(server.complaints()).toBe("");
  });

  it(`lets go of ${DROPS} connections that are opened and dropped, and of all others`, async () => {
    await openAndDrop(server.port, DROPS, chanceOf(seed), await createWorld(server.port, sandbox.secret));
    await requireGood(server.port);
    await expectAtRest(`${DROPS} connections opened and dropped`);
    expect(await server.stop()).toBe(0);
  });
});
