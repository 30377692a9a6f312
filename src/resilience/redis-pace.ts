import { createHash } from "node:crypto";
import type { Booking, BookingAsk, SharedPace } from "./shared-pace.js";
import { KEEPS_MS } from "./turns.js";

/** The part of a Redis client that is used: ioredis has it, and so have others. */
export interface RedisClient {
  eval(script: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
}

/** How long a process that books nothing counts as one of the fleet, in milliseconds. */
const GONE_AFTER_MS = 60_000;
/** How long Redis keeps what nobody uses, in milliseconds. */
const KEPT_FOR_MS = 3_600_000;

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local function exactly(ms) return string.format('%.3f', ms) end`;

const BOOK = `${NOW}
local turns, perSecond, law, reported = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local process, keepsMs, goneAfterMs, keptForMs = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]
redis.call('ZADD', KEYS[2], now, process)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - goneAfterMs)
local kept = redis.call('HMGET', KEYS[1], 'law', 'due', 'accepted', 'since', 'cut')
local shared = kept[1] or ''
local due = tonumber(kept[2] or 0)
local accepted = tonumber(kept[3] or 0) + reported
local since = tonumber(kept[4] or now)
local cut = tonumber(kept[5] or 0)
local first = ''
if turns > 0 and shared == law then
  if due < now - keepsMs then
    due = now - keepsMs
    accepted = 0
    since = now
    cut = 0
  end
  first = exactly(due)
  due = due + turns * 1000 / perSecond
end
redis.call('HSET', KEYS[1], 'due', exactly(due), 'accepted', accepted, 'since', exactly(since), 'cut', cut)
redis.call('PEXPIRE', KEYS[1], keptForMs)
redis.call('PEXPIRE', KEYS[2], keptForMs)
return {exactly(now), shared, accepted, exactly(since), cut, redis.call('ZCARD', KEYS[2]), first}`;

const AMEND = `${NOW}
if (redis.call('HGET', KEYS[1], 'law') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'law', ARGV[2])
if ARGV[3] == '1' then
  local due = math.max(now, tonumber(redis.call('HGET', KEYS[1], 'due') or 0))
  redis.call('HSET', KEYS[1], 'due', exactly(due), 'accepted', 0, 'since', exactly(now), 'cut', 1)
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;

type Run = (...keysAndArguments: (string | number)[]) => Promise<unknown>;

/** A pace that is kept in Redis under `name`, each change of it in one atomic script; `processId` is this one's own name. */
export function redisPace(client: () => RedisClient, name: string, processId: string): SharedPace {
  // Braces keep both keys on one node of a cluster.
  const keys = [`{${name}}:pace`, `{${name}}:processes`];
  const book = script(client, BOOK, keys);
  const amend = script(client, AMEND, keys);
  return {
    async book({ turns, perSecond, law, accepted }: BookingAsk) {
      return bookingOf(await book(turns, perSecond, law, accepted, processId, KEEPS_MS, GONE_AFTER_MS, KEPT_FOR_MS));
    },
    async amend(before, after, isCut) {
      await amend(before, after, isCut ? "1" : "0", KEPT_FOR_MS);
    },
  };
}

/** A script that Redis is sent once, and then called by its digest. */
function script(client: () => RedisClient, source: string, keys: readonly string[]): Run {
  const sha1 = createHash("sha1").update(source).digest("hex");
  return async (...given) => {
    try {
      return await client().evalsha(sha1, keys.length, ...keys, ...given);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
      return client().eval(source, keys.length, ...keys, ...given);
    }
  };
}

function bookingOf(answer: unknown): Booking {
  if (!Array.isArray(answer) || answer.length !== 7)
    throw new TypeError(`Redis answered a booking with ${JSON.stringify(answer)}`);
  const [now, law, calls, since, cut, processes, first] = answer.map(String);
  return {
    nowMs: Number(now),
    law: law ?? "",
    accepted: { calls: Number(calls), sinceMs: Number(since), sinceCut: cut === "1" },
    processes: Number(processes),
    firstMs: first === "" ? undefined : Number(first),
  };
}
