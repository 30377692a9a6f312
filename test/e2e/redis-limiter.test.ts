import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { LimiterKey } from "../../src/resilience/limiter.js";
import { redisLimiter } from "../../src/resilience/redis-limiter.js";
import { type RedisClient, redisPace } from "../../src/resilience/redis-pace.js";
import type { BookingAsk } from "../../src/resilience/shared-pace.js";
import { systemTime } from "../../src/time.js";
import { describeWithRedis, type RedisServer, startRedis } from "../fixtures/redis.js";
import { redisDouble } from "../fixtures/redis-double.js";

const KEY: LimiterKey = { account: "123456789012", region: "us-east-1", operation: "ecr:PutImage" };

describeWithRedis("a limiter shared through a real Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const withClient = async (work: (client: RedisClient) => Promise<void>): Promise<void> => {
    const client = new Redis(redis.url);
    try {
      await work(client);
    } finally {
      client.disconnect();
    }
  };

  it("books as the double of the tests in virtual time does", () =>
    withClient(async (client) => {
      const double = redisDouble(systemTime, () => 0);
      const asks: BookingAsk[] = [
        { turns: 0, perSecond: 10, law: "", accepted: 0 },
        { turns: 3, perSecond: 10, law: "", accepted: 2 },
        { turns: 2, perSecond: 10, law: "", accepted: 4 },
        { turns: 2, perSecond: 10, law: "another", accepted: 1 },
      ];
      const traceOf = async (redisLike: RedisClient): Promise<unknown> => {
        const [first, second] = ["one", "two"].map((id) => redisPace(() => redisLike, "trace", id));
        const seen: unknown[] = [];
        let beforeMs: number | undefined;
        const book = async (pace = first, ask?: BookingAsk): Promise<void> => {
          if (pace === undefined || ask === undefined) return;
          const { accepted, firstMs, law, nowMs, processes } = await pace.book(ask);
          const { calls, sinceCut } = accepted;
          // After the turns that were booked before, which is exact however long this takes; the first ones after now.
          const afterMs = firstMs === undefined ? undefined : Math.round(firstMs - (beforeMs ?? nowMs));
          beforeMs = firstMs ?? beforeMs;
          seen.push({ calls, sinceCut, law, processes, afterMs });
        };
        for (const ask of asks) await book(first, ask);
        await second?.amend("other", "100 5", true);
        await book(second, asks[1]);
        await second?.amend("", "100 5", true);
        await book(first, asks[1]);
        await book(first, { turns: 1, perSecond: 10, law: "100 5", accepted: 1 });
        await second?.amend("100 5", "200 6", false);
        await book(second, { turns: 1, perSecond: 10, law: "200 6", accepted: 1 });
        return seen;
      };
      const real = await traceOf(client);
      expect(real).toEqual(await traceOf(double));
      expect(real).toEqual([
        { calls: 0, sinceCut: false, law: "", processes: 1, afterMs: undefined },
        { calls: 0, sinceCut: false, law: "", processes: 1, afterMs: -500 },
        { calls: 4, sinceCut: false, law: "", processes: 1, afterMs: 300 },
        { calls: 5, sinceCut: false, law: "", processes: 1, afterMs: undefined },
        { calls: 7, sinceCut: false, law: "", processes: 2, afterMs: 200 },
        { calls: 2, sinceCut: true, law: "100 5", processes: 2, afterMs: undefined },
        { calls: 3, sinceCut: true, law: "100 5", processes: 2, afterMs: 300 },
        { calls: 4, sinceCut: true, law: "200 6", processes: 2, afterMs: 100 },
      ]);
    }));

  it("leaves nothing in Redis for ever", () =>
    withClient(async (client) => {
      const pace = redisPace(() => client, "kept", "one");
      await pace.book({ turns: 1, perSecond: 10, law: "", accepted: 0 });
      const ttls = await client.eval(
        "return {redis.call('PTTL', KEYS[1]), redis.call('PTTL', KEYS[2])}",
        2,
        ...keysOf("kept"),
      );
      expect((ttls as number[]).every((ms) => ms > 3_590_000 && ms <= 3_600_000)).toBe(true);
    }));

  it("goes on when Redis ends", async () => {
    const own = await startRedis();
    const changes: string[] = [];
    const limiter = redisLimiter({ url: own.url, onStateChange: ({ state }) => changes.push(state) });
    try {
      await limiter.acquire(KEY, {});
      expect(changes).toEqual([]);
      await own.stop();
      await limiter.acquire(KEY, {});
      expect(changes).toEqual(["alone"]);
    } finally {
      await limiter.close();
    }
  });

  it("keeps four processes together within the rate of one", async () => {
    const seconds = 6;
    const { counts, lastedS } = await runProcesses(redis.url, {
      operation: "ecr:UploadLayerPart",
      allowed: 500,
      seconds,
    });
    const accepted = counts.reduce((sum, each) => sum + each.accepted, 0);
    const refused = counts.reduce((sum, each) => sum + each.refused, 0);
    const share = (accepted / (500 * lastedS)).toFixed(3);
    console.log(`four processes in ${lastedS.toFixed(1)} s: ${share} of the allowed rate, ${refused} refused`, counts);
    expect(accepted + refused).toBeLessThanOrEqual(500 * (lastedS + 1));
    expect(counts.every((each) => each.accepted > 0)).toBe(true);
  });
});

const keysOf = (name: string): string[] => [`{${name}}:pace`, `{${name}}:processes`];

interface Counts {
  readonly accepted: number;
  readonly refused: number;
}

/** Four processes with ten workers in all, against a service in this one. */
async function runProcesses(
  redisUrl: string,
  { operation, allowed, seconds }: { operation: string; allowed: number; seconds: number },
): Promise<{ readonly counts: readonly Counts[]; readonly lastedS: number }> {
  let tokens = allowed;
  let firstMs: number | undefined;
  let atMs = performance.now();
  const service = createServer((_, response) => {
    const nowMs = performance.now();
    firstMs ??= nowMs;
    tokens = Math.min(allowed, tokens + ((nowMs - atMs) * allowed) / 1000);
    atMs = nowMs;
    if (tokens >= 1) tokens -= 1;
    else response.statusCode = 429;
    response.end();
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  try {
    const dist = pathToFileURL("dist/resilience.js").href;
    const given = [dist, redisUrl, `http://127.0.0.1:${port}/`, operation];
    const counts = await Promise.all(
      [3, 3, 2, 2].map(async (workers) => {
        const args = ["test/e2e/redis-worker.mjs", ...given, String(workers), String(seconds)];
        const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
        return JSON.parse(await outputOf(child)) as Counts;
      }),
    );
    return { counts, lastedS: (atMs - (firstMs ?? atMs)) / 1000 };
  } finally {
    service.close();
  }
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await new Promise((resolve) => child.once("close", resolve));
  return output;
}
