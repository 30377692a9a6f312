import { expect, it } from "vitest";
import { rateLimiter } from "../../src/resilience/limiter.js";
import { redisLimiter } from "../../src/resilience/redis-limiter.js";
import { runFleet } from "../fixtures/fleet.js";
import { redisDouble } from "../fixtures/redis-double.js";
import { form } from "./form.js";

// What test/integration/convergence.test.ts shows for one seed, for many of them, for the fastest operations, and for buckets of other depths.

const OPERATIONS: readonly [string, number, readonly [number, number]][] = [
  ["ecr-public:UploadLayerPart", 260, [15, 35]],
  ["ecr-public:UploadLayerPart", 260, [1, 5]],
  ["ecr:UploadLayerPart", 500, [5, 15]],
  ["ecr:UploadLayerPart", 500, [1, 2]],
  ["ecr:BatchCheckLayerAvailability", 1_000, [3, 8]],
  ["ecr:BatchGetImage", 2_000, [1, 4]],
  ["ecr:GetDownloadUrlForLayer", 3_000, [1, 3]],
];

const cases = OPERATIONS.flatMap(([operation, quota, latencyMs]) =>
  [1, 0.5].flatMap((part) =>
    [1, 2].flatMap((depthS) =>
      (["alone", "sharing"] as const).map((kind) => ({ operation, quota, latencyMs, part, depthS, kind })),
    ),
  ),
);

/** The slow ones are for the long form. */
const chosen = form(
  cases,
  cases.filter(({ quota, depthS }) => quota === 500 && depthS === 1),
);

it.each(chosen)("$kind, $part of $quota of $operation, $depthS s deep", { timeout: 600_000 }, async (given) => {
  const { operation, quota, latencyMs, part, depthS, kind } = given;
  for (let seed = 1; seed <= form(5, 1); seed++) {
    const { share, throttled } = await runFleet({
      seed,
      operation,
      latencyMs,
      depthS,
      allowed: quota * part,
      limiters: (time) => {
        if (kind === "alone") return [rateLimiter({ time })];
        const client = redisDouble(time);
        return [1, 2, 3, 4].map(() => redisLimiter({ time, client }));
      },
    });
    console.log(
      `${kind} ${operation} ${part} ${depthS} ${seed}: ${share.toFixed(4)}, ${(100 * throttled).toFixed(3)} %`,
    );
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(share).toBeLessThanOrEqual(1);
    expect(throttled).toBeLessThan(0.01);
  }
});
