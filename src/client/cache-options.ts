import type { CacheStore } from "../cache/store.js";
import { memoryTokenStore, type TokenStore, tokenStore } from "../cache/token-store.js";
import type { Time } from "../time.js";
import { hasMethods, isObject, requireThat } from "./config-check.js";
import type { OperationCache } from "./operation-cache.js";
import { requireOptions } from "./options.js";
import { type ReadCacheOptions, readCache } from "./read-cache.js";

/** What a client keeps between calls. */
export interface CacheConfig {
  /**
   * Keeps registry tokens: a store of texts, such as `fileCacheStore` and `redisCacheStore` give, or one of tokens. One may serve several
   * clients. False asks for a token each time. @default one in memory for this client
   */
  readonly tokens?: CacheStore | TokenStore | false | undefined;
  /**
   * Keeps what reads answered: true for `readCache()`, its options, or a cache that several clients share, which stays the caller's.
   * @default false
   */
  readonly reads?: OperationCache | ReadCacheOptions | boolean | undefined;
}

/** A {@link CacheConfig} that has been looked at. */
export interface ResolvedCache {
  readonly tokens: TokenStore;
  readonly reads: OperationCache | undefined;
}

/** The caches of a client. @throws {EcrError} kind `InvalidParameter`, naming the option and its value */
export function cacheOf(cache: CacheConfig | false, time: Time): ResolvedCache {
  if (cache === false) return { tokens: NOTHING_KEPT, reads: undefined };
  requireThat("cache", cache, "an object of options, or false", isObject);
  requireOptions("cache", cache, "cache", ["tokens", "reads"]);
  const { tokens = memoryTokenStore(), reads = false } = cache;
  requireThat("cache.tokens", tokens, "an object with the methods get, set and delete, or false", isTokens);
  requireThat("cache.reads", reads, "true, options, an object with the methods through and close, or false", isReads);
  return { tokens: tokens ? tokensIn(tokens) : NOTHING_KEPT, reads: reads ? readsOf(reads, time) : undefined };
}

/** Calls at the same time still share one question. */
const NOTHING_KEPT: TokenStore = {
  get: async () => undefined,
  set: async () => undefined,
  delete: async () => undefined,
};

const isTokens = (value: unknown): boolean => value === false || hasMethods("get", "set", "delete")(value);
const isReads = (value: unknown): boolean => typeof value === "boolean" || isObject(value);

/** A store of texts has a life of its own, and so `close`; a store of tokens has not. */
const tokensIn = (store: CacheStore | TokenStore): TokenStore => ("close" in store ? tokenStore(store) : store);

function readsOf(reads: OperationCache | ReadCacheOptions | true, time: Time): OperationCache {
  if (reads === true) return readCache({ time });
  return hasMethods("through", "close")(reads)
    ? (reads as OperationCache)
    : readCache({ time, ...(reads as ReadCacheOptions) });
}
