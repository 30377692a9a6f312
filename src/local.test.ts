import { afterEach, describe, expect, it } from "vitest";
import { createLocalEcr, type LocalEcr, type LocalEcrOptions, loadReport, simulate } from "./local.js";
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

/** An image whose layers need not be there. */
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"0".repeat(64)}`, size: 2 },
  layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: `sha256:${"1".repeat(64)}`, size: 2 }],
});

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

  it("scans as it is told to, with findings of its own, of a report, or made up", async () => {
    const report = {
      Results: [
        {
          Vulnerabilities: [
            { VulnerabilityID: "CVE-2026-0001", Severity: "HIGH", PkgName: "zlib", InstalledVersion: "1.3" },
          ],
        },
      ],
    };
    const local = localEcr({
      layers: "unchecked",
      scanning: {
        scanner: () => [],
        progressions: [
          {
            repository: "slow/*",
            steps: [{ status: "PENDING" }, { after: "10m", status: "COMPLETE", findings: loadReport(report).findings }],
          },
          { tag: "scratch", steps: [{ status: "UNSUPPORTED_IMAGE" }] },
        ],
      },
    });
    const transport = simulate(local);
    const scan = async (repositoryName: string, imageTag: string): Promise<unknown> => {
      const about = { repositoryName, imageId: { imageTag } };
      await call(transport, "CreateRepository", { repositoryName });
      await call(transport, "PutImage", { repositoryName, imageTag, imageManifest: MANIFEST });
      await call(transport, "StartImageScan", about);
      return about;
    };
    const slow = await scan("slow/app", "v1");
    const other = await scan("app", "v1");
    const none = await scan("base", "scratch");
    const found = (about: unknown) => call(transport, "DescribeImageScanFindings", about as object);
    expect(await found(slow)).toMatchObject({ imageScanStatus: { status: "PENDING" } });
    expect(await found(none)).toMatchObject({ imageScanStatus: { status: "UNSUPPORTED_IMAGE" } });
    await local.time.advance("10m");
    expect(await found(slow)).toMatchObject({
      imageScanStatus: { status: "COMPLETE" },
      imageScanFindings: { findings: [{ name: "CVE-2026-0001", severity: "HIGH" }] },
    });
    expect(await found(other)).toMatchObject({ imageScanFindings: { findings: [] } });
  });

  it("knows the secrets that it is told of, and no others", async () => {
    const transport = simulate(localEcr({ upstreamSecrets: {} }));
    const rule = {
      ecrRepositoryPrefix: "hub",
      upstreamRegistryUrl: "registry-1.docker.io",
      credentialArn: "arn:aws:secretsmanager:us-east-1:000000000000:secret:ecr-pullthroughcache/hub-AbCdEf",
    };
    expect(await call(transport, "CreatePullThroughCacheRule", rule)).toMatchObject({
      __type: "SecretNotFoundException",
    });
  });

  it("calls what ECR Public and STS are asked by their names, in faults and in its log", async () => {
    const local = localEcr({
      publicAliases: { acme: "111122223333" },
      faults: { faults: [{ operation: ["ecr-public:PutImage", "sts:*"], effect: { kind: "throttle" } }] },
    });
    const send = async (method: string, path: string, query = {}): Promise<void> => {
      const where = { protocol: "http:", hostname: "localhost", port: 4580, headers: { host: "localhost:4580" } };
      await local.app.handle({ method, path, query, ...where });
    };
    await send("PUT", "/v2/acme/team/app/manifests/v1");
    await send("PUT", "/v2/team/app/manifests/v1");
    await send("GET", "/", { Action: "GetCallerIdentity", Version: "2011-06-15" });
    expect(local.log.entries()).toMatchObject([
      { operation: "ecr-public:PutImage", repository: "team/app", fault: "throttle", status: 429 },
      { operation: "PutImage", repository: "team/app", status: 401 },
      { operation: "sts:GetCallerIdentity", fault: "throttle" },
    ]);
  });

  it("keeps the logins of upstreams out of what it says of them", () => {
    const upstreams = { "docker-hub": "http://bob:hunter2@127.0.0.1:5000", quay: "ftp://bob:hunter3@127.0.0.1" };
    const refused = (): unknown => createLocalEcr({ upstreams });
    expect(refused).toThrow('createLocalEcr: `upstreams` must be URLs with http or https, which that of "quay" is not');
    expect(refused).not.toThrow("hunter");
  });

  it.each([
    [{ account: "1234" }, '`account` must be 12 digits, got "1234"'],
    [{ layers: "some" }, '`layers` must be checked or unchecked, got "some"'],
    [{ profile: "docker" }, '`profile` must be ecr or oci, got "docker"'],
    [
      { publicHost: "http://example" },
      '`publicHost` must be a host name, with {account}, {region} and {port} where they belong, got "http://example"',
    ],
    [{ scanning: { duration: "soon" } }, "`scanning` must be possible: "],
    [
      { time: manualTime({ startMs: -1 }) },
      "`time` must be a clock from 1970 to 9999, this one shows -1 ms since 1970",
    ],
  ])("refuses %o", (options, message) => {
    expect(() => createLocalEcr(options as LocalEcrOptions)).toThrow(message);
  });
});

describe("a simulated call", () => {
  it("waits where a fault plan says so, by the local ECR's clock, and for its timeout at most", async () => {
    const local = localEcr({ faults: { faults: [{ effect: { kind: "latency", delay: "2s" } }] } });
    const answered = call(simulate(local), "DescribeRepositories", {});
    await local.time.advance("2s");
    expect(await answered).toEqual({ repositories: [] });
    const request = callOf("DescribeRepositories", {});
    const late = expect(simulate(local).handle(request, { requestTimeout: 1_999 })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    await local.time.advance("1999ms");
    await late;
  });

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
