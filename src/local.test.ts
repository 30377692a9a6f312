import { afterEach, describe, expect, it } from "vitest";
import { createLocalEcr, type LocalEcr, type LocalEcrOptions, simulate } from "./local.js";
import { manualTime } from "./time.js";
import type { HttpRequest, Transport } from "./transport/transport.js";

const open: LocalEcr[] = [];
afterEach(async () => {
  for (const local of open.splice(0)) await local.close();
});

function localEcr(options?: LocalEcrOptions): LocalEcr {
  const local = createLocalEcr({ time: manualTime(), ...options });
  open.push(local);
  return local;
}

/** A call in AWS JSON, signed as far as an open local ECR looks. */
const callOf = (operation: string, input: object, accessKeyId = "AKIDEXAMPLE"): HttpRequest => ({
  method: "POST",
  protocol: "https:",
  hostname: "api.ecr.us-east-1.amazonaws.com",
  path: "/",
  headers: {
    "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${operation}`,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=0`,
  },
  body: JSON.stringify(input),
});

async function call(transport: Transport, ...request: Parameters<typeof callOf>): Promise<Record<string, unknown>> {
  const { response } = await transport.handle(callOf(...request));
  return JSON.parse(Buffer.from(response.body as Uint8Array).toString());
}

const create = (transport: Transport): Promise<Record<string, unknown>> =>
  call(transport, "CreateRepository", { repositoryName: "app" });

describe("a local ECR", () => {
  it("names its repositories as ECR does while it has no port", async () => {
    expect(await create(simulate(localEcr()))).toMatchObject({
      repository: {
        registryId: "000000000000",
        repositoryUri: "000000000000.dkr.ecr.us-east-1.amazonaws.com/app",
      },
    });
  });

  it("names them by its port once it listens", async () => {
    const local = localEcr();
    const { port } = await local.listen({ port: 0 });
    expect(await create(simulate(local))).toMatchObject({ repository: { repositoryUri: `localhost:${port}/app` } });
    expect(await call(simulate(local), "GetAuthorizationToken", {})).toMatchObject({
      authorizationData: [{ proxyEndpoint: `http://localhost:${port}` }],
    });
  });

  it("names them as it is told", async () => {
    const local = localEcr({ publicHost: "{account}.dkr.ecr.{region}.localhost:{port}" });
    const { port } = await local.listen({ port: 0 });
    const repositoryUri = `000000000000.dkr.ecr.us-east-1.localhost:${port}/app`;
    expect(await create(simulate(local))).toMatchObject({ repository: { repositoryUri } });
  });

  it("takes an access key of 12 digits for an account and gives all others the default one", async () => {
    const transport = simulate(localEcr({ account: "111111111111" }));
    await create(transport);
    expect(await call(transport, "DescribeRepositories", {})).toMatchObject({
      repositories: [{ registryId: "111111111111" }],
    });
    expect(await call(transport, "DescribeRepositories", {}, "222222222222")).toEqual({ repositories: [] });
  });

  it("takes images without their layers when it is told not to check", async () => {
    const transport = simulate(localEcr({ layers: "unchecked" }));
    await create(transport);
    const digest = `sha256:${"0".repeat(64)}`;
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: 2 };
    const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
    expect(await call(transport, "PutImage", { repositoryName: "app", imageManifest })).toHaveProperty("image");
  });

  it("lasts longer than the clients that use it", async () => {
    const local = localEcr();
    const transport = simulate(local);
    await create(transport);
    transport.destroy?.();
    expect(await call(simulate(local), "DescribeRepositories", {})).toMatchObject({ repositories: [{}] });
  });

  it("listens once", async () => {
    const local = localEcr();
    await local.listen({ port: 0 });
    await expect(local.listen({ port: 0 })).rejects.toMatchObject({
      kind: "InvalidParameter",
      message: 'createLocalEcr: `listen` must be called once, got "a second call"',
    });
  });

  it("listens on another port when the first one was taken", async () => {
    const first = localEcr();
    const { port } = await first.listen({ port: 0 });
    const second = localEcr();
    await expect(second.listen({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await second.listen({ port: 0 });
  });

  it("is closed more than once without harm", async () => {
    const local = localEcr();
    await local.listen({ port: 0 });
    await local.close();
    await local.close();
  });

  it.each([
    [{ account: "1234" }, '`account` must be 12 digits, got "1234"'],
    [{ layers: "some" }, '`layers` must be checked or unchecked, got "some"'],
    [{ profile: "docker" }, '`profile` must be ecr or oci, got "docker"'],
    [
      { publicHost: "http://example" },
      '`publicHost` must be a host name, with {account}, {region} and {port} where they belong, got "http://example"',
    ],
  ])("refuses %o", (options, message) => {
    expect(() => createLocalEcr(options as LocalEcrOptions)).toThrow(message);
  });
});

describe("a simulated call", () => {
  it("that is aborted rejects with the signal's reason", async () => {
    const abort = new AbortController();
    const reason = new Error("no longer wanted");
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("{");
      abort.abort(reason);
      await new Promise(() => {});
    }
    const request = { ...callOf("DescribeRepositories", {}), body: body() };
    await expect(simulate(localEcr()).handle(request, { abortSignal: abort.signal })).rejects.toBe(reason);
  });

  it("that was aborted before reaches nothing", async () => {
    const transport = simulate(localEcr());
    const request = callOf("CreateRepository", { repositoryName: "app" });
    await expect(transport.handle(request, { abortSignal: AbortSignal.abort("never") })).rejects.toBe("never");
    expect(await call(transport, "DescribeRepositories", {})).toEqual({ repositories: [] });
  });
});
