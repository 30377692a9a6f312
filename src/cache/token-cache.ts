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
  /** Told that a token was served out of the cache, was not there, or was asked for anew before its expiry. */
  readonly onEvent?: ((event: "hit" | "miss" | "refresh") => void) | undefined;
}

/** Milliseconds before a background refresh that failed is tried again. */
const REFRESH_PAUSE_MS = 10_000;

/** A token cache over a store. */
export function createTokenCache({ store, time, refreshBufferMs, onEvent }: TokenCacheOptions): TokenCache {
  const fetching = new Map<string, Promise<StoredToken>>();
  const pausedUntilMs = new Map<string, number>();

  /** Another process with the same store may have asked meanwhile: a token other than `held` is as good as an answer. */
  const fetchInto = async (
    key: string,
    fetch: () => Promise<StoredToken>,
    held: StoredToken | undefined,
  ): Promise<StoredToken> => {
    try {
      const found = await store.get(key);
      if (found !== undefined && found.expiresAtMs > Math.max(time.now(), held?.expiresAtMs ?? 0)) return found;
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

  const ask = (key: string, fetch: () => Promise<StoredToken>, held: StoredToken | undefined): Promise<StoredToken> => {
    const running = fetching.get(key);
    if (running !== undefined) return running;
    const work = (): Promise<StoredToken> => fetchInto(key, fetch, held);
    const turn = store.exclusively === undefined ? work() : store.exclusively(key, work);
    const started = turn.finally(() => fetching.delete(key));
    fetching.set(key, started);
    return started;
  };

  const renew = (key: string, fetch: () => Promise<StoredToken>, held: StoredToken | undefined) => {
    onEvent?.("refresh");
    return ask(key, fetch, held);
  };

  return {
    refresh: async (key, fetch) => renew(key, fetch, await store.get(key)),
    async get(key, fetch) {
      const held = await store.get(key);
      const nowMs = time.now();
      const isGood = held !== undefined && nowMs < held.expiresAtMs;
      onEvent?.(isGood ? "hit" : "miss");
      if (!isGood) return ask(key, fetch, undefined);
      const isDue = nowMs >= held.expiresAtMs - refreshBufferMs && nowMs >= (pausedUntilMs.get(key) ?? 0);
      // Nobody waits for this refresh: its failure matters only when the token has expired, and then it is met again.
      if (isDue) renew(key, fetch, held).catch(() => undefined);
      return held;
    },
  };
}
