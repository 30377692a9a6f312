import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../test/fixtures/scripted-client.js";
import { answer, answering, failure, refusal, scripted } from "../../test/fixtures/scripted-transport.js";
import { circuitBreaker } from "../resilience/breaker.js";
import type { LimiterKey, RateLimiter } from "../resilience/limiter.js";
import { manualTime } from "../time.js";
import type { HttpResponse } from "../transport/transport.js";
import type { EcrClientConfig } from "./config.js";

const REPOSITORIES = answer({ repositories: [] });
const DOWN = refusal("ServerException", "", { status: 500 });
const app = { repositoryName: "app" };

/** A limiter that keeps what it is told, and has a turn at hand, or after so long. */
function told(waitMs = 0) {
  const events: string[] = [];
  const keys = new Set<LimiterKey>();
  const callers: unknown[] = [];
  const note = (event: string) => (key: LimiterKey) => {
    keys.add(key);
    events.push(`${event} ${key.operation}`);
  };
  const limiter: RateLimiter = {
    acquire(key, { caller }) {
      note("acquire")(key);
      callers.push(caller);
      return waitMs === 0 ? 0 : Promise.resolve(waitMs);
    },
    succeeded: note("succeeded"),
    throttled: note("throttled"),
  };
  // The account is known with the keys, so that nobody has to be asked for it.
  const keysOfAccount = { accessKeyId: "AKIA", secretAccessKey: "s", accountId: "123456789012" };
  const auth = { kind: "provider", provide: async () => keysOfAccount } as const;
  return { config: { limiter, auth }, limiter, events, keys, callers };
}

describe("a circuit breaker", () => {
  /** How many calls of the same fate a client sends before it refuses to. */
  async function sentOf(fate: () => HttpResponse | Promise<never>, calls = 8): Promise<number> {
    const transport = answering(fate);
    const { ecr } = clientOver(transport, { retry: false });
    for (let call = 0; call < calls; call++) await ecr.call("DescribeRepositories", {}).catch(() => undefined);
    return transport.requests.length;
  }

  it.each<[string, () => HttpResponse | Promise<never>]>([
    ["a service that fails", () => DOWN],
    ["a gateway that gave up", () => ({ statusCode: 504, headers: {}, body: Buffer.alloc(0) })],
    ["a connection that breaks", () => Promise.reject(failure("ECONNRESET"))],
    ["no answer in time", () => Promise.reject(Object.assign(failure("ETIMEDOUT"), { name: "TimeoutError" }))],
  ])("opens after five times %s", async (_, fate) => {
    expect(await sentOf(fate)).toBe(5);
  });

  it.each<[string, () => HttpResponse | Promise<never>]>([
    ["a caller's mistakes", () => refusal("RepositoryNotFoundException")],
    ["throttles", () => refusal("ThrottlingException")],
    ["refused credentials", () => refusal("AccessDeniedException")],
    [
      "a key of AWS KMS that fails for a moment",
      () => refusal("KmsException", "", { members: { kmsError: "KMSInternal" } }),
    ],
    ["a certificate that is refused", () => Promise.reject(failure("CERT_HAS_EXPIRED"))],
    ["an answer that is none", () => ({ statusCode: 200, headers: {}, body: Buffer.from("<html>") })],
  ])("never opens for %s", async (_, fate) => {
    expect(await sentOf(fate)).toBe(8);
  });

  it("never opens for calls whose callers give them less than a second", async () => {
    const late = Object.assign(failure("ETIMEDOUT"), { name: "TimeoutError" });
    const transport = answering(() => Promise.reject(late));
    const { ecr } = clientOver(transport, { retry: false });
    for (let call = 0; call < 8; call++) await rejection(ecr.call("DescribeRepositories", {}, { timeoutMs: 999 }));
    expect(transport.requests).toHaveLength(8);
    for (let call = 0; call < 8; call++) await rejection(ecr.call("DescribeRepositories", {}, { timeoutMs: 1_000 }));
    expect(transport.requests).toHaveLength(13);
  });

  it("counts every attempt, and ends the tries of a call that opened it", async () => {
    const transport = answering(() => DOWN);
    const { ecr } = clientOver(transport);
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({
      kind: "ServiceUnavailable",
      attempts: 3,
    });
    const error = await rejection(ecr.call("DescribeRepositories", {}));
    expect(error).toMatchObject({
      kind: "CircuitOpen",
      attempts: 2,
      // The circuit opened with the second attempt, 200 ms before the third was due.
      retryAfterMs: 59_800,
      cause: expect.objectContaining({ kind: "ServiceUnavailable" }),
      message:
        "DescribeRepositories on the registry in eu-west-1 failed after 2 attempts: the circuit of ECR in eu-west-1 is open: its last calls failed. Nothing was sent; try again in 60 s.",
    });
    expect(transport.requests).toHaveLength(5);
  });

  it("is one for each service: ECR Public, which lives elsewhere, goes on", async () => {
    const transport = answering(({ hostname }) => (hostname.includes("public") ? REPOSITORIES : DOWN));
    const { ecr } = clientOver(transport, { retry: false });
    for (let call = 0; call < 6; call++) await rejection(ecr.call("DescribeRepositories", {}));
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({ kind: "CircuitOpen" });
    expect(await ecr.call("ecr-public:DescribeRepositories", {})).toEqual({ repositories: [] });
  });

  it("is none where it is switched off", async () => {
    const transport = answering(() => DOWN);
    const { ecr } = clientOver(transport, { retry: false, breaker: false });
    for (let call = 0; call < 20; call++) await rejection(ecr.call("DescribeRepositories", {}));
    expect(transport.requests).toHaveLength(20);
  });

  it("is the platform's own where one is given, by name", async () => {
    const names: string[] = [];
    const time = manualTime();
    const breaker = (name: string) => {
      names.push(name);
      return circuitBreaker(name, { failures: 1, time });
    };
    const { ecr } = clientOver(scripted(DOWN), { retry: false, breaker });
    await rejection(ecr.call("DescribeRepositories", {}));
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({ kind: "CircuitOpen" });
    expect(names).toEqual(["ECR in eu-west-1"]);
  });
});

