import { describe, expect, it } from "vitest";
import { EcrError, type EcrErrorKind } from "../errors.js";
import { Secret } from "../secret.js";
import { manualTime } from "../time.js";
import { createTokenCache } from "./token-cache.js";
import { memoryTokenStore, type StoredToken } from "./token-store.js";

const HOURS_12 = 12 * 3_600_000;

function setUp() {
  const time = manualTime();
  const store = memoryTokenStore();
  const cache = createTokenCache({ store, time, refreshBufferMs: 300_000 });
  let fetched = 0;
  const token = (): StoredToken => ({
    authorizationToken: new Secret(`token-${++fetched}`),
    proxyEndpoint: "https://registry",
    expiresAtMs: time.now() + HOURS_12,
  });
  const fetch = async (): Promise<StoredToken> => token();
  const fail = async (kind: EcrErrorKind): Promise<never> => {
    fetched++;
    throw new EcrError(kind, { kind });
  };
  const get = async (key = "key", how = fetch): Promise<string> =>
    (await cache.get(key, how)).authorizationToken.reveal();
  return { time, store, cache, fetch, fail, get, count: () => fetched };
}

describe("the token cache", () => {
  it("asks once and serves the same token until five minutes before it expires", async () => {
    const { get, time, count } = setUp();
    expect(await get()).toBe("token-1");
    await time.advance(HOURS_12 - 300_001);
    expect(await get()).toBe("token-1");
    expect(count()).toBe(1);
  });

  it("renews in the background on the first use inside the buffer, and serves the old one meanwhile", async () => {
    const { get, time } = setUp();
    await get();
    await time.advance(HOURS_12 - 300_000);
    expect(await get()).toBe("token-1");
    await time.advance(0);
    expect(await get()).toBe("token-2");
  });

  it("asks anew, and waits for it, once the token has expired", async () => {
    const { get, time } = setUp();
    await get();
    await time.advance(HOURS_12);
    expect(await get()).toBe("token-2");
  });

  it("asks once for any number of callers at the same time", async () => {
    const { get, count } = setUp();
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => get())))).toEqual(new Set(["token-1"]));
    expect(count()).toBe(1);
  });

  it("keeps the tokens of different keys apart", async () => {
    const { get } = setUp();
    expect([await get("a"), await get("b"), await get("a")]).toEqual(["token-1", "token-2", "token-1"]);
  });

  it("serves the old token until its real expiry when a refresh fails", async () => {
    const { get, fail, time } = setUp();
    await get();
    await time.advance(HOURS_12 - 300_000);
    expect(await get("key", () => fail("ServiceUnavailable"))).toBe("token-1");
    await time.advance(299_999);
    expect(await get("key", () => fail("ServiceUnavailable"))).toBe("token-1");
    await time.advance(1);
    await expect(get("key", () => fail("ServiceUnavailable"))).rejects.toThrow("ServiceUnavailable");
  });

  it("does not ask again on every use after a refresh failed, but ten seconds later", async () => {
    const { get, fail, time, count } = setUp();
    await get();
    await time.advance(HOURS_12 - 300_000);
    for (let use = 0; use < 10; use++) {
      await get("key", () => fail("ServiceUnavailable"));
      await time.advance(0);
    }
    expect(count()).toBe(2);
    await time.advance(10_000);
    await get("key", () => fail("ServiceUnavailable"));
    expect(count()).toBe(3);
  });

  it("removes the token when the refresh fails for its credentials", async () => {
    const { get, fail, time, store } = setUp();
    await get();
    await time.advance(HOURS_12 - 300_000);
    expect(await get("key", () => fail("AccessDenied"))).toBe("token-1");
    await time.advance(0);
    expect(await store.get("key")).toBeUndefined();
  });

  it("asks again after a failure that everybody waited for", async () => {
    const { get, fail } = setUp();
    await expect(get("key", () => fail("Connection"))).rejects.toThrow("Connection");
    expect(await get()).toBe("token-2");
  });

  it("replaces a good token when it is told to, and keeps it when that fails", async () => {
    const { cache, get, fetch, fail } = setUp();
    await get();
    await expect(cache.refresh("key", () => fail("Throttled"))).rejects.toThrow("Throttled");
    expect(await get()).toBe("token-1");
    await cache.refresh("key", fetch);
    expect(await get()).toBe("token-3");
  });

  it("holds tokens that do not print", async () => {
    const { get, store } = setUp();
    await get();
    expect(JSON.stringify(await store.get("key"))).not.toContain("token-1");
  });
});
