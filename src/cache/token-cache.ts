import { isEcrError } from "../errors.js";
import type { Time } from "../time.js";
import type { StoredToken, TokenStore } from "./token-store.js";

/** Registry tokens by key: asked for once, renewed before they expire, never asked for twice at the same time. */
export interface TokenCache {
  /**
   * The token of `key`. A good one is served as it is; inside the buffer before its expiry it is served while a new one is fetched in
   * the background; otherwise `fetch` is awaited. If a fetch fails the old token serves until its real expiry, unless the failure was
   * one of credentials: then it is removed.
   */
  get(key: string, fetch: () => Promise<StoredToken>): Promise<StoredToken>;
  /** A new token in place of the one held. Rejects as `fetch` does. */
  refresh(key: string, fetch: () => Promise<StoredToken>): Promise<StoredToken>;
}

/** What {@link createTokenCache} is made of. */
export interface TokenCacheOptions {
  readonly store: TokenStore;
  readonly time: Time;
  /** How long before its expiry a token is renewed, in milliseconds. */
  readonly refreshBufferMs: number;
}

/** Milliseconds before a background refresh that failed is tried again. */
const REFRESH_PAUSE_MS = 10_000;

/** A token cache over a store. */
export function createTokenCache({ store, time, refreshBufferMs }: TokenCacheOptions): TokenCache {
  const fetching = new Map<string, Promise<StoredToken>>();
  const pausedUntilMs = new Map<string, number>();

  const fetchInto = async (key: string, fetch: () => Promise<StoredToken>): Promise<StoredToken> => {
    try {
      const token = await fetch();
      await store.set(key, token);
      pausedUntilMs.delete(key);
      return token;
    } catch (error) {
      pausedUntilMs.set(key, time.now() + REFRESH_PAUSE_MS);
      if (isEcrError(error) && error.category === "credential") await store.delete(key);
      throw error;
    }
  };

  const refresh = (key: string, fetch: () => Promise<StoredToken>): Promise<StoredToken> => {
    const running = fetching.get(key);
    if (running !== undefined) return running;
    const started = fetchInto(key, fetch).finally(() => fetching.delete(key));
    fetching.set(key, started);
    return started;
  };

  return {
    refresh,
    async get(key, fetch) {
      const held = await store.get(key);
      const nowMs = time.now();
      if (held === undefined || nowMs >= held.expiresAtMs) return refresh(key, fetch);
      const isDue = nowMs >= held.expiresAtMs - refreshBufferMs && nowMs >= (pausedUntilMs.get(key) ?? 0);
      // Nobody waits for this refresh: its failure matters only when the token has expired, and then it is met again.
      if (isDue) refresh(key, fetch).catch(() => undefined);
      return held;
    },
  };
}
