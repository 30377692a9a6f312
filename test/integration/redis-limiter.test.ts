import { describe, expect, it } from "vitest";
import type { SharingChange } from "../../src/resilience/fleet-link.js";
import type { LimiterKey } from "../../src/resilience/limiter.js";
import { type RedisLimiterOptions, redisLimiter } from "../../src/resilience/redis-limiter.js";
import { eventClock } from "../fixtures/event-clock.js";
import { type RedisDouble, redisDouble } from "../fixtures/redis-double.js";

const KEY: LimiterKey = { account: "123456789012", region: "us-east-1", operation: "ecr:PutImage" };
/** 99 % of it are planned with: twenty calls a second. */
const TWENTY_A_SECOND = { PutImage: 20 / 0.99 };

/** Processes that share a Redis, and what became of their turns. */
function fleet(processes: number, options: RedisLimiterOptions = {}) {
  const time = eventClock(1);
  const redis: RedisDouble = redisDouble(time);
  const changes: SharingChange["state"][] = [];
  const reasons: unknown[] = [];
  const limiters = Array.from({ length: processes }, () =>
    redisLimiter({
      time,
      client: redis,
      perSecond: TWENTY_A_SECOND,
      onStateChange: ({ state, reason }) => {
        changes.push(state);
        if (reason !== undefined) reasons.push(String(reason));
      },
      ...options,
    }),
  );
  const admitted: number[] = [];
  /** Asks for so many turns at once, in rotation over the processes. */
  const ask = (turns: number, key = KEY): void => {
    for (let n = 0; n < turns; n++)
      void Promise.resolve(limiters[n % processes]?.acquire(key, {})).then(() => admitted.push(time.now()));
  };
  const admittedIn = (fromMs: number, toMs: number): number =>
    admitted.filter((ms) => ms > fromMs && ms <= toMs).length;
  return { time, redis, changes, reasons, limiters, admitted, ask, admittedIn };
}

describe("redisLimiter", () => {
  it("lets all processes together do what one could do alone", async () => {
    const { admittedIn, ask, time } = fleet(4);
    ask(100);
    await time.runUntil(10_000);
    expect([admittedIn(0, 10), admittedIn(10, 1_010), admittedIn(1_010, 2_010), admittedIn(0, 10_000)]).toEqual([
      11, 20, 20, 100,
    ]);
  });

  it("lets the others know what one has learned from a throttle", async () => {
    const { ask, limiters, time } = fleet(2);
    ask(2);
    await time.runUntil(100);
    limiters[0]?.succeeded(KEY);
    for (let n = 0; n < 4; n++) limiters[0]?.succeeded(KEY);
    limiters[0]?.throttled(KEY);
    await time.runUntil(200);
    ask(20);
    await time.runUntil(300);
    const rates = limiters.map((limiter) => limiter.waiting()[0]?.perSecond);
    expect(rates[0]).toBeLessThan(20);
    expect(rates[0]).toBe(rates[1]);
  });

  it("learns of a limit to what was not limited, from a process that met it", async () => {
    const { limiters, redis, time } = fleet(2);
    const key = { ...KEY, operation: "ecr:DescribeImages" };
    const [first, second] = limiters;
    for (let n = 0; n < 50; n++) first?.succeeded(key);
    expect([first?.acquire(key, {}), second?.acquire(key, {})]).toEqual([0, 0]);
    await time.runUntil(500);
    first?.throttled(key);
    await time.runUntil(1_000);
    expect(second?.acquire(key, {})).toBe(0);
    await time.runUntil(1_100);
    const turn = second?.acquire(key, {});
    expect(turn).toBeInstanceOf(Promise);
    expect(second?.waiting()[0]?.perSecond).toBeGreaterThan(100);
    await time.runUntil(1_200);
    await expect(turn).resolves.toBe(1);
    // Two looks at first, the throttle's own two, one look in the next second, one booking.
    expect(redis.calls).toBe(6);
  });

  it("loses no turn to one who gave up", async () => {
    const { admittedIn, ask, limiters, time } = fleet(1);
    ask(11);
    await time.runUntil(20);
    const abort = new AbortController();
    const turn = limiters[0]?.acquire(KEY, { signal: abort.signal });
    ask(1);
    await time.runUntil(30);
    abort.abort("enough");
    await expect(turn).rejects.toBe("enough");
    await time.runUntil(2_000);
    expect(admittedIn(20, 60)).toBe(1);
  });

  it("ends a call whose turn would not come before its deadline", async () => {
    const { ask, limiters, time } = fleet(1);
    ask(30);
    await time.runUntil(20);
    await expect(limiters[0]?.acquire(KEY, { deadlineMs: time.now() + 300 })).rejects.toMatchObject({
      kind: "Throttled",
      operation: "PutImage",
    });
  });

  it("keeps apart what has another prefix", async () => {
    const { limiters, redis, time } = fleet(1);
    const other = redisLimiter({ time, client: redis, perSecond: TWENTY_A_SECOND, prefix: "other" });
    let admitted = 0;
    for (const limiter of [...limiters, other])
      for (let n = 0; n < 11; n++) void Promise.resolve(limiter.acquire(KEY, {})).then(() => admitted++);
    await time.runUntil(20);
    expect(admitted).toBe(22);
  });
});

