import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLocalEcr, type LocalEcr } from "../../src/local.js";
import { barrage } from "../soak/hostile/barrage.js";
import { createWorld, requireGood, type World } from "../soak/hostile/world.js";

/** The long form is in test/soak; these are the first of its seeds. */
const ATTACKS = 2_000;

let local: LocalEcr;
let world: World;
let port: number;
const warnings: Error[] = [];
const onWarning = (warning: Error): void => {
  warnings.push(warning);
};
beforeAll(async () => {
  process.on("warning", onWarning);
  local = createLocalEcr();
  ({ port } = await local.listen({ port: 0 }));
  world = await createWorld(port, "no-such-secret");
});
afterAll(async () => {
  process.off("warning", onWarning);
  await local.close();
});

it(`answers ${ATTACKS} hostile requests without a fault of its own, and a good one afterwards`, async () => {
  const openFiles = (): number => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);
  const before = openFiles();
  expect(await barrage(port, world, { first: 0, count: ATTACKS })).toEqual([]);
  await requireGood(port);
  expect(warnings).toEqual([]);
  await local.close();
  expect(openFiles()).toBeLessThanOrEqual(before);
}, 60_000);
