import { describe, expect, it } from "vitest";
import { type RateLimiter, rateLimiter } from "../../src/resilience/limiter.js";
import { redisLimiter } from "../../src/resilience/redis-limiter.js";
import type { Time } from "../../src/time.js";
import { runFleet } from "../fixtures/fleet.js";
import { redisDouble } from "../fixtures/redis-double.js";

// Ten workers without a rest, against a service that counts as AWS says it does, on a clock that jumps: exact, and the same each time.

const alone = (time: Time): readonly RateLimiter[] => [rateLimiter({ time })];
const sharing = (time: Time): readonly RateLimiter[] => {
  const client = redisDouble(time);
  return [1, 2, 3, 4].map(() => redisLimiter({ time, client }));
};

/** Operation, AWS's quota, and answers so fast that ten workers could make more calls than that. */
const OPERATIONS: readonly [string, number, readonly [number, number]][] = [
  ["ecr-public:UploadLayerPart", 260, [15, 35]],
  ["ecr:UploadLayerPart", 500, [5, 15]],
  ["ecr:BatchCheckLayerAvailability", 1_000, [3, 8]],
  ["ecr:BatchGetImage", 2_000, [1, 4]],
  ["ecr:GetDownloadUrlForLayer", 3_000, [1, 3]],
];
/** The two fastest take the fleet longer than a test of every day may: see test/soak. */
const OF_EVERY_DAY = OPERATIONS.slice(0, 3);

describe.each([
  ["one process", alone, OPERATIONS],
  ["four processes that share a Redis", sharing, OF_EVERY_DAY],
])("from the 15th to the 75th second, %s", (_, limiters, operations) => {
  it.each(operations)(
    "makes 99 of 100 calls of %s that AWS allows, and none is refused",
    { timeout: 60_000 },
    async (operation, allowed, latencyMs) => {
      const { share, throttled } = await runFleet({ limiters, operation, allowed, latencyMs });
      expect([Number(share.toFixed(3)), throttled]).toEqual([0.99, 0]);
    },
  );

  it.each(operations)(
    "makes 90 to 100 of 100 calls of %s when half the quota is allowed, with less than one refused",
    { timeout: 60_000 },
    async (operation, quota, latencyMs) => {
      const { share, throttled } = await runFleet({ limiters, operation, allowed: quota / 2, latencyMs });
      expect(share).toBeGreaterThanOrEqual(0.9);
      expect(share).toBeLessThanOrEqual(1);
      expect(throttled).toBeLessThan(0.01);
    },
  );
});

describe("a service that holds more or less at once than a second's worth", () => {
  it.each([0.2, 3, 10])("is found out as well: %d s", { timeout: 60_000 }, async (depthS) => {
    const fleet = {
      limiters: alone,
      operation: "ecr:UploadLayerPart",
      allowed: 250,
      latencyMs: [5, 15],
      depthS,
    } as const;
    const { share, throttled } = await runFleet(fleet);
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(throttled).toBeLessThan(0.01);
  });
});

describe("four processes without a Redis", () => {
  it("find their way too, each by its own throttles", { timeout: 60_000 }, async () => {
    const limiters = (time: Time): readonly RateLimiter[] => [1, 2, 3, 4].map(() => rateLimiter({ time }));
    const { share, throttled, byProcess } = await runFleet({
      limiters,
      operation: "ecr:UploadLayerPart",
      allowed: 500,
      latencyMs: [5, 15],
    });
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(throttled).toBeLessThan(0.01);
    expect(Math.min(...byProcess) / Math.max(...byProcess)).toBeGreaterThan(0.3);
  });
});

describe("a limit that rises again", () => {
  it("is found within three minutes, when it is eight times what it was", { timeout: 60_000 }, async () => {
    const { share } = await runFleet(
      {
        limiters: alone,
        operation: "ecr:UploadLayerPart",
        allowed: 480,
        allowedAtFirst: { perSecond: 60, untilS: 30 },
        latencyMs: [5, 15],
      },
      210,
      270,
    );
    expect(share).toBeGreaterThanOrEqual(0.9);
  });
});