describe("while Redis does not answer", () => {
  it("holds a call up for no longer than a quarter of a second, and says so once", async () => {
    const { admitted, ask, changes, reasons, redis, time } = fleet(1);
    redis.isUp = false;
    ask(1);
    await time.runUntil(1_000);
    ask(1);
    await time.runUntil(8_000);
    ask(1);
    await time.runUntil(10_000);
    expect(admitted).toEqual([250, 1_000, 8_000]);
    expect([changes, reasons]).toEqual([["alone"], ["Error: no answer within 250 ms"]]);
  });

  it("keeps each process to its share of the rate", async () => {
    const { admittedIn, ask, redis, time } = fleet(4);
    ask(8);
    await time.runUntil(1_000);
    redis.isUp = false;
    ask(400);
    await time.runUntil(10_000);
    // Five calls a second of each, and what could come at once.
    expect([admittedIn(2_000, 3_000), admittedIn(5_000, 10_000)]).toEqual([20, 100]);
  });

  it("goes by what the throttles of the process itself say", async () => {
    const { ask, limiters, redis, time } = fleet(1);
    redis.isUp = false;
    ask(3);
    await time.runUntil(500);
    for (let n = 0; n < 3; n++) limiters[0]?.succeeded(KEY);
    limiters[0]?.throttled(KEY);
    ask(20);
    await time.runUntil(600);
    expect(limiters[0]?.waiting()[0]?.perSecond).toBeLessThan(20);
  });

  it("looks for it every five seconds, and shares again once it is back", async () => {
    const { admittedIn, ask, changes, redis, time } = fleet(2);
    redis.isUp = false;
    ask(200);
    await time.runUntil(2_000);
    const calls = redis.calls;
    await time.runUntil(4_900);
    expect(redis.calls).toBe(calls);
    redis.isUp = true;
    ask(200);
    await time.runUntil(16_000);
    expect(changes).toEqual(["alone", "alone", "shared", "shared"]);
    // Until they have met, each takes itself for the only one.
    expect([admittedIn(2_000, 4_000), admittedIn(7_000, 12_000)]).toEqual([80, 100]);
  });

  it("does not let a listener fail the calls", async () => {
    const { admitted, ask, redis, time } = fleet(1, {
      onStateChange: () => {
        throw new Error("no");
      },
    });
    redis.isUp = false;
    ask(1);
    await time.runUntil(1_000);
    expect(admitted).toEqual([250]);
  });
});

describe("options", () => {
  const client = redisDouble(eventClock(1));
  it.each<[string, object, string]>([
    ["neither", {}, "a shared limiter takes either a url, such as redis://localhost:6379, or a client"],
    [
      "both",
      { url: "redis://h", client },
      "a shared limiter takes either a url, such as redis://localhost:6379, or a client",
    ],
    ["another protocol", { url: "http://user:secret@h" }, "limiter.url must begin with redis:// or rediss://"],
    [
      "no client",
      { client: {} },
      "limiter.client must be a Redis client with eval and evalsha, such as one of ioredis",
    ],
    [
      "a misspelt name",
      { uri: "x" },
      "uri is not an option of limiter; it knows perSecond, time, url, client, prefix, onStateChange",
    ],
    ["no rate", { client, perSecond: { PutImage: -1 } }, "limiter.perSecond.PutImage must be a number above 0, got -1"],
  ])("refuses %s", (_, options, message) => {
    expect(() => redisLimiter(options)).toThrow(
      expect.objectContaining({ kind: "InvalidParameter", message }) as Error,
    );
  });
});
