import { afterEach, describe, expect, it, vi } from "vitest";
import { createLocalEcr, type LocalEcr } from "../../local.js";
import { manualTime } from "../../time.js";
import { network } from "../../transport/network.js";

const open: LocalEcr[] = [];
afterEach(async () => {
  for (const local of open.splice(0)) await local.close();
});

/** JSON that a test looks into. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads what an answer is expected to have, and fails where it has not.
type Json = any;

/** A local ECR on a port, with a short way to its own routes and to its API. */
async function served(options: Parameters<typeof createLocalEcr>[0] = {}) {
  const local = createLocalEcr({ time: manualTime(), ...options });
  open.push(local);
  const { port } = await local.listen({ port: 0 });
  const base = `http://127.0.0.1:${port}`;
  const admin = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${base}/_ecrkit/${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const call = async (operation: string, input: object, accessKeyId = "AKID") => {
    const response = await fetch(base, {
      method: "POST",
      headers: {
        "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/eu-west-1/ecr/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(input),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { local, base, port, admin, call };
}

describe("the routes of a local ECR itself", () => {
  it("move the clock, and with it what depends on it", async () => {
    const { admin, call } = await served();
    expect(await admin("GET", "clock")).toEqual({ status: 200, body: { now: "2026-01-01T00:00:00.000Z" } });
    const { body } = await call("GetAuthorizationToken", {});
    expect(body).toMatchObject({ authorizationData: [{ expiresAt: Date.UTC(2026, 0, 1, 12) / 1000 }] });
    expect((await admin("POST", "clock", { advance: "12h" })).body).toEqual({ now: "2026-01-01T12:00:00.000Z" });
    expect(await admin("POST", "clock", { advance: "soon" })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("duration") },
    });
    expect((await admin("POST", "clock", { advance: ["12h"] })).status).toBe(400);
    expect(await admin("POST", "clock", { advance: 8.64e15 })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("a clock goes up to the end of the year 9999") },
    });
    expect((await admin("GET", "clock")).body).toEqual({ now: "2026-01-01T12:00:00.000Z" });
  });

  it("set faults, tell what came of them and end them", async () => {
    const { admin, call } = await served();
    const fault = { operation: "DescribeRepositories", count: 1, effect: { kind: "throttle" } };
    expect((await admin("PUT", "faults", { faults: [fault] })).body).toEqual({
      faults: [{ fault, matched: 0, struck: 0 }],
    });
    expect((await call("DescribeRepositories", {})).body).toMatchObject({ __type: "ThrottlingException" });
    expect((await call("DescribeRepositories", {})).status).toBe(200);
    expect((await admin("GET", "faults")).body).toEqual({ faults: [{ fault, matched: 2, struck: 1 }] });
    await admin("PUT", "faults", { faults: [{ effect: { kind: "access-denied" } }] });
    expect((await call("DescribeRepositories", {})).status).toBe(400);
    await admin("DELETE", "faults");
    expect((await call("DescribeRepositories", {})).status).toBe(200);
    expect(await admin("PUT", "faults", { faults: [{ effect: { kind: "flood" } }] })).toMatchObject({ status: 400 });
  });

  it("tell what was asked, by whom and what came of it, without a body or a secret", async () => {
    const { admin, call } = await served();
    await call("CreateRepository", { repositoryName: "app" }, "111122223333");
    await call("DescribeImages", { repositoryName: "none" });
    await admin("PUT", "faults", { faults: [{ effect: { kind: "server-error" } }] });
    await call("PutImage", { repositoryName: "app", imageManifest: "SECRET" });
    const { body } = await admin("GET", "log");
    const { body: rest } = await admin("GET", "log?after=1&limit=1");
    const common = { time: "2026-01-01T00:00:00.000Z", method: "POST", path: "/", region: "eu-west-1", durationMs: 0 };
    const arn = (account: string) => ({ account, principal: `arn:aws:iam::${account}:root` });
    expect(body).toEqual({
      entries: [
        {
          sequence: 1,
          ...common,
          operation: "CreateRepository",
          ...arn("111122223333"),
          repository: "app",
          status: 200,
        },
        {
          sequence: 2,
          ...common,
          operation: "DescribeImages",
          ...arn("000000000000"),
          repository: "none",
          status: 400,
          error: "RepositoryNotFoundException",
        },
        { sequence: 3, ...common, operation: "PutImage", status: 500, error: "ServerException", fault: "server-error" },
      ],
    });
    expect(rest.entries).toEqual([body.entries[1]]);
    expect((await admin("DELETE", "log")).body).toEqual({ entries: [] });
    expect((await admin("GET", "log")).body).toEqual({ entries: [] });
  });

  it("tell what happened in EventBridge's shapes, and from where to read on", async () => {
    const { admin, local } = await served();
    await local.seed({
      registries: [
        { account: "111122223333", region: "eu-west-1", repositories: [{ name: "app", images: [{ tags: ["v1"] }] }] },
      ],
    });
    const { body } = await admin("GET", "events");
    expect(body.events).toMatchObject([
      {
        sequence: 1,
        event: {
          version: "0",
          source: "aws.ecr",
          "detail-type": "ECR Image Action",
          account: "111122223333",
          region: "eu-west-1",
          detail: { "action-type": "PUSH", "repository-name": "app", "image-tag": "v1", result: "SUCCESS" },
        },
      },
    ]);
    expect((await admin("GET", "events?after=1")).body).toEqual({ events: [] });
    expect(await admin("GET", "events?after=x")).toMatchObject({ status: 400 });
  });

  it("reset: all state, all faults and the log, but not the clock", async () => {
    const { admin, call } = await served({
      faults: { faults: [{ operation: "ListImages", effect: { kind: "throttle" } }] },
    });
    await call("CreateRepository", { repositoryName: "app" });
    await admin("POST", "clock", { advance: "1d" });
    expect(await admin("POST", "reset")).toEqual({ status: 200, body: {} });
    expect((await call("DescribeRepositories", {})).body).toEqual({ repositories: [] });
    expect((await call("ListImages", { repositoryName: "app" })).body).toMatchObject({
      __type: "RepositoryNotFoundException",
    });
    expect((await admin("GET", "log")).body.entries).toHaveLength(2);
    expect((await admin("GET", "clock")).body).toEqual({ now: "2026-01-02T00:00:00.000Z" });
  });

  it("give a snapshot and take it back", async () => {
    const { base, call, admin } = await served();
    await call("CreateRepository", { repositoryName: "app" });
    const snapshot = await (await fetch(`${base}/_ecrkit/snapshot`)).text();
    await admin("POST", "reset");
    expect(await admin("PUT", "snapshot", snapshot)).toEqual({ status: 200, body: {} });
    expect((await call("DescribeRepositories", {})).body).toMatchObject({ repositories: [{ repositoryName: "app" }] });
    expect(await admin("PUT", "snapshot", "{}")).toMatchObject({
      status: 400,
      body: { error: "the snapshot's line 1 does not begin a snapshot of a local ECR" },
    });
  });

  it("plant the sample estate for the default account", async () => {
    const { admin, call } = await served({ account: "222222222222" });
    const { body } = await admin("POST", "seed", JSON.stringify("sample"));
    expect(body).toMatchObject({ registries: 5, repositories: 9 });
    expect((await call("DescribeRepositories", {})).body).toMatchObject({
      repositories: expect.arrayContaining([expect.objectContaining({ registryId: "222222222222" })]),
    });
  });

  it("run lifecycle policies at once", async () => {
    const { admin, call, local } = await served();
    const images = [
      { tags: ["v1"], pushed: "3d" },
      { tags: ["v2"], pushed: "2d" },
    ];
    await local.seed({
      registries: [{ account: "000000000000", region: "eu-west-1", repositories: [{ name: "app", images }] }],
    });
    const rule = {
      rulePriority: 1,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 1 },
      action: { type: "expire" },
    };
    await call("PutLifecyclePolicy", { repositoryName: "app", lifecyclePolicyText: JSON.stringify({ rules: [rule] }) });
    const { body } = await admin("POST", "lifecycle", { region: "eu-west-1", repositoryName: "app" });
    expect(body).toMatchObject({ runs: [{ repositoryName: "app", actions: [{ tags: ["v1"], action: "expire" }] }] });
    expect(await admin("POST", "lifecycle", {})).toEqual({
      status: 400,
      body: { error: "the body must name a region" },
    });
    expect((await admin("POST", "lifecycle", { region: "eu-west-1", repositoryName: "none" })).status).toBe(400);
    expect(await admin("POST", "lifecycle", { region: "eu-west-1", repositoryName: ["app"] })).toEqual({
      status: 400,
      body: { error: 'repositoryName must be text, got ["app"]' },
    });
  });

  it("take what another scanner found", async () => {
    const { admin, call, local } = await served();
    const images = [{ tags: ["v1"] }];
    await local.seed({
      registries: [{ account: "000000000000", region: "eu-west-1", repositories: [{ name: "app", images }] }],
    });
    const { body } = await call("DescribeImages", { repositoryName: "app" });
    const [{ imageDigest }] = body["imageDetails"] as [{ imageDigest: string }];
    const vulnerability = {
      VulnerabilityID: "CVE-2026-0001",
      Severity: "HIGH",
      PkgName: "zlib",
      InstalledVersion: "1",
    };
    const report = { Results: [{ Vulnerabilities: [vulnerability] }] };
    expect(await admin("POST", `scan-report?digest=${imageDigest}`, report)).toEqual({
      status: 200,
      body: { digest: imageDigest },
    });
    await call("StartImageScan", { repositoryName: "app", imageId: { imageTag: "v1" } });
    await admin("POST", "clock", { advance: "2s" });
    const scan = { repositoryName: "app", imageId: { imageTag: "v1" } };
    expect((await call("DescribeImageScanFindings", scan)).body).toMatchObject({
      imageScanFindings: { findings: [{ name: "CVE-2026-0001", severity: "HIGH" }] },
    });
    expect(await admin("POST", "scan-report", { no: "report" })).toMatchObject({ status: 400 });
  });

  it.each([
    ["GET", "nothing", 404],
    ["DELETE", "clock", 405],
    ["GET", "reset", 405],
    ["POST", "clock", 400],
  ])("refuse %s %s with %i", async (method, path, status) => {
    expect((await (await served()).admin(method, path)).status).toBe(status);
  });

  it("refuse what a browser sends", async () => {
    const { base } = await served();
    for (const path of ["reset", "clock", "snapshot"])
      expect(
        (await fetch(`${base}/_ecrkit/${path}`, { method: "POST", headers: { origin: "http://evil.example" } })).status,
      ).toBe(403);
  });

  it.each([
    ["127.0.0.1:4580", 200],
    ["[::1]:4580", 200],
    ["localhost", 200],
    ["ECR.localhost:4580", 200],
    ["111122223333.ecr.eu-west-1.test:4580", 200],
    ["evil.example", 403],
    ["evil.example:4580", 403],
    ["127.0.0.1.evil.example", 403],
    ["localhost.evil.example", 403],
    ["111122223333.ecr.eu-west-1.test.evil.example", 403],
    ["111122223333xecr.eu-west-1.test", 403],
  ])("answer a request to %s with %i, for another name may have been pointed here", async (host, status) => {
    const local = createLocalEcr({ time: manualTime(), publicHost: "{account}.ecr.{region}.test:{port}" });
    open.push(local);
    const request = { method: "GET", protocol: "http:", hostname: "localhost", path: "/_ecrkit/health" };
    expect((await local.app.handle({ ...request, headers: { host } })).response.statusCode).toBe(status);
  });
});

