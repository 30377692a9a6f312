import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { manualTime } from "../time.js";
import { type Fault, type FaultEffect, fault, faults } from "./index.js";
import type { HandleOptions, HttpRequest, HttpResponse, Transport } from "./transport.js";

const SCOPE = "AKID/20260101/eu-west-1/ecr/aws4_request";
const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=host, Signature=0`;

const api = (operation: string, input: object = {}): HttpRequest => ({
  method: "POST",
  protocol: "https:",
  hostname: "api.ecr.eu-west-1.amazonaws.com",
  path: "/",
  headers: { "X-Amz-Target": `AmazonEC2ContainerRegistry_V20150921.${operation}`, Authorization: AUTHORIZATION },
  body: JSON.stringify(input),
});

const v2 = (method: string, path: string): HttpRequest => ({
  method,
  protocol: "https:",
  hostname: "000000000000.dkr.ecr.us-east-1.amazonaws.com",
  path,
  headers: {},
});

/** An end that answers everything with `body`, and what it was asked. */
function end(body: Uint8Array | Readable = Buffer.from("0123456789")) {
  const asked: { request: HttpRequest; options: HandleOptions | undefined }[] = [];
  const transport: Transport = {
    async handle(request, options) {
      asked.push({ request, options });
      return { response: { statusCode: 200, headers: { "content-length": "10" }, body } };
    },
  };
  return { asked, transport };
}

/** A client's view of calls on which a fault may fall: `ok`, the error's code, or the message it rejected with. */
async function outcomes(one: Omit<Fault, "effect">, requests: readonly HttpRequest[], seed = 1): Promise<string[]> {
  const layered = fault({ seed, faults: [{ ...one, effect: { kind: "throttle" } }] })(end().transport);
  const seen: string[] = [];
  for (const request of requests) {
    const { response } = await layered.handle(request);
    seen.push(response.statusCode === 200 ? "ok" : String(response.headers["x-ecrkit-fault"]));
  }
  return seen;
}

async function answerOf(effect: FaultEffect, request: HttpRequest, body?: Uint8Array | Readable) {
  const { asked, transport } = end(body);
  const { response } = await fault(
    { faults: [{ effect }] },
    { time: manualTime({ sleeping: "skip" }) },
  )(transport).handle(request);
  return { asked, response, text: await textOf(response) };
}

const textOf = async ({ body }: HttpResponse): Promise<string> =>
  body === undefined
    ? ""
    : Buffer.concat(await Readable.from(body instanceof Uint8Array ? [body] : body).toArray()).toString();

describe("a fault falls on the calls that it names", () => {
  it.each<[string, Omit<Fault, "effect">, HttpRequest[], string[]]>([
    ["by operation", { operation: "PutImage" }, [api("PutImage"), api("ListImages")], ["throttle", "ok"]],
    [
      "by operations",
      { operation: ["Put*", "ListImages"] },
      [api("PutImage"), api("ListImages")],
      ["throttle", "throttle"],
    ],
    ["by region", { region: "eu-west-1" }, [api("PutImage"), v2("GET", "/v2/app/manifests/a")], ["throttle", "ok"]],
    [
      "by repository, in a body and in a path",
      { repository: "team/*" },
      [
        api("PutImage", { repositoryName: "team/app" }),
        api("DescribeRepositories", { repositoryNames: ["x", "team/y"] }),
        api("TagResource", { resourceArn: "arn:aws:ecr:eu-west-1:000000000000:repository/team/app" }),
        v2("GET", "/v2/team/app/manifests/a"),
        api("PutImage", { repositoryName: "app" }),
        v2("GET", "/v2/app/manifests/a"),
      ],
      ["throttle", "throttle", "throttle", "throttle", "ok", "ok"],
    ],
    ["by number", { calls: [2, 4] }, Array(5).fill(api("PutImage")), ["ok", "throttle", "ok", "throttle", "ok"]],
    ["at most so often", { count: 2 }, Array(4).fill(api("PutImage")), ["throttle", "throttle", "ok", "ok"]],
    ["none of what is no call", {}, [{ ...v2("GET", "/_ecrkit/health") }], ["ok"]],
  ])("%s", async (_, one, requests, expected) => {
    expect(await outcomes(one, requests)).toEqual(expected);
  });

  it.each([
    ["GET", "/v2/", "GetAuthorizationToken"],
    ["GET", "/v2/_catalog", "DescribeRepositories"],
    ["GET", "/v2/a/b/tags/list", "ListImages"],
    ["HEAD", "/v2/a/b/manifests/t", "BatchGetImage"],
    ["PUT", "/v2/a/b/manifests/t", "PutImage"],
    ["DELETE", "/v2/a/b/manifests/t", "BatchDeleteImage"],
    ["HEAD", "/v2/a/b/blobs/sha256:0", "BatchCheckLayerAvailability"],
    ["GET", "/v2/a/b/blobs/sha256:0", "GetDownloadUrlForLayer"],
    ["POST", "/v2/a/b/blobs/uploads/", "InitiateLayerUpload"],
    ["PATCH", "/v2/a/b/blobs/uploads/1", "UploadLayerPart"],
    ["PUT", "/v2/a/b/blobs/uploads/1", "CompleteLayerUpload"],
    ["GET", "/v2/a/b/referrers/sha256:0", "ListImageReferrers"],
    ["GET", "/_layers/sha256:0", "DownloadLayer"],
  ])("%s %s is %s", async (method, path, operation) => {
    expect(await outcomes({ operation }, [v2(method, path), api("CreateRepository")])).toEqual(["throttle", "ok"]);
  });

  it.each([
    ["PUT", "public.ecr.aws", "/v2/acme/team/app/manifests/t", "ecr-public:PutImage"],
    ["GET", "public.ecr.aws", "/v2/acme/team/app/manifests/t", "ecr-public:BatchGetImage"],
    ["GET", "ecr-public.aws.com", "/v2/", "ecr-public:GetAuthorizationToken"],
    ["POST", "localhost:4580", "/v2/acme/team/app/blobs/uploads/", "ecr-public:InitiateLayerUpload"],
    ["POST", "localhost:4580", "/v2/other/team/app/blobs/uploads/", "InitiateLayerUpload"],
    ["PUT", "000000000000.dkr.ecr.us-east-1.amazonaws.com", "/v2/acme/team/app/manifests/t", "PutImage"],
  ])("%s at %s%s is %s", async (method, host, path, operation) => {
    const plan = { faults: [{ operation, effect: { kind: "throttle" } }] } as const;
    const isPublicPath = (rest: string): boolean => rest.startsWith("acme/");
    const request = { ...v2(method, path), headers: { Host: host } };
    const { response } = await fault(plan, { isPublicPath })(end().transport).handle(request);
    expect(response.statusCode).toBe(429);
  });

  it("by the name of a repository of ECR Public, without its registry's alias", async () => {
    const request = { ...v2("PUT", "/v2/acme/team/app/manifests/t"), hostname: "public.ecr.aws" };
    expect(await outcomes({ repository: "team/app" }, [request])).toEqual(["throttle"]);
  });

  it("by the action of a presigned call to STS", async () => {
    const request = { ...api(""), method: "GET", headers: {}, body: undefined, query: { Action: "GetCallerIdentity" } };
    expect(await outcomes({ operation: "sts:GetCallerIdentity" }, [request])).toEqual(["throttle"]);
    expect(await outcomes({ operation: "sts:AssumeRole" }, [request])).toEqual(["ok"]);
  });

  it("in a window of time that begins when the plan comes into force", async () => {
    const time = manualTime();
    const { layer, use, tally } = faults({ faults: [] }, { time });
    const layered = layer(end().transport);
    const status = async () => (await layered.handle(api("PutImage"))).response.statusCode;
    await time.advance("1h");
    use({ faults: [{ from: "10s", until: "20s", effect: { kind: "throttle" } }] });
    const seen = [await status()];
    await time.advance("10s");
    seen.push(await status());
    await time.advance("10s");
    seen.push(await status());
    expect(seen).toEqual([200, 400, 200]);
    expect(tally()).toMatchObject([{ matched: 1, struck: 1 }]);
  });

  it("at the same calls in every run with the same seed, at others with another, and about as often as its rate", async () => {
    const calls = Array<HttpRequest>(1_000).fill(api("PutImage"));
    const first = await outcomes({ rate: 0.2 }, calls, 7);
    expect(await outcomes({ rate: 0.2 }, calls, 7)).toEqual(first);
    expect(await outcomes({ rate: 0.2 }, calls, 8)).not.toEqual(first);
    expect(first.filter((one) => one !== "ok")).toHaveLength(218);
  });
});

describe("a fault", () => {
  it.each<[FaultEffect, number, string, number, string]>([
    [{ kind: "throttle" }, 400, "ThrottlingException", 429, "TOOMANYREQUESTS"],
    [{ kind: "server-error" }, 500, "ServerException", 500, "UNKNOWN"],
    [{ kind: "server-error", status: 503 }, 503, "ServiceUnavailable", 503, "UNKNOWN"],
    [{ kind: "expired-token" }, 400, "ExpiredTokenException", 403, "DENIED"],
    [{ kind: "access-denied" }, 400, "AccessDeniedException", 403, "DENIED"],
    [{ kind: "kms" }, 400, "KmsException", 403, "DENIED"],
    [{ kind: "error", code: "LimitExceededException" }, 400, "LimitExceededException", 400, "LimitExceededException"],
  ])("%o is told as each face tells errors", async (effect, apiStatus, apiCode, v2Status, v2Code) => {
    const onApi = await answerOf(effect, api("PutImage"));
    expect(onApi.response.statusCode).toBe(apiStatus);
    expect(JSON.parse(onApi.text)).toMatchObject({ __type: apiCode });
    expect(onApi.asked).toEqual([]);
    const onV2 = await answerOf(effect, v2("PUT", "/v2/app/manifests/a"));
    expect(onV2.response.statusCode).toBe(v2Status);
    expect(JSON.parse(onV2.text)).toMatchObject({ errors: [{ code: v2Code }] });
    expect(onV2.response.headers["content-length"]).toBe(String(Buffer.byteLength(onV2.text)));
  });

  it("of STS is told in XML, and named by its action", async () => {
    const request = {
      ...api(""),
      headers: { Authorization: AUTHORIZATION },
      body: "Action=AssumeRole&Version=2011-06-15",
    };
    const plan = { faults: [{ operation: "sts:AssumeRole", effect: { kind: "throttle" } }] } as const;
    const { response } = await fault(plan)(end().transport).handle(request);
    expect(await textOf(response)).toContain("<Code>Throttling</Code>");
  });

  it("resets the connection before the call is carried out, or after it", async () => {
    for (const [when, calls] of [
      ["before", 0],
      ["after", 1],
    ] as const) {
      const { asked, transport } = end();
      const layered = fault({ faults: [{ effect: { kind: "reset", when } }] })(transport);
      await expect(layered.handle(api("PutImage"))).rejects.toMatchObject({ code: "ECONNRESET" });
      expect(asked).toHaveLength(calls);
    }
  });

  it("hangs until the request's timeout, its signal, or the plan's release", async () => {
    const time = manualTime({ sleeping: "skip" });
    const { layer, release } = faults({ faults: [{ effect: { kind: "hang" } }] }, { time });
    const layered = layer(end().transport);
    await expect(layered.handle(api("PutImage"), { requestTimeout: 30_000 })).rejects.toMatchObject({
      name: "TimeoutError",
      code: "ETIMEDOUT",
    });
    expect(time.slept).toEqual([30_000]);
    const abort = new AbortController();
    const aborted = layered.handle(api("PutImage"), { abortSignal: abort.signal });
    abort.abort("left");
    await expect(aborted).rejects.toBe("left");
    const released = layered.handle(api("PutImage"));
    await Promise.resolve();
    release();
    await expect(released).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("delays by a constant, and what is left of the timeout is what the next one has", async () => {
    const time = manualTime({ sleeping: "skip" });
    const { asked, transport } = end();
    const latency = { kind: "latency", delay: "250ms" } as const;
    const layered = fault({ faults: [{ effect: latency }, { effect: latency }] }, { time })(transport);
    await layered.handle(api("PutImage"), { requestTimeout: 700 });
    expect(time.slept).toEqual([500]);
    expect(asked[0]?.options?.requestTimeout).toBe(200);
    await expect(layered.handle(api("PutImage"), { requestTimeout: 400 })).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });

  it.each([
    [{ min: 100, max: 300 }, 200, 298],
    [{ median: 100, p99: 1_000 }, 100, 1_000],
  ])("delays by a distribution: %o has its median and its 99th percentile", async (delay, median, p99) => {
    const time = manualTime({ sleeping: "skip" });
    const layered = fault({ faults: [{ effect: { kind: "latency", delay } }] }, { time })(end().transport);
    for (let call = 0; call < 4_000; call++) await layered.handle(api("PutImage"));
    const sorted = time.slept.toSorted((a, b) => a - b);
    expect(Math.abs((sorted[2_000] ?? 0) / median - 1)).toBeLessThan(0.05);
    expect(Math.abs((sorted[3_960] ?? 0) / p99 - 1)).toBeLessThan(0.1);
  });

  it("slows a body down to its rate", async () => {
    const time = manualTime({ sleeping: "skip" });
    const { transport } = end();
    const plan = { faults: [{ effect: { kind: "slow-body", bytesPerSecond: 20 } }] } as const;
    const { response } = await fault(plan, { time })(transport).handle(v2("GET", "/_layers/sha256:0"));
    expect(await textOf(response)).toBe("0123456789");
    expect(time.slept).toEqual([100, 100, 100, 100, 100]);
  });

  it.each<[string, Uint8Array | Readable, number | undefined, string]>([
    ["bytes in their middle", Buffer.from("0123456789"), undefined, "01234"],
    ["a stream in its middle", Readable.from([Buffer.from("012"), Buffer.from("3456789")]), undefined, "01234"],
    ["bytes where it is told to", Buffer.from("0123456789"), 2, "01"],
    ["bytes at once", Buffer.from("0123456789"), 0, ""],
  ])("truncates %s", async (_, body, bytes, kept) => {
    const effect = { kind: "truncated-body", bytes } as const;
    const { response } = await fault({ faults: [{ effect }] })(end(body).transport).handle(
      v2("GET", "/_layers/sha256:0"),
    );
    expect(response.headers["content-length"]).toBe("10");
    let text = "";
    const read = async (): Promise<void> => {
      for await (const chunk of response.body as Readable) text += String(chunk);
    };
    await expect(read()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(text).toBe(kept);
  });

  it("gives a manifest and a layer other bytes than their digest says, and nothing else", async () => {
    const effect = { kind: "wrong-digest" } as const;
    const json = Buffer.from(JSON.stringify({ images: [{ imageManifest: "{}" }], failures: [] }));
    const onApi = await answerOf(effect, api("BatchGetImage"), json);
    expect(JSON.parse(onApi.text)).toEqual({ images: [{ imageManifest: "{} " }], failures: [] });
    expect((await answerOf(effect, v2("GET", "/v2/app/manifests/a"))).text).toBe("1123456789");
    const stream = Readable.from([Buffer.from("01"), Buffer.from("23")]);
    expect((await answerOf(effect, v2("GET", "/_layers/sha256:0"), stream)).text).toBe("1123");
    const other = await answerOf(effect, api("ListImages"));
    expect(other.text).toBe("0123456789");
    expect(other.response.headers["x-ecrkit-fault"]).toBeUndefined();
  });

  it("with content that is wrong waits for content: a redirect, a failure, a HEAD and no image are not counted", async () => {
    const plan = { faults: [{ count: 1, effect: { kind: "wrong-digest" } }] } as const;
    const answers: HttpResponse[] = [
      { statusCode: 307, headers: { location: "/_layers/sha256:0" }, body: Buffer.from("") },
      { statusCode: 404, headers: {}, body: Buffer.from("{}") },
      { statusCode: 200, headers: {}, body: Buffer.from('{"images":[],"failures":[{}]}') },
      { statusCode: 200, headers: {}, body: Buffer.from("0123") },
      { statusCode: 200, headers: {}, body: Buffer.from("0123") },
    ];
    const { layer, tally } = faults(plan);
    const layered = layer({ handle: async () => ({ response: answers.shift() as HttpResponse }) });
    const blob = v2("GET", "/v2/app/blobs/sha256:0");
    for (const request of [blob, blob, api("BatchGetImage")])
      expect((await layered.handle(request)).response.headers).not.toHaveProperty("x-ecrkit-fault");
    await layered.handle({ ...v2("HEAD", "/v2/app/manifests/a") });
    expect(tally()).toMatchObject([{ matched: 0, struck: 0 }]);
    expect(await textOf((await layered.handle(v2("GET", "/_layers/sha256:0"))).response)).toBe("1123");
    expect(tally()).toMatchObject([{ matched: 1, struck: 1 }]);
  });

  it("leaves a body that was a stream to the one after it, when it had to be read", async () => {
    const { asked, transport } = end();
    const layered = fault({ faults: [{ repository: "app", effect: { kind: "throttle" } }] })(transport);
    await layered.handle({
      ...api("PutImage"),
      body: Readable.from([Buffer.from('{"repositoryName":'), Buffer.from('"b"}')]),
    });
    expect(String(asked[0]?.request.body)).toBe('{"repositoryName":"b"}');
  });
});

describe("a plan", () => {
  it.each([
    [[], "the fault plan must be an object, got []"],
    [{ faults: {} }, "the fault plan.faults must be a list, got {}"],
    [{ faults: [{}] }, "faults[0].effect must have a kind, one of throttle, server-error,"],
    [{ faults: [{ effect: { kind: "flood" } }] }, "faults[0].effect must have a kind"],
    [{ faults: [{ effect: { kind: "hang", ms: 1 } }] }, "faults[0].effect.ms is not known; known are kind, got 1"],
    [{ faults: [{ rate: 7, effect: { kind: "hang" } }] }, "faults[0].rate must be a number from 0 to 1, got 7"],
    [
      { faults: [{ calls: [0], effect: { kind: "hang" } }] },
      "faults[0].calls must be a whole number from 1 up, got [0]",
    ],
    [
      { faults: [{ from: "soon", effect: { kind: "hang" } }] },
      'faults[0].from must be milliseconds or a duration such as "90s" or "12h", got "soon"',
    ],
    [{ faults: [{ effect: { kind: "latency", delay: { min: 2, max: 1 } } }] }, "must have its smaller duration first"],
    [{ faults: [{ effect: { kind: "server-error", status: 418 } }] }, "must be one of 500, 502, 503, 504, got 418"],
  ])("%j is refused with what is wrong with it", (plan, message) => {
    expect(() => fault(plan as never)).toThrow(message);
  });
});
