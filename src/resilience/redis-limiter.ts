import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { systemTime } from "../time.js";
import { createFleetLink, type SharingChange } from "./fleet-link.js";
import { ceilings, type LimiterOptions, lanes, type RateLimiter } from "./limiter.js";
import { invalid, requireNames } from "./options.js";
import { type RedisClient, redisPace } from "./redis-pace.js";
import { sharedTurns } from "./shared-turns.js";

/** How a fleet shares its limits. Either `url` or `client` is given. */
export interface RedisLimiterOptions extends LimiterOptions {
  /** Such as `redis://localhost:6379`, or `rediss://` for TLS. Takes the package `ioredis`, which is loaded for it alone. */
  readonly url?: string | undefined;
  /** A client of your own, which stays yours to close. */
  readonly client?: RedisClient | undefined;
  /** What the names of the keys begin with: processes with the same one share their limits. @default "ecrkit:limiter" */
  readonly prefix?: string | undefined;
  /** Called when Redis cannot be reached and when it is back. @default a process warning the first time it cannot */
  readonly onStateChange?: ((change: SharingChange) => void) | undefined;
}

const OPTIONS: readonly string[] = ["perSecond", "time", "url", "client", "prefix", "onStateChange"];

/**
 * A limiter whose rates all processes with the same Redis share: together they make the calls that one process could make alone, and what
 * one learns from a throttle all go by. While Redis does not answer, each keeps to its share of the rates by itself; no call fails
 * or waits for Redis longer than a quarter of a second.
 *
 * @throws {EcrError} kind `InvalidParameter` when an option is not what it must be, or `ioredis` is not installed
 */
export function redisLimiter(options: RedisLimiterOptions): Required<RateLimiter> {
  requireNames("limiter", options, OPTIONS, '{ url: "redis://localhost:6379" }');
  const { perSecond, time = systemTime, prefix = "ecrkit:limiter", onStateChange = warnOnce() } = options;
  const ceilingOf = ceilings(perSecond);
  const { client, close } = connected(options);
  const link = createFleetLink(time, (change) => {
    try {
      onStateChange(change);
    } catch {
      // Whoever watches does not fail the calls.
    }
  });
  const processId = randomUUID();
  return {
    ...lanes(time, ({ account, region, operation }, wake) => {
      const pace = redisPace(client, `${prefix}:${account}:${region}:${operation}`, processId);
      return sharedTurns({ ceiling: ceilingOf(operation), pace, link, time, wake });
    }),
    close,
  };
}

interface Connected {
  readonly client: () => RedisClient;
  readonly close: () => Promise<void>;
}

function connected({ url, client }: RedisLimiterOptions): Connected {
  if ((url === undefined) === (client === undefined))
    throw invalid("a shared limiter takes either a url, such as redis://localhost:6379, or a client");
  if (client !== undefined) {
    if (typeof client.eval !== "function" || typeof client.evalsha !== "function")
      throw invalid("limiter.client must be a Redis client with eval and evalsha, such as one of ioredis");
    return { client: () => client, close: async () => {} };
  }
  if (typeof url !== "string" || !/^rediss?:\/\//.test(url))
    throw invalid("limiter.url must begin with redis:// or rediss://");
  return connectionTo(url);
}

/** The part of ioredis's own client that is used beside {@link RedisClient}. */
interface IoRedis extends RedisClient {
  on(event: "error", listener: (error: Error) => void): unknown;
  disconnect(): void;
}

/** Connects on first use. */
function connectionTo(url: string): Connected {
  const Redis = ioredis();
  let open: IoRedis | undefined;
  const connect = (): IoRedis => {
    const redis = new Redis(url, { maxRetriesPerRequest: 1 });
    // Every call says by itself what went wrong with it.
    redis.on("error", () => {});
    return redis;
  };
  let isClosed = false;
  return {
    client: () => {
      if (isClosed) throw new Error("the limiter is closed");
      open ??= connect();
      return open;
    },
    close: async () => {
      isClosed = true;
      open?.disconnect();
    },
  };
}

/** Loaded when the first limiter is made, and not imported: where it is missing, whoever asks for a limiter is told so at once. */
function ioredis(): new (url: string, options: { readonly maxRetriesPerRequest: number }) => IoRedis {
  try {
    return createRequire(import.meta.url)("ioredis").Redis;
  } catch (cause) {
    throw invalid(`a limiter shared through Redis takes the package ioredis: npm install ioredis (${String(cause)})`);
  }
}

/** The first time is worth a warning; whoever wants to know more gives a function. */
function warnOnce(): (change: SharingChange) => void {
  let isWarned = false;
  return ({ state, reason }) => {
    if (isWarned || state === "shared") return;
    isWarned = true;
    const why = reason instanceof Error ? reason.message : String(reason);
    process.emitWarning(
      `ecrkit: the rate limiter cannot reach Redis (${why}); until it can, this process keeps to its share of the limits by itself.`,
      { code: "ECRKIT_LIMITER_ALONE" },
    );
  };
}
