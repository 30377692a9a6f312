import { describe, expect, it, onTestFinished } from "vitest";
import { caller, sha256, target, testRegistry } from "../../test/fixtures/local-registry.js";
import { network } from "../transport/network.js";
import type { HttpRequest, Transport } from "../transport/transport.js";
import { createApp } from "./app.js";
import { listen } from "./node.js";
import { upstreamFetch } from "./upstream-fetch.js";

describe("an upstream that is reached by a transport", () => {
  it("is cached from with its login, its redirects to blobs included", async () => {
    const hub = testRegistry();
    await hub.call("CreateRepository", { repositoryName: "base" });
    const large = Buffer.alloc(100_000, "layer");
    const { digest } = await hub.image("base", "v1", { layers: [large] });
    const { authorizationData } = await hub.call("GetAuthorizationToken", {});
    const token = Buffer.from(authorizationData[0].authorizationToken, "base64").toString().slice("AWS:".length);
    const listening = await listen(createApp(hub.registry), { port: 0 });
    const transport = network();
    onTestFinished(async () => {
      transport.destroy?.();
      await listening.close({ graceMs: 0 });
    });
    const local = testRegistry({
      upstreams: { quay: `http://AWS:${encodeURIComponent(token)}@127.0.0.1:${listening.port}` },
      fetchUpstream: upstreamFetch(transport),
    });
    const rule = { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" };
    await local.call("CreatePullThroughCacheRule", rule);
    expect(await local.call("ValidatePullThroughCacheRule", rule)).toMatchObject({ isValid: true });
    const pulled = await local.registry.data.manifest(caller, target("quay/base"), "v1", { pull: true });
    expect(pulled.digest).toBe(digest);
    const blob = await local.registry.data.blob(caller, target("quay/base"), sha256(large));
    expect(sha256(Buffer.concat(await blob.open().toArray()))).toBe(sha256(large));
  });

  it("is not followed in circles, and its login goes nowhere else", async () => {
    const asked: HttpRequest[] = [];
    const circle: Transport = {
      async handle(request) {
        asked.push(request);
        return { response: { statusCode: 307, headers: { location: "http://elsewhere.test/v2/a?b=c" } } };
      },
    };
    const headers = { authorization: "Basic secret", accept: "*/*" };
    await expect(upstreamFetch(circle)({ url: "http://hub.test:5000/v2/a", headers })).rejects.toThrow(
      "elsewhere.test redirects more than 5 times",
    );
    expect(asked).toHaveLength(6);
    expect(asked[0]).toMatchObject({
      hostname: "hub.test",
      port: 5000,
      headers: { ...headers, host: "hub.test:5000" },
    });
    expect(asked[1]).toMatchObject({ hostname: "elsewhere.test", path: "/v2/a", query: { b: "c" } });
    expect(asked[1]?.headers).not.toHaveProperty("authorization");
  });
});
