import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LimiterKey, rateLimiter } from "../../src/resilience/limiter.js";
import { redisLimiter } from "../../src/resilience/redis-limiter.js";
import type { Time } from "../../src/time.js";
import { eventClock } from "../fixtures/event-clock.js";
import { redisDouble } from "../fixtures/redis-double.js";

const KEY: LimiterKey = { account: "123456789012", region: "us-east-1", operation: "ecr:PutImage" };

/** Calls as they come: when, for whom, when they give up and how, and how long the answer takes. */
const calls = fc.array(
  fc.record({
    atMs: fc.nat(5_000),
    caller: fc.constantFrom("a", "b", "c"),
    gives: fc.constantFrom("never", "never", "abort", "deadline"),
    patienceMs: fc.integer({ min: 1, max: 3_000 }),
  }),
  { minLength: 1, maxLength: 120 },
);
type Call = (typeof calls extends fc.Arbitrary<infer C> ? C : never)[number];

interface Admitted {
  readonly atMs: number;
  readonly waitedMs: number;
  readonly caller: string;
  readonly order: number;
}

/** Makes the calls, and gives those that were admitted in the order in which they were. */
async function run(all: readonly Call[], time: ReturnType<typeof eventClock>, limiters: readonly Limiter[]) {
  const admitted: Admitted[] = [];
  let rejected = 0;
  const sorted = [...all].sort((a, b) => a.atMs - b.atMs);
  sorted.forEach(async ({ atMs, caller, gives, patienceMs }, order) => {
    await time.sleep(atMs);
    const abort = new AbortController();
    if (gives === "abort") void time.sleep(patienceMs).then(() => abort.abort("enough"));
    const deadlineMs = gives === "deadline" ? time.now() + patienceMs : undefined;
    try {
      const limiter = limiters[order % limiters.length];
      const waitedMs = (await limiter?.acquire(KEY, { caller, signal: abort.signal, deadlineMs })) ?? 0;
      admitted.push({ atMs: time.now(), waitedMs, caller, order });
    } catch {
      rejected++;
    }
  });
  await time.runUntil(600_000);
  return { admitted, rejected };
}

type Limiter = Pick<ReturnType<typeof rateLimiter>, "acquire" | "waiting">;

/** The most calls in any stretch of time beyond what the rate alone allows in it: what came at once. */
function mostAtOnce(admitted: readonly Admitted[], perSecond: number): number {
  return Math.max(
    ...admitted.flatMap((first, index) =>
      admitted.slice(index).map((last, more) => more + 1 - ((last.atMs - first.atMs) / 1000) * perSecond),
    ),
  );
}

const kinds: readonly [string, number, (time: Time, perSecond: number) => readonly Limiter[]][] = [
  // Half a second's worth and the one that begins it.
  ["alone", 1, (time, rate) => [rateLimiter({ time, perSecond: { PutImage: rate / 0.99 } })]],
  [
    "shared by three processes",
    // What each may have booked a little ahead.
    4,
    (time, rate) => {
      const client = redisDouble(time);
      return [1, 2, 3].map(() => redisLimiter({ time, client, perSecond: { PutImage: rate / 0.99 } }));
    },
  ],
];

describe.each(kinds)("a limiter %s", (_, slack, make) => {
  const rates = fc.constantFrom(2, 10, 50);
  const holds = (check: (parts: { all: readonly Call[]; rate: number; seed: number }) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(calls, rates, fc.nat(1_000), (all, rate, seed) => check({ all, rate, seed })),
      {
        numRuns: 40,
      },
    );

  it("never lets more come than its bucket holds and gains, in any stretch of time", () =>
    holds(async ({ all, rate, seed }) => {
      const time = eventClock(seed);
      const { admitted } = await run(all, time, make(time, rate));
      expect(mostAtOnce(admitted, rate)).toBeLessThanOrEqual(rate / 2 + slack + 1e-6);
    }));

  it("answers every call once, and keeps nobody waiting for ever", () =>
    holds(async ({ all, rate, seed }) => {
      const time = eventClock(seed);
      const limiters = make(time, rate);
      const { admitted, rejected } = await run(all, time, limiters);
      expect(admitted.length + rejected).toBe(all.length);
      expect(limiters.flatMap((limiter) => limiter.waiting())).toEqual([]);
      const patient = all.filter(({ gives }) => gives === "never").length;
      expect(admitted.length).toBeGreaterThanOrEqual(patient);
    }));
});

describe("callers of a limiter", () => {
  it("are served in turns: between two calls of one that waits, each other that waits has one", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(30), { minLength: 2, maxLength: 5 }), async (counts) => {
        const time = eventClock(1);
        const limiter = rateLimiter({ time, perSecond: { PutImage: 10 / 0.99 } });
        for (let n = 0; n < 6; n++) limiter.acquire(KEY, {});
        const order: number[] = [];
        counts.forEach((count, caller) => {
          for (let n = 0; n < count; n++)
            void Promise.resolve(limiter.acquire(KEY, { caller: String(caller) })).then(() => order.push(caller));
        });
        await time.runUntil(60_000);
        const expected: number[] = [];
        for (let round = 0; round < 30; round++)
          counts.forEach((count, caller) => {
            if (count > round) expected.push(caller);
          });
        expect(order).toEqual(expected);
      }),
    ));
});
