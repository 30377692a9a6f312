import { afterAll, beforeAll, expect, it } from "vitest";
import { redisCacheStore } from "../../src/cache/redis-store.js";
import { tokenStore } from "../../src/cache/token-store.js";
import { createEcrClient } from "../../src/index.js";
import { createLocalEcr, simulate } from "../../src/local.js";
import { describeCacheStore } from "../contract/cache/store-contract.js";
import { describeWithRedis, type RedisServer, startRedis } from "../fixtures/redis.js";

describeWithRedis("a cache in Redis", () => {
  let redis: RedisServer;
  let stores = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  describeCacheStore("in Redis", async (time) => {
    stores += 1;
    const options = { url: redis.url, prefix: `test:${stores}`, time };
    const [first, second] = [redisCacheStore(options), redisCacheStore(options)];
    return {
      first,
      second,
      async close() {
        await first.close();
        await second.close();
      },
    };
  });

  it("lets processes that share it ask ECR for one token between them", async () => {
    const local = createLocalEcr();
    const clients = [1, 2, 3].map(() => {
      const store = redisCacheStore({ url: redis.url, prefix: "test:tokens" });
      const auth = { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" } as const;
      const cache = { tokens: store };
      return { store, ecr: createEcrClient({ region: "eu-west-1", auth, cache, transport: simulate(local) }) };
    });
    const tokens = await Promise.all(clients.flatMap(({ ecr }) => [ecr.auth.token(), ecr.auth.token()]));
    expect(new Set(tokens.map(({ authorizationToken }) => authorizationToken.reveal())).size).toBe(1);
    expect(local.log.entries().map(({ operation }) => operation)).toEqual(["GetAuthorizationToken"]);
    for (const { store } of clients) await store.close();
    await local.close();
  });

  it("holds nothing while Redis is away, and fails nobody", async () => {
    const own = await startRedis();
    const failures: unknown[] = [];
    const store = redisCacheStore({ url: own.url, onFailure: (reason) => failures.push(reason) });
    await store.set("k", { value: "1" });
    expect((await store.get("k"))?.value).toBe("1");
    await own.stop();
    expect(await store.get("k")).toBeUndefined();
    await store.set("k", { value: "2" });
    expect(await store.exclusively("k", async () => "done")).toBe("done");
    expect(await tokenStore(store).get("k")).toBeUndefined();
    expect(failures.length).toBeGreaterThan(0);
    await store.close();
  });
});

it("a cache in Redis takes a url or a client, and tells nothing of the url", () => {
  expect(() => redisCacheStore({})).toThrow("takes either a url");
  expect(() => redisCacheStore({ url: "http://user:hunter2@host" })).toThrow("url must begin with redis://");
});
