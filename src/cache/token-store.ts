import { Secret } from "../secret.js";
import type { CacheStore } from "./store.js";

/** A registry login as the cache keeps it. */
export interface StoredToken {
  /** Base64 of `AWS:` and the password, as ECR gave it. */
  readonly authorizationToken: Secret;
  /** The registry's URL, such as `https://123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
  readonly proxyEndpoint: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/**
 * Where tokens are kept between calls. A key names registry, region and principal, so one store may serve any number of clients.
 * A store keeps what it is given until it is deleted: the cache itself looks at the expiry.
 */
export interface TokenStore {
  get(key: string): Promise<StoredToken | undefined>;
  set(key: string, token: StoredToken): Promise<void>;
  delete(key: string): Promise<void>;
  /** Runs `work` while nobody else who shares the store does so under the same key. @default at once */
  exclusively?<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Tokens in a store that other processes may share: those that share it ask ECR for one token between them.
 * What the store holds is as good as a login for twelve hours.
 */
export function tokenStore(store: CacheStore): Required<TokenStore> {
  const nameOf = (key: string): string => `token ${key}`;
  return {
    async get(key) {
      const entry = await store.get(nameOf(key));
      return entry && tokenOf(entry.value);
    },
    async set(key, { authorizationToken, proxyEndpoint, expiresAtMs }) {
      const value = JSON.stringify({ authorizationToken: authorizationToken.reveal(), proxyEndpoint, expiresAtMs });
      await store.set(nameOf(key), { value, expiresAtMs });
    },
    delete: (key) => store.delete(nameOf(key)),
    exclusively: (key, work) => store.exclusively(nameOf(key), work),
  };
}

/** A store that lives as long as the process. */
export function memoryTokenStore(): TokenStore {
  const tokens = new Map<string, StoredToken>();
  return {
    get: async (key) => tokens.get(key),
    async set(key, token) {
      tokens.set(key, token);
    },
    async delete(key) {
      tokens.delete(key);
    },
  };
}

/** A token as it was written; what is none reads as nothing. */
function tokenOf(text: string): StoredToken | undefined {
  try {
    const { authorizationToken, proxyEndpoint, expiresAtMs } = JSON.parse(text);
    if (typeof authorizationToken !== "string" || typeof proxyEndpoint !== "string") return undefined;
    if (typeof expiresAtMs !== "number") return undefined;
    return { authorizationToken: new Secret(authorizationToken), proxyEndpoint, expiresAtMs };
  } catch {
    return undefined;
  }
}
