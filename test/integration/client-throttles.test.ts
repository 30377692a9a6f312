import { afterEach, describe, expect, it } from "vitest";
import {
  createEcrClient,
  type EcrClient,
  type EcrClientConfig,
  EcrError,
  type ManualTime,
  manualTime,
} from "../../src/index.js";
import { createLocalEcr, type LocalEcr, simulate } from "../../src/local.js";

const CALLS = 10_000;
const open: LocalEcr[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((local) => local.close()));
});

/** Chance that repeats itself (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A client of a local ECR that throttles three calls in ten. */
function setUp(config: EcrClientConfig = {}) {
  const time = manualTime({ random: seeded(7) });
  const throttles = { operation: "DescribeRepositories", rate: 0.3, effect: { kind: "throttle" } } as const;
  const local = createLocalEcr({ time, faults: { seed: 1, faults: [throttles] } });
  open.push(local);
  const ecr = createEcrClient({
    region: "eu-west-1",
    auth: { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" },
    transport: simulate(local),
    time,
    ...config,
  });
  return { ecr, time, requests: () => local.log.entries().at(-1)?.sequence ?? 0 };
}

/** Makes the calls by so many workers, and gives what failed. */
async function callAll(ecr: EcrClient, time: ManualTime, workers: number): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  let left = CALLS;
  let isOver = false;
  const work = async (): Promise<void> => {
    while (left-- > 0) await ecr.call("DescribeRepositories", {}).catch((error: unknown) => failures.push(error));
  };
  const done = Promise.all(Array.from({ length: workers }, work)).then(() => {
    isOver = true;
  });
  while (!isOver) await time.advance("1s");
  await done;
  return failures;
}

const WAYS: readonly (readonly [string, number, EcrClientConfig])[] = [
  ["one worker", 1, {}],
  ["100 workers", 100, {}],
  ["100 workers without a rate limiter", 100, { limiter: false }],
];

describe.each(WAYS)("10,000 calls by %s, three in ten of which are throttled", (_, workers, config) => {
  it("fail in at most 0.4 %, each Throttled after five attempts, and cost at most 1.45 requests", async () => {
    const { ecr, time, requests } = setUp(config);
    const failures = await callAll(ecr, time, workers);
    expect(failures.length).toBeLessThanOrEqual(CALLS * 0.004);
    expect(failures.length).toBeGreaterThan(0);
    expect(requests()).toBeLessThanOrEqual(CALLS * 1.45);
    for (const error of failures) {
      expect(error).toBeInstanceOf(EcrError);
      expect(error).toMatchObject({ kind: "Throttled", attempts: 5, operation: "DescribeRepositories" });
    }
  }, 60_000);

  it("fail not once with ten attempts, and cost at most 1.5 requests", async () => {
    const { ecr, time, requests } = setUp({ ...config, retry: { attempts: { throttle: 10 } } });
    expect(await callAll(ecr, time, workers)).toEqual([]);
    expect(requests()).toBeLessThanOrEqual(CALLS * 1.5);
  }, 60_000);
});