describe("a fault on a socket", () => {
  const ask = (port: number, path = "/v2/") => ({
    method: "GET",
    protocol: "http:",
    hostname: "127.0.0.1",
    port,
    path,
    headers: {},
  });

  it("resets the connection for real", async () => {
    const { port, local } = await served({ faults: { faults: [{ effect: { kind: "reset" } }] } });
    const transport = network();
    await expect(transport.handle(ask(port))).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(local.log.entries()).toMatchObject([{ operation: "GetAuthorizationToken", fault: "reset" }]);
    transport.destroy?.();
  });

  it("hangs until the local ECR is closed, which waits for nothing", async () => {
    const { port, local } = await served({ faults: { faults: [{ effect: { kind: "hang" } }] } });
    const transport = network();
    const hanging = transport.handle(ask(port)).then(
      () => "answered",
      (error: NodeJS.ErrnoException) => error.code,
    );
    while (local.faults.tally()[0]?.struck !== 1) await new Promise((resolve) => setImmediate(resolve));
    await local.close();
    expect(await hanging).toBe("ECONNRESET");
    transport.destroy?.();
  });

  it("that hangs ends when its client leaves, and the log says what became of the call", async () => {
    const { local, port } = await served({ faults: { faults: [{ effect: { kind: "hang" } }] } });
    const transport = network();
    const leave = new AbortController();
    const hanging = transport.handle(ask(port), { abortSignal: leave.signal }).then(
      () => "answered",
      (reason: unknown) => reason,
    );
    await vi.waitFor(() => expect(local.faults.tally()).toMatchObject([{ struck: 1 }]));
    expect(local.log.entries()).toEqual([]);
    leave.abort("left");
    expect(await hanging).toBe("left");
    await vi.waitFor(() => expect(local.log.entries()).toHaveLength(1));
    const [entry] = local.log.entries();
    expect(entry).toMatchObject({ method: "GET", path: "/v2/", operation: "GetAuthorizationToken", fault: "hang" });
    expect(entry).not.toHaveProperty("status");
    transport.destroy?.();
  });

  it("finds the region of a request to localhost in its login", async () => {
    const { call, base } = await served({
      faults: { faults: [{ region: "eu-west-1", operation: "DescribeRepositories", effect: { kind: "throttle" } }] },
    });
    const { body } = await call("GetAuthorizationToken", {});
    const [{ authorizationToken }] = body["authorizationData"] as [{ authorizationToken: string }];
    const headers = { authorization: `Basic ${authorizationToken}` };
    expect((await fetch(`${base}/v2/_catalog`, { headers })).status).toBe(429);
    expect((await fetch(`${base}/v2/_catalog`)).status).toBe(401);
  });
});
