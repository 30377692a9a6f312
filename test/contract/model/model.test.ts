import { expect, it } from "vitest";
import { ServiceError } from "../../../src/protocol/service-error.js";
import { testRegistry } from "../../fixtures/local-registry.js";
import type { Draw, Step } from "./draw.js";
import { Model, Refusal } from "./model.js";
import { drawStep } from "./steps.js";

/** Another walk is taken with another seed: `ECRKIT_WALK_SEED=7 npx vitest run test/contract/model`. */
const SEED = Number(process.env["ECRKIT_WALK_SEED"] ?? 1);
const STEPS = 20_000;

/** A linear congruential generator: enough for a walk, and nobody else's. */
function drawFrom(seed: number): Draw {
  let state = BigInt(seed);
  const next = (): number => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return Number(state >> 33n) / 2 ** 31;
  };
  const number = (below: number): number => Math.floor(next() * below);
  return {
    number,
    chance: (share) => next() < share,
    of: (values) => values[number(values.length)] as (typeof values)[number],
  };
}

const orRefusal = async (work: () => unknown): Promise<unknown> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceError) return { refused: error.code };
    if (error instanceof Refusal) return { refused: error.message };
    throw error;
  }
};

it(`a registry answers as a simple model does, through ${STEPS} random operations`, async () => {
  const draw = drawFrom(SEED);
  const local = testRegistry();
  const model = new Model(local.time.now());
  const last: string[] = [];
  const seen = new Map<string, { done: number; refused: number }>();
  for (let at = 0; at < STEPS; at++) {
    const step: Step = drawStep(draw);
    last.push(step.name);
    const real = await orRefusal(() => step.real(local));
    const expected = await orRefusal(() => step.model(model));
    const isRefusal = typeof real === "object" && real !== null && "refused" in real;
    const [kind = ""] = step.name.split(" ");
    const count = seen.get(kind) ?? { done: 0, refused: 0 };
    seen.set(kind, { done: count.done + (isRefusal ? 0 : 1), refused: count.refused + (isRefusal ? 1 : 0) });
    // Compared as text first: an assertion of its own for every step would take most of the time.
    if (JSON.stringify(real) !== JSON.stringify(expected))
      expect(real, `step ${at} with seed ${SEED}; the last ones:\n${last.slice(-12).join("\n")}`).toEqual(expected);
  }
  // A walk that mostly meets refusals would show little.
  for (const [kind, { done }] of seen) expect([kind, done >= 50]).toEqual([kind, true]);
}, 60_000);
