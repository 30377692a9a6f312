import { getEventListeners } from "node:events";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { createRegistry } from "../registry/create-registry.js";
import type { Registry } from "../registry/registry.js";
import { LAYER_PATH_PREFIX } from "../registry/signed-layer.js";
import type { HandleOptions, HttpRequest, HttpResponse } from "../transport/transport.js";
import { createApp } from "./app.js";

const registries: Registry[] = [];
afterEach(async () => {
  for (const registry of registries.splice(0)) await registry.close();
});

const BUG = new Error("a bug, with /a/path and a secret");

/** A registry that fails where it should not. */
function faulty(): {
  send: (request: Partial<HttpRequest>, options?: HandleOptions) => Promise<HttpResponse>;
  faults: unknown[];
  layer: Readable;
} {
  const layer = new Readable({ read() {} });
  const registry = createRegistry();
  registries.push(registry);
  const fail = (): Promise<never> => Promise.reject(BUG);
  const caller = { account: "000000000000", region: "us-east-1", arn: "arn:aws:iam::000000000000:root" };
  const faults: unknown[] = [];
  const app = createApp(
    {
      ...registry,
      call: async (_operation, _caller, _input) => fail(),
      login: () => ({ ok: true, caller, registryId: caller.account }),
      data: { ...registry.data, manifest: fail, append: consume },
      signedLayer: () => ({ digest: "sha256:00", sizeBytes: 5, open: () => layer }),
    },
    { onFault: (error) => faults.push(error) },
  );
  return {
    faults,
    layer,
    async send(request, options) {
      const base = { method: "GET", protocol: "http:", hostname: "localhost", path: "/", headers: {} };
      return (await app.handle({ ...base, ...request }, options)).response;
    },
  };
}

async function consume(...[, , , body]: Parameters<Registry["data"]["append"]>): Promise<never> {
  for await (const _ of body);
  throw BUG;
}

const bodyOf = ({ body }: HttpResponse): string => Buffer.from(body as Uint8Array).toString();
const BASIC = { authorization: `Basic ${Buffer.from("AWS:any").toString("base64")}` };
const CALL = {
  method: "POST",
  headers: {
    "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
    Authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=0",
  },
  body: "{}",
};

describe("a fault of the local ECR itself", () => {
  it("is a ServerException to the client of an API, which says nothing of the inside", async () => {
    const { send, faults } = faulty();
    const response = await send(CALL);
    expect(response.statusCode).toBe(500);
    expect(JSON.parse(bodyOf(response))).toEqual({
      __type: "ServerException",
      message: "The local ECR failed to answer this request",
    });
    expect(faults).toEqual([BUG]);
  });

  it("is UNKNOWN to the client of a registry", async () => {
    const { send, faults } = faulty();
    const response = await send({ path: "/v2/app/manifests/v1", headers: BASIC });
    expect(response.statusCode).toBe(500);
    expect(JSON.parse(bodyOf(response))).toEqual({
      errors: [{ code: "UNKNOWN", message: "The local ECR failed to answer this request" }],
    });
    expect(faults).toEqual([BUG]);
  });

  it("is none when all that failed is the client's connection", async () => {
    const { send, faults } = faulty();
    const body = new Readable({ read() {} });
    const path = "/v2/app/blobs/uploads/00000000-0000-4000-8000-000000000000";
    const sending = send({ method: "PATCH", path, headers: BASIC, body });
    body.destroy(new Error("the client has gone"));
    expect((await sending).statusCode).toBe(500);
    expect(faults).toEqual([]);
  });
});

describe("a request in-process that is aborted", () => {
  const LAYER = { path: `${LAYER_PATH_PREFIX}x` };
  const reason = new Error("no longer wanted");

  it("rejects with the signal's reason and leaves no file open behind the answer that nobody got", async () => {
    const { send, layer } = faulty();
    const abort = new AbortController();
    const closed = new Promise((resolve) => layer.once("close", resolve));
    const sending = send(LAYER, { abortSignal: abort.signal });
    abort.abort(reason);
    await expect(sending).rejects.toBe(reason);
    await closed;
  });

  it("ends the body that is being read with the signal's reason, as on the network", async () => {
    const { send, layer } = faulty();
    const abort = new AbortController();
    expect((await send(LAYER, { abortSignal: abort.signal })).body).toBe(layer);
    const reading = layer.toArray();
    abort.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  it("leaves no listener on the signal once its body has been read", async () => {
    const { send, layer } = faulty();
    const { signal } = new AbortController();
    await send(LAYER, { abortSignal: signal });
    layer.push(null);
    await layer.toArray();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("a method that is none", () => {
  it.each(["toString", "constructor", "__proto__"])(
    "is not supported, whatever objects inherit: %s",
    async (method) => {
      const { send, faults } = faulty();
      expect((await send({ method, path: "/v2/app/manifests/v1", headers: BASIC })).statusCode).toBe(405);
      expect(faults).toEqual([]);
    },
  );
});
