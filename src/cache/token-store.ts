import type { Secret } from "../secret.js";

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