describe("a rate limiter", () => {
  it("is asked before every attempt, and told what came of it", async () => {
    const { config, events, keys } = told();
    const transport = scripted(refusal("ThrottlingException"), DOWN, refusal("RepositoryNotFoundException"));
    await rejection(clientOver(transport, config).ecr.repositories.get("app"));
    expect(events).toEqual([
      "acquire ecr:DescribeRepositories",
      "throttled ecr:DescribeRepositories",
      "acquire ecr:DescribeRepositories",
      "succeeded ecr:DescribeRepositories",
      "acquire ecr:DescribeRepositories",
      "succeeded ecr:DescribeRepositories",
    ]);
    expect([...keys]).toEqual([
      { account: "123456789012", region: "eu-west-1", operation: "ecr:DescribeRepositories" },
    ]);
  });

  it("is told nothing of an attempt that no answer came to", async () => {
    const { config, events } = told();
    await clientOver(scripted(failure("ECONNRESET"), REPOSITORIES), config).ecr.call("DescribeRepositories", {});
    expect(events.map((event) => event.split(" ")[0])).toEqual(["acquire", "acquire", "succeeded"]);
  });

  it("learns on whose behalf a call is made, of a listing too", async () => {
    const { limiter, callers } = told();
    const { ecr } = clientOver(
      answering(() => REPOSITORIES),
      { limiter },
    );
    await ecr.call("DescribeRepositories", {}, { caller: "team-a" });
    await ecr.repositories.list({}, { caller: "team-b" }).all();
    expect(callers).toEqual(["team-a", "team-b"]);
  });

  it("that other accounts use too counts each account's rates for itself", async () => {
    const { limiter, keys } = told();
    const xml =
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    const transport = answering(({ hostname }) =>
      hostname.startsWith("sts.") ? { statusCode: 200, headers: {}, body: Buffer.from(xml) } : REPOSITORIES,
    );
    const { ecr } = clientOver(transport, { limiter });
    await ecr.call("DescribeRepositories", {});
    await ecr.call("ecr-public:DescribeRepositories", {});
    expect([...keys]).toEqual([
      { account: "123456789012", region: "eu-west-1", operation: "ecr:DescribeRepositories" },
      { account: "123456789012", region: "us-east-1", operation: "ecr-public:DescribeRepositories" },
    ]);
    expect(transport.requests.filter(({ hostname }) => hostname.startsWith("sts."))).toHaveLength(1);
  });

  it("holds calls to ECR's published rates from the first one on", async () => {
    const image = { imageId: { imageTag: "v1" } };
    const { ecr, time } = clientOver(answering(() => answer({ image })));
    for (let call = 0; call < 40; call++) await ecr.call("PutImage", { ...app, imageManifest: "{}" });
    const tookMs = time.slept.reduce((sum, ms) => sum + ms, 0);
    // 10 a second, after a burst of as many.
    expect(tookMs).toBeGreaterThanOrEqual(2_900);
    expect(tookMs).toBeLessThanOrEqual(3_500);
  });

  it.each<[string, EcrClientConfig, boolean]>([
    ["a local ECR", { endpoint: "http://localhost:4580" }, false],
    ["one of AWS in a VPC", { endpoint: "https://vpce-1.api.ecr.eu-west-1.vpce.amazonaws.com" }, true],
  ])("keeps to the published rates, unless for an endpoint that is not AWS's: %s", async (_, config, waits) => {
    const { ecr, time } = clientOver(
      answering(() => answer({ image: { imageId: { imageTag: "v1" } } })),
      config,
    );
    for (let call = 0; call < 40; call++) await ecr.call("PutImage", { ...app, imageManifest: "{}" });
    expect(time.slept.length > 0).toBe(waits);
  });

  it("does not begin a wait that the call's deadline would end", async () => {
    const time = manualTime();
    const transport = answering(() => answer({ image: { imageId: { imageTag: "v1" } } }));
    const { ecr } = clientOver(transport, { time, limiter: { perSecond: { PutImage: 1 } } });
    const put = () => ecr.call("PutImage", { ...app, imageManifest: "{}" }, { timeoutMs: 500 });
    await put();
    expect(await rejection(put())).toMatchObject({
      kind: "Throttled",
      operation: "PutImage",
      region: "eu-west-1",
      attempts: 0,
      service: undefined,
      retryAfterMs: expect.any(Number),
      message: expect.stringMatching(/^PutImage on repository "app" in eu-west-1 failed: .* was held back: /),
    });
    expect(transport.requests).toHaveLength(1);
  });

  it("is none where it is switched off", async () => {
    const { ecr, time } = clientOver(
      answering(() => answer({ image: { imageId: { imageTag: "v1" } } })),
      { limiter: false },
    );
    for (let call = 0; call < 40; call++) await ecr.call("PutImage", { ...app, imageManifest: "{}" });
    expect(time.slept).toEqual([]);
  });
});

