import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../test/fixtures/scripted-client.js";
import { answer, answering, failure, refusal, scripted } from "../../test/fixtures/scripted-transport.js";
import { EcrError } from "../errors.js";
import { manualTime } from "../time.js";

const REPOSITORIES = answer({ repositories: [] });
const HANG = () => new Promise<never>(() => undefined);

describe("a call", () => {
  it("goes to its region's endpoint, signed for its service", async () => {
    const transport = scripted(REPOSITORIES);
    const { ecr } = clientOver(transport);
    await ecr.call("DescribeRepositories", {});
    const [request] = transport.requests;
    expect(request).toMatchObject({
      method: "POST",
      protocol: "https:",
      hostname: "api.ecr.eu-west-1.amazonaws.com",
      port: undefined,
      path: "/",
      headers: { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories" },
      body: "{}",
    });
    expect(request?.headers["authorization"]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/20260101\/eu-west-1\/ecr\/aws4_request, /,
    );
  });

  it("to ECR Public goes to us-east-1, whatever the region", async () => {
    const transport = scripted(answer({ authorizationData: {} }));
    await clientOver(transport).ecr.call("ecr-public:GetAuthorizationToken", {});
    expect(transport.requests[0]?.hostname).toBe("api.ecr-public.us-east-1.amazonaws.com");
    expect(transport.requests[0]?.headers["authorization"]).toContain("/us-east-1/ecr-public/aws4_request");
  });

  it("goes to the endpoint it is given, path and port included", async () => {
    const transport = scripted(REPOSITORIES);
    await clientOver(transport, { endpoint: "http://localhost:4580/ecr" }).ecr.call("DescribeRepositories", {});
    expect(transport.requests[0]).toMatchObject({ protocol: "http:", hostname: "localhost", port: 4580, path: "/ecr" });
  });

  it("reads an answer that comes as a stream", async () => {
    const body = Readable.from([Buffer.from('{"repositories":'), Buffer.from("[]}")]);
    const { ecr } = clientOver(scripted({ ...REPOSITORIES, body }));
    expect(await ecr.call("DescribeRepositories", {})).toEqual({ repositories: [] });
  });

  it("is refused before anything is sent when its input is not what ECR takes", async () => {
    const transport = scripted();
    const { ecr } = clientOver(transport);
    expect(await rejection(ecr.call("DescribeRepositories", { maxResults: 5_000 }))).toMatchObject({
      kind: "InvalidParameter",
      message: "DescribeRepositories was not sent: maxResults must have value less than or equal to 1000, got 5000",
    });
    expect(await rejection(ecr.call("DescribeImages", { repositoryName: "Team" }))).toMatchObject({
      message: expect.stringMatching(/^DescribeImages was not sent: repositoryName must satisfy .*', got "Team"$/),
    });
    expect(await rejection(ecr.call("Describe" as never, {} as never))).toMatchObject({ kind: "UnknownOperation" });
    expect(transport.requests).toEqual([]);
  });
});

describe("a call that fails", () => {
  it("says what was tried, on what, what came back and what to do", async () => {
    const text = "The repository with name 'app' does not exist in the registry with id '123456789012'";
    const { ecr } = clientOver(scripted(refusal("RepositoryNotFoundException", text)));
    const error = await rejection(ecr.repositories.get("app"));
    expect(error).toBeInstanceOf(EcrError);
    expect(error).toMatchObject({
      kind: "RepositoryNotFound",
      category: "terminal",
      operation: "DescribeRepositories",
      region: "eu-west-1",
      requestId: "request-1",
      attempts: 1,
      ambiguous: false,
      service: { code: "RepositoryNotFoundException", message: text, status: 400, members: {} },
      message: `DescribeRepositories on repository "app" in eu-west-1 failed: ${text} (RepositoryNotFoundException). Check the name, the region and the registry id, or create the repository first.`,
    });
  });

  it("is tried again while that may help, and says how often it was tried", async () => {
    const throttled = refusal("ThrottlingException", "Rate exceeded");
    const { ecr, time } = clientOver(
      answering(() => throttled),
      { limiter: false },
    );
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({
      kind: "Throttled",
      attempts: 5,
      message: expect.stringContaining("failed after 5 attempts: Rate exceeded (ThrottlingException)."),
    });
    expect(time.slept).toEqual([500, 1_000, 2_000, 4_000]);
  });

  it("waits as long as the answer's Retry-After says", async () => {
    const { ecr, time } = clientOver(
      scripted(
        refusal("ThrottlingException", "", { headers: { "retry-after": "7" } }),
        refusal("ServiceUnavailable", "", { status: 503, headers: { "x-amz-retry-after": "1500" } }),
        REPOSITORIES,
      ),
    );
    await ecr.call("DescribeRepositories", {});
    expect(time.slept).toEqual([7_000, 1_500]);
  });

  it("ends at once when Retry-After is longer than its time", async () => {
    const { ecr, time } = clientOver(
      scripted(refusal("ThrottlingException", "", { headers: { "retry-after": "60" } })),
    );
    const call = ecr.call("DescribeRepositories", {}, { timeoutMs: 10_000 });
    expect(await rejection(call)).toMatchObject({ kind: "Throttled", retryAfterMs: 60_000, attempts: 1 });
    expect(time.slept).toEqual([]);
  });

  it("is sent once when retrying is off, even with expired keys", async () => {
    const transport = scripted(refusal("ExpiredTokenException"));
    const { ecr } = clientOver(transport, { retry: false });
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({ kind: "ExpiredToken", attempts: 1 });
  });

  it("never takes a quota for a throttle", async () => {
    const transport = scripted(refusal("LimitExceededException", "The quota has been exceeded."));
    const { ecr } = clientOver(transport);
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({ kind: "LimitExceeded", attempts: 1 });
  });

  it("is told by its status when the answer of a proxy is no JSON", async () => {
    const page = { statusCode: 503, headers: {}, body: Buffer.from("<html>busy</html>") };
    const transport = scripted(page, page, REPOSITORIES);
    await clientOver(transport).ecr.call("DescribeRepositories", {});
    expect(transport.requests).toHaveLength(3);
  });

  it("says so when a success is not the operation's output, and quotes none of it", async () => {
    const body = Buffer.from('{"authorizationData":[{"authorizationToken":"QVdTOnNlY3JldA==');
    const { ecr } = clientOver(scripted({ statusCode: 200, headers: {}, body }));
    const error = (await rejection(ecr.call("GetAuthorizationToken", {}))) as EcrError;
    expect(error).toMatchObject({ kind: "InvalidResponse", operation: "GetAuthorizationToken", region: "eu-west-1" });
    expect(`${error.message}${error.stack}${JSON.stringify(error)}${String(error.cause)}`).not.toContain("QVdT");
  });
});

describe("a call without an answer", () => {
  it("is tried three times when the connection breaks, and keeps the cause", async () => {
    const reset = failure("ECONNRESET");
    const { ecr, time } = clientOver(answering(() => Promise.reject(reset)));
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({
      kind: "Connection",
      attempts: 3,
      cause: reset,
      service: undefined,
    });
    expect(time.slept).toEqual([100, 200]);
  });

  it("is tried twice when no answer comes in time", async () => {
    const late = Object.assign(failure("ETIMEDOUT"), { name: "TimeoutError" });
    const transport = answering(() => Promise.reject(late));
    const { ecr } = clientOver(transport);
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({ kind: "Timeout", attempts: 2 });
    expect(transport.options.map(({ requestTimeout }) => requestTimeout)).toEqual([30_000, 30_000]);
  });

  it("gives an attempt no more time than the call has left", async () => {
    const transport = scripted(failure("ECONNRESET"), failure("ECONNRESET"), REPOSITORIES);
    const { ecr } = clientOver(transport, { requestTimeoutMs: 950 });
    await ecr.call("DescribeRepositories", {}, { timeoutMs: 1_000 });
    expect(transport.options.map(({ requestTimeout }) => requestTimeout)).toEqual([950, 900, 700]);
  });

  it("is not tried again for a certificate that is refused", async () => {
    const transport = scripted(failure("CERT_HAS_EXPIRED"));
    const error = await rejection(clientOver(transport).ecr.call("DescribeRepositories", {}));
    expect(error).toMatchObject({ kind: "Connection", category: "terminal", attempts: 1 });
  });

  it("says of a write that it may have been carried out", async () => {
    const { ecr } = clientOver(answering(() => Promise.reject(failure("ECONNRESET", { syscall: "read" }))));
    const error = await rejection(ecr.call("CreateRepository", { repositoryName: "app" }));
    expect(error).toMatchObject({ ambiguous: true, message: expect.stringContaining("It may have been carried out") });
  });

  it("says so too when the next try finds the work done", async () => {
    const transport = scripted(failure("ECONNRESET"), refusal("RepositoryAlreadyExistsException"));
    const error = await rejection(clientOver(transport).ecr.call("CreateRepository", { repositoryName: "app" }));
    expect(error).toMatchObject({ kind: "RepositoryAlreadyExists", ambiguous: true, attempts: 2 });
  });

  it("is not ambiguous when it never left the machine", async () => {
    const { ecr } = clientOver(answering(() => Promise.reject(failure("ECONNREFUSED"))));
    const error = await rejection(ecr.call("CreateRepository", { repositoryName: "app" }));
    expect(error).toMatchObject({ kind: "Connection", ambiguous: false });
  });

  it("is ambiguous when a gateway gave up on the service", async () => {
    const { ecr } = clientOver(answering(() => ({ statusCode: 504, headers: {}, body: Buffer.alloc(0) })));
    const error = await rejection(ecr.call("CreateRepository", { repositoryName: "app" }));
    expect(error).toMatchObject({ kind: "ServiceUnavailable", ambiguous: true });
  });
});

describe("an aborted call", () => {
  it("ends while a request is running, with the signal's reason as its cause", async () => {
    const abort = new AbortController();
    const transport = answering((_, { abortSignal }) => {
      queueMicrotask(() => abort.abort("enough"));
      return new Promise((_, reject) => abortSignal?.addEventListener("abort", () => reject(abortSignal.reason)));
    });
    const call = clientOver(transport).ecr.call(
      "CreateRepository",
      { repositoryName: "app" },
      { signal: abort.signal },
    );
    expect(await rejection(call)).toMatchObject({ kind: "Aborted", cause: "enough", attempts: 1, ambiguous: true });
  });

  it("ends while it waits for the next try", async () => {
    const abort = new AbortController();
    const time = manualTime({ random: () => 1 });
    const { ecr } = clientOver(scripted(refusal("ThrottlingException")), { time });
    const outcome = rejection(ecr.call("DescribeRepositories", {}, { signal: abort.signal }));
    await time.advance(400);
    abort.abort("enough");
    expect(await outcome).toMatchObject({ kind: "Aborted", cause: "enough", attempts: 1, ambiguous: false });
  });

  it("ends while it waits for credentials, and sends nothing", async () => {
    const abort = new AbortController();
    const transport = scripted();
    const { ecr } = clientOver(transport, { auth: { kind: "provider", provide: HANG } });
    const outcome = rejection(ecr.call("DescribeRepositories", {}, { signal: abort.signal }));
    await new Promise(setImmediate);
    abort.abort("enough");
    expect(await outcome).toMatchObject({ kind: "Aborted", cause: "enough", attempts: 0 });
    expect(transport.requests).toEqual([]);
  });

  it("does not begin when the signal had aborted before", async () => {
    const call = clientOver(answering(() => REPOSITORIES)).ecr.call(
      "DescribeRepositories",
      {},
      { signal: AbortSignal.abort("no") },
    );
    expect(await rejection(call)).toMatchObject({ kind: "Aborted", cause: "no" });
  });
});

describe("refused credentials", () => {
  const provided = (...ids: readonly string[]) => {
    const left = [...ids];
    const provide = async () => ({ accessKeyId: left.shift() ?? "none-left", secretAccessKey: "s" });
    return { kind: "provider", provide } as const;
  };
  const keyOf = (authorization = ""): string | undefined => /Credential=([^/]+)/.exec(authorization)?.[1];

  it("are replaced, and the call is tried exactly once more", async () => {
    const transport = answering(() => refusal("ExpiredTokenException", "The security token has expired"));
    const { ecr } = clientOver(transport, { auth: provided("first", "second", "third") });
    expect(await rejection(ecr.call("DescribeRepositories", {}))).toMatchObject({ kind: "ExpiredToken", attempts: 2 });
    expect(transport.requests.map(({ headers }) => keyOf(headers["authorization"]))).toEqual(["first", "second"]);
  });

  it("are replaced once for all calls that they were refused in", async () => {
    const transport = answering(({ headers }) =>
      keyOf(headers["authorization"]) === "first" ? refusal("ExpiredTokenException") : REPOSITORIES,
    );
    const { ecr } = clientOver(transport, { auth: provided("first", "second", "third") });
    await Promise.all(Array.from({ length: 20 }, () => ecr.call("DescribeRepositories", {})));
    expect(new Set(transport.requests.map(({ headers }) => keyOf(headers["authorization"])))).toEqual(
      new Set(["first", "second"]),
    );
  });

  it("that cannot be had fail the call before anything is sent", async () => {
    const transport = scripted();
    const provide = async (): Promise<never> => {
      throw new Error("the vault is sealed");
    };
    const error = await rejection(
      clientOver(transport, { auth: { kind: "provider", provide } }).ecr.call("DescribeRepositories", {}),
    );
    expect(error).toMatchObject({
      kind: "InvalidCredentials",
      message: expect.stringContaining("no AWS credentials from auth provider: the vault is sealed."),
    });
    expect(transport.requests).toEqual([]);
  });

  it("may have been refused for a wrong clock: it is put right by the answer's date, and stays right", async () => {
    const date = new Date(Date.UTC(2026, 0, 1, 8)).toUTCString();
    const skewed = refusal("InvalidSignatureException", "Signature expired", { headers: { date } });
    const transport = scripted(skewed, REPOSITORIES, REPOSITORIES);
    const { ecr } = clientOver(transport, { auth: provided("first") });
    await ecr.call("DescribeRepositories", {});
    await ecr.call("DescribeRepositories", {});
    expect(transport.requests.map(({ headers }) => headers["x-amz-date"])).toEqual([
      "20260101T000000Z",
      "20260101T080000Z",
      "20260101T080000Z",
    ]);
  });

  it("never show in an error, though the service repeats the request it read", async () => {
    const text =
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key.\n\n" +
      "The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:session-secret\n'";
    const { ecr } = clientOver(answering(() => refusal("InvalidSignatureException", text)));
    const error = (await rejection(ecr.call("DescribeRepositories", {}))) as EcrError;
    expect(error.service?.message).toMatch(/Check your AWS Secret Access Key\.$/);
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain("session-secret");
  });
});
