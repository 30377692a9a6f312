import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { EcrError } from "../errors.js";
import { systemTime, type Time } from "../time.js";
import { type CacheEntry, type CacheStore, TURN_LIFE_MS, TURN_WAIT_MS } from "./store.js";
import { turnsByKey } from "./turns.js";

/** The part of a Redis client that is used, in ioredis's words. */
export interface RedisCommands {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ...options: string[]): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndValues: string[]): Promise<unknown>;
}

/** Options of {@link redisCacheStore}. Either `url` or `client` is given. */
export interface RedisCacheOptions {
  /** Such as `redis://localhost:6379`, or `rediss://` for TLS. Takes the package `ioredis`, which is loaded for it alone. */
  readonly url?: string | undefined;
  /** A client of your own, which stays yours to close. */
  readonly client?: RedisCommands | undefined;
  /** What the names of the keys begin with. @default "ecrkit:cache" */
  readonly prefix?: string | undefined;
  /** Called with why Redis cannot be reached, each time. @default a process warning the first time */
  readonly onFailure?: ((reason: unknown) => void) | undefined;
  /** @default the machine's own */
  readonly time?: Time | undefined;
}

/** How often a caller looks whether the turn has been given back, in milliseconds. */
const LOOK_MS = 25;

/** Gives a turn back, unless it was taken over meanwhile. */
const RELEASE = 'if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0';

/**
 * A store that all machines with the same Redis share. With tokens in it, who can read that Redis can log in for twelve hours. While Redis
 * does not answer it holds nothing.
 *
 * @throws {EcrError} kind `InvalidParameter` when an option is not what it must be, or `ioredis` is not installed
 */
export function redisCacheStore(options: RedisCacheOptions): CacheStore {
  const { prefix = "ecrkit:cache", onFailure = warnOnce(), time = systemTime } = options;
  const { client, close } = connected(options);
  const turns = turnsByKey();
  const nameOf = (key: string): string => `${prefix}:${key}`;
  const ask = async <T>(question: (redis: RedisCommands) => Promise<T>): Promise<T | undefined> => {
    try {
      return await question(client());
    } catch (reason) {
      onFailure(reason);
      return undefined;
    }
  };

  const inTurn = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const name = nameOf(`turn:${key}`);
    const mine = randomUUID();
    const untilMs = time.now() + TURN_WAIT_MS;
    const take = () => ask((redis) => redis.set(name, mine, "PX", String(TURN_LIFE_MS), "NX"));
    let taken = await take();
    // `null` says that somebody else has it, `undefined` that Redis does not answer.
    while (taken === null && time.now() < untilMs) {
      await time.sleep(LOOK_MS);
      taken = await take();
    }
    try {
      return await work();
    } finally {
      if (taken) await ask((redis) => redis.eval(RELEASE, 1, name, mine));
    }
  };

  return {
    async get(key) {
      const text = await ask((redis) => redis.get(nameOf(key)));
      return typeof text === "string" ? entryOf(text, time.now()) : undefined;
    },
    async set(key, entry) {
      const leftMs = entry.expiresAtMs === undefined ? undefined : Math.ceil(entry.expiresAtMs - time.now());
      if (leftMs !== undefined && leftMs <= 0) return;
      const life = leftMs === undefined ? [] : ["PX", String(leftMs)];
      await ask((redis) => redis.set(nameOf(key), JSON.stringify(entry), ...life));
    },
    async delete(key) {
      await ask((redis) => redis.del(nameOf(key)));
    },
    exclusively: (key, work) => turns(key, () => inTurn(key, work)),
    close,
  };
}

/** What a text of Redis says; another program's says nothing. By our own clock too, which may be moved in tests. */
function entryOf(text: string, nowMs: number): CacheEntry | undefined {
  try {
    const { value, expiresAtMs }: Partial<CacheEntry> = JSON.parse(text);
    if (typeof value !== "string") return undefined;
    if (expiresAtMs !== undefined && !(typeof expiresAtMs === "number" && nowMs < expiresAtMs)) return undefined;
    return { value, expiresAtMs };
  } catch {
    return undefined;
  }
}

interface Connected {
  readonly client: () => RedisCommands;
  readonly close: () => Promise<void>;
}

/** The part of ioredis's own client that is used beside {@link RedisCommands}. */
interface IoRedis extends RedisCommands {
  on(event: "error", listener: (error: Error) => void): unknown;
  disconnect(): void;
}

function connected({ url, client }: RedisCacheOptions): Connected {
  if ((url === undefined) === (client === undefined))
    throw invalid("a cache in Redis takes either a url, such as redis://localhost:6379, or a client");
  if (client !== undefined) {
    const isClient = ["get", "set", "del", "eval"].every(
      (name) => typeof (client as unknown as Readonly<Record<string, unknown>>)[name] === "function",
    );
    if (!isClient) throw invalid("client must be a Redis client with get, set, del and eval, such as one of ioredis");
    return { client: () => client, close: async () => undefined };
  }
  // The URL itself is not told: it may carry a password.
  if (!/^rediss?:\/\//.test(String(url))) throw invalid("url must begin with redis:// or rediss://");
  return connectionTo(String(url));
}

/** Connects on first use. */
function connectionTo(url: string): Connected {
  const Redis = ioredis();
  let open: IoRedis | undefined;
  let isClosed = false;
  return {
    client() {
      if (isClosed) throw new Error("the cache's store is closed");
      if (open === undefined) {
        // A command that cannot be sent at once fails, and the cache does without.
        open = new Redis(url, { maxRetriesPerRequest: 1, commandTimeout: 1_000 });
        open.on("error", () => undefined);
      }
      return open;
    },
    async close() {
      isClosed = true;
      open?.disconnect();
    },
  };
}

/** Loaded when the first store is made, and not imported: where it is missing, whoever asks for a store is told so at once. */
function ioredis(): new (url: string, options: Readonly<Record<string, number>>) => IoRedis {
  try {
    return createRequire(import.meta.url)("ioredis").Redis;
  } catch (cause) {
    throw invalid(`a cache in Redis takes the package ioredis: npm install ioredis (${String(cause)})`);
  }
}

const invalid = (message: string): EcrError => new EcrError(message, { kind: "InvalidParameter" });

function warnOnce(): (reason: unknown) => void {
  let isWarned = false;
  return (reason) => {
    if (isWarned) return;
    isWarned = true;
    const why = reason instanceof Error ? reason.message : String(reason);
    process.emitWarning(`ecrkit: the cache cannot reach Redis (${why}); until it can, nothing is found in it.`, {
      code: "ECRKIT_CACHE_ALONE",
    });
  };
}