describe("a retry of the platform's own", () => {
  it("takes the place of ecrkit's", async () => {
    const attempts: number[] = [];
    const retry = async <T>(fn: (attempt: number) => Promise<T>): Promise<T> => {
      for (let attempt = 1; ; attempt++) {
        attempts.push(attempt);
        const outcome = await fn(attempt).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
        if ("value" in outcome) return outcome.value;
        if (attempt === 7) throw outcome.error;
      }
    };
    const { ecr } = clientOver(
      answering(() => refusal("ThrottlingException")),
      { retry, limiter: false },
    );
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({ kind: "Throttled", attempts: 7 });
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe("a client that only reads", () => {
  it("refuses what writes before anything is sent, and says why", async () => {
    const transport = scripted();
    const { ecr } = clientOver(transport, { readOnly: true });
    const error = await rejection(ecr.call("PutImage", { ...app, imageManifest: "{}" }));
    expect(error).toMatchObject({
      kind: "ReadOnly",
      category: "terminal",
      operation: "PutImage",
      message:
        'PutImage on repository "app" was not sent: it writes, and this client only reads. Use one without readOnly.',
    });
    expect(await rejection(ecr.call("ecr-public:DeleteRepository", app))).toMatchObject({ kind: "ReadOnly" });
    expect(transport.requests).toEqual([]);
  });

  it("reads, and logs in", async () => {
    const token = { authorizationToken: "QVdTOng=", expiresAt: 2e9, proxyEndpoint: "https://r" };
    const { ecr } = clientOver(scripted(REPOSITORIES, answer({ authorizationData: [token] })), { readOnly: true });
    expect(await ecr.repositories.list().all()).toEqual([]);
    expect((await ecr.auth.credentials()).username).toBe("AWS");
  });
});
