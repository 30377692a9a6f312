import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { rejection } from "../../../test/fixtures/scripted-client.js";
import { registryAnswer, registryOver, registryRefusal } from "../../../test/fixtures/scripted-registry.js";
import { answering, failure, type ScriptedTransport, scripted } from "../../../test/fixtures/scripted-transport.js";
import { digestOf } from "../../image/digest.js";
import { mediaTypes } from "../../image/media-types.js";
import { circuitBreaker } from "../../resilience/breaker.js";
import type { LimiterKey } from "../../resilience/limiter.js";
import type { PipelineObserver, Step } from "../../telemetry/pipeline-observer.js";
import type { HttpResponse } from "../../transport/transport.js";
import { gathered } from "./content.js";

const content = Buffer.from("0123456789");
const blob = { repository: "app", digest: digestOf(content) };
const image = { repository: "app", reference: "v1" };
const scope = {};

/** A body that ends with an error after its text. */
const breaking = (text: string): Readable =>
  Readable.from(
    (async function* () {
      yield Buffer.from(text);
      throw failure("ECONNRESET");
    })(),
    { objectMode: false },
  );

const streamed = (statusCode: number, headers: Record<string, string>, body: Readable): HttpResponse => ({
  ...{ statusCode, headers, body },
});

const lines = ({ requests }: ScriptedTransport): readonly string[] =>
  requests.map(({ method, path, headers }) =>
    `${method} ${path} ${headers["range"] ?? headers["content-range"] ?? ""}`.trim(),
  );

describe("a blob whose stream broke off", () => {
  it("is read on from a registry that knows no ranges, past what came already", async () => {
    const transport = scripted(streamed(200, {}, breaking("01234")), registryAnswer(200, {}, content));
    const { v2 } = registryOver(transport);
    expect((await gathered(v2.blob(blob, scope))).toString()).toBe("0123456789");
    expect(lines(transport)[1]).toBe(`GET /v2/app/blobs/${blob.digest} bytes=5-`);
  });

  it("is whole when it broke off after its last byte", async () => {
    const transport = scripted(streamed(200, { "content-length": "10" }, breaking("0123456789")));
    const { v2 } = registryOver(transport);
    expect((await gathered(v2.blob(blob, scope))).toString()).toBe("0123456789");
  });

  it("is not whole when it merely ended early", async () => {
    const transport = scripted(
      streamed(200, { "content-length": "10" }, Readable.from([Buffer.from("012")])),
      registryAnswer(206, { "content-range": "bytes 3-9/10", "content-length": "7" }, "3456789"),
    );
    const { v2 } = registryOver(transport);
    expect((await gathered(v2.blob(blob, scope))).toString()).toBe("0123456789");
  });

  it.each(["bytes 4-9/10", "bytes */10", "nonsense", undefined])(
    "is not pieced together with the range %j",
    async (range) => {
      const headers = range === undefined ? {} : { "content-range": range };
      const transport = scripted(streamed(200, {}, breaking("01234")), registryAnswer(206, headers, "56789"));
      const { v2 } = registryOver(transport);
      expect(await rejection(gathered(v2.blob(blob, scope)))).toMatchObject({ kind: "InvalidResponse" });
    },
  );

  it("is not taken up without a policy to try again", async () => {
    const { v2 } = registryOver(scripted(streamed(200, {}, breaking("01234"))), { retry: undefined });
    expect(await rejection(gathered(v2.blob(blob, scope)))).toMatchObject({
      kind: "Connection",
      operation: "GetDownloadUrlForLayer",
      message: expect.stringContaining(
        `GetDownloadUrlForLayer on blob ${blob.digest} of repository "app" in eu-west-1`,
      ),
    });
  });

  it("lets go of its connection when its reader stops", async () => {
    const body = Readable.from([Buffer.from("0123"), Buffer.from("456789")]);
    const { v2 } = registryOver(scripted(streamed(200, {}, body)));
    for await (const _ of v2.blob(blob, scope)) break;
    expect(body.destroyed).toBe(true);
  });
});

describe("a manifest", () => {
  const manifest = '{"schemaVersion":2}';
  const digest = digestOf(manifest);
  const type = { "content-type": `${mediaTypes.ociManifest}; charset=utf-8` };

  it("without a digest in its answer has that of its bytes", async () => {
    const { v2 } = registryOver(scripted(registryAnswer(200, type, manifest)));
    const { bytes, ...rest } = await v2.manifest(image, scope);
    expect([Buffer.from(bytes).toString(), rest]).toEqual([manifest, { mediaType: mediaTypes.ociManifest, digest }]);
  });

  it("that a HEAD tells no digest of is read", async () => {
    const transport = scripted(registryAnswer(200, type), registryAnswer(200, type, manifest));
    const { v2 } = registryOver(transport);
    expect(await v2.manifestHead(image, scope)).toEqual({
      mediaType: mediaTypes.ociManifest,
      digest,
      sizeBytes: manifest.length,
    });
    expect(lines(transport)).toEqual(["HEAD /v2/app/manifests/v1", "GET /v2/app/manifests/v1"]);
  });

  it.each([
    ["by digest", { repository: "app", reference: digestOf("another") }, {}],
    ["by tag", image, { "docker-content-digest": digestOf("another") }],
    ["by tag, with a digest that is none", image, { "docker-content-digest": "nonsense" }],
  ])("%s with other bytes is refused", async (_, name, headers) => {
    const { v2 } = registryOver(scripted(registryAnswer(200, { ...type, ...headers }, manifest)));
    expect(await rejection(v2.manifest(name, scope))).toMatchObject({
      kind: "ImageDigestMismatch",
      operation: "BatchGetImage",
    });
  });

  it("larger than any is refused", async () => {
    const { v2 } = registryOver(scripted(registryAnswer(200, type, new Uint8Array(4_194_305))));
    expect(await rejection(v2.manifest(image, scope))).toMatchObject({ kind: "InvalidResponse" });
  });

  it("that is stored under another digest than its own is no success", async () => {
    const answer = registryAnswer(201, { "docker-content-digest": digestOf("another") });
    const { v2 } = registryOver(scripted(answer));
    const put = v2.putManifest(image, { bytes: Buffer.from(manifest), mediaType: mediaTypes.ociManifest }, scope);
    expect(await rejection(put)).toMatchObject({ kind: "ImageDigestMismatch", operation: "PutImage" });
  });

  it("whose answer was lost says so when it stays unknown", async () => {
    const { v2 } = registryOver(answering(() => Promise.reject(failure("ECONNRESET"))));
    const put = v2.putManifest(image, { bytes: Buffer.from(manifest), mediaType: mediaTypes.ociManifest }, scope);
    expect(await rejection(put)).toMatchObject({ kind: "Connection", ambiguous: true, attempts: 3 });
  });
});

describe("referrers", () => {
  const of = { repository: "app", digest: digestOf("subject") };
  const one = (name: string, artifactType: string) => ({
    ...{ mediaType: mediaTypes.ociManifest, digest: digestOf(name), size: 2, artifactType },
  });
  const index = (...manifests: readonly object[]): string =>
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests });
  const type = { "content-type": mediaTypes.ociIndex };

  it("are read over pages, and filtered where the registry does not", async () => {
    const link = `</v2/app/referrers/${of.digest}?artifactType=a&last=x>; rel="next"`;
    const transport = scripted(
      registryAnswer(200, { ...type, link }, index(one("1", "a"), one("2", "b"))),
      registryAnswer(200, type, index(one("3", "a"))),
    );
    const { v2 } = registryOver(transport);
    const found = await v2.referrers({ ...of, artifactType: "a" }, scope);
    expect(found.map(({ digest }) => digest)).toEqual([digestOf("1"), digestOf("3")]);
    expect(transport.requests.map(({ query }) => query)).toEqual([
      { artifactType: "a" },
      { artifactType: "a", last: "x" },
    ]);
  });

  it("of a registry without such a list are those under the digest's tag", async () => {
    const transport = scripted(registryAnswer(404), registryAnswer(200, type, index(one("1", "a"))));
    const { v2 } = registryOver(transport);
    expect(await v2.referrers(of, scope)).toHaveLength(1);
    expect(lines(transport)[1]).toBe(`GET /v2/app/manifests/${of.digest.replace(":", "-")}`);
    const none = registryOver(scripted(registryAnswer(404), registryRefusal(404, "MANIFEST_UNKNOWN")));
    expect(await none.v2.referrers(of, scope)).toEqual([]);
  });

  it("of a repository that is not there are an error", async () => {
    const { v2 } = registryOver(scripted(registryRefusal(404, "NAME_UNKNOWN")));
    expect(await rejection(v2.referrers(of, scope))).toMatchObject({ kind: "RepositoryNotFound" });
  });

  it.each(["[]", "{", index().replace("manifests", "others")])("that are none are an error: %s", async (body) => {
    const { v2 } = registryOver(scripted(registryAnswer(200, type, body)));
    expect(await rejection(v2.referrers(of, scope))).toMatchObject({
      kind: "InvalidResponse",
      operation: "ListImageReferrers",
    });
  });
});

describe("a blob that is sent in pieces", () => {
  const source = { ...blob, sizeBytes: 10, open: () => Readable.from([content.subarray(0, 3), content.subarray(3)]) };
  const session = (range?: string): HttpResponse =>
    registryAnswer(202, { location: "/v2/app/blobs/uploads/1", ...(range !== undefined && { range }) });
  const stored = registryAnswer(201, { location: "/v2/app/blobs/x" });

  it("goes on from the byte that the registry got to", async () => {
    const transport = scripted(
      session(),
      session(),
      failure("ECONNRESET"),
      session("0-6"),
      session(),
      session(),
      stored,
    );
    await registryOver(transport).v2.putBlob(source, { chunkBytes: 4 }, scope);
    expect(lines(transport)).toEqual([
      "POST /v2/app/blobs/uploads/",
      "PATCH /v2/app/blobs/uploads/1 0-3",
      "PATCH /v2/app/blobs/uploads/1 4-7",
      "GET /v2/app/blobs/uploads/1",
      "PATCH /v2/app/blobs/uploads/1 7-7",
      "PATCH /v2/app/blobs/uploads/1 8-9",
      "PUT /v2/app/blobs/uploads/1",
    ]);
    expect(transport.requests.map(({ body }) => String(body ?? "")).filter((body) => body !== "")).toEqual([
      "0123",
      "4567",
      "7",
      "89",
    ]);
  });

  it("takes a piece that is out of place after a lost answer for stored, whatever the registry says it got to", async () => {
    const steps = [session(), session(), failure("ECONNRESET"), session("0-3")];
    const transport = scripted(...steps, registryRefusal(416, "BLOB_UPLOAD_INVALID"), session(), stored);
    await registryOver(transport).v2.putBlob(source, { chunkBytes: 4 }, scope);
    expect(lines(transport).slice(4)).toEqual([
      "PATCH /v2/app/blobs/uploads/1 4-7",
      "PATCH /v2/app/blobs/uploads/1 8-9",
      "PUT /v2/app/blobs/uploads/1",
    ]);
  });

  it("sends the piece again where the registry cannot be asked", async () => {
    const steps = [session(), failure("ECONNRESET"), registryRefusal(405, "UNSUPPORTED")];
    const transport = scripted(...steps, session(), stored);
    await registryOver(transport).v2.putBlob(source, { chunkBytes: 10 }, scope);
    expect(lines(transport).slice(3)).toEqual(["PATCH /v2/app/blobs/uploads/1 0-9", "PUT /v2/app/blobs/uploads/1"]);
  });

  it("is refused when a piece is out of place although nothing was lost", async () => {
    const { v2 } = registryOver(scripted(session(), registryRefusal(416, "BLOB_UPLOAD_INVALID")));
    expect(await rejection(v2.putBlob(source, { chunkBytes: 4 }, scope))).toMatchObject({ kind: "InvalidLayerPart" });
  });

  it("sends the login to no other host that a session is on", async () => {
    const elsewhere = registryAnswer(202, { location: "https://uploads.example.com/v2/1" });
    const transport = scripted(elsewhere, elsewhere, stored);
    await registryOver(transport).v2.putBlob(source, { chunkBytes: 10 }, scope);
    expect(transport.requests.map(({ hostname, headers }) => [hostname.slice(0, 7), headers["authorization"]])).toEqual(
      [
        ["1234567", "Basic login"],
        ["uploads", undefined],
        ["uploads", undefined],
      ],
    );
  });
});

describe("the policies of a registry's requests", () => {
  const head = registryAnswer(200, { "content-length": "10" });

  it("wait for the limiter under the name of the operation, and tell it of throttles", async () => {
    const told: string[] = [];
    const note = (what: string) => (key: LimiterKey) =>
      void told.push(`${what} ${key.account} ${key.region} ${key.operation}`);
    const limiter = {
      acquire(key: LimiterKey) {
        note("acquire")(key);
        return Promise.resolve(5);
      },
      succeeded: note("succeeded"),
      throttled: note("throttled"),
    };
    const transport = scripted(registryRefusal(429, "TOOMANYREQUESTS", "Rate exceeded"), head);
    const { v2 } = registryOver(transport, { limiter, account: "123456789012" });
    expect(await v2.blobSize(blob, scope)).toBe(10);
    const name = "123456789012 eu-west-1 ecr:BatchCheckLayerAvailability";
    expect(told).toEqual([`acquire ${name}`, `throttled ${name}`, `acquire ${name}`, `succeeded ${name}`]);
  });

  it("refuse what an open circuit guards, and say what was not sent", async () => {
    const breaker = circuitBreaker("ecr in eu-west-1", { failures: 1 });
    const transport = scripted(failure("ECONNREFUSED"));
    const { v2 } = registryOver(transport, { breakerOf: () => breaker, retry: undefined });
    expect(await rejection(v2.blobSize(blob, scope))).toMatchObject({ kind: "Connection" });
    expect(await rejection(v2.blobSize(blob, scope))).toMatchObject({
      kind: "CircuitOpen",
      operation: "BatchCheckLayerAvailability",
      region: "eu-west-1",
      retryAfterMs: expect.any(Number),
    });
    expect(transport.requests).toHaveLength(1);
  });

  it("keep to the time of a call, and tell its transport what is left", async () => {
    const transport = answering(() => Promise.reject(failure("ECONNRESET")));
    const { v2, time } = registryOver(transport);
    const deadlineMs = time.now() + 150;
    expect(await rejection(v2.blobSize(blob, { deadlineMs }))).toMatchObject({ kind: "Connection" });
    expect(transport.options.map(({ requestTimeout }) => requestTimeout)).toEqual([150, 50]);
  });

  it("give an upload time by its size", async () => {
    const transport = scripted(registryAnswer(202, { location: "/v2/app/blobs/uploads/1" }), registryAnswer(201));
    const source = { ...blob, sizeBytes: 1024 * 1024, open: () => Readable.from([Buffer.alloc(1024 * 1024)]) };
    await registryOver(transport).v2.putBlob(source, {}, scope);
    expect(transport.options.map(({ requestTimeout }) => requestTimeout)).toEqual([5_000, 5_000 + 10_240]);
  });

  it("are watched as one call each", async () => {
    const seen: string[] = [];
    const step: Step = {
      step(name, work) {
        seen.push(name);
        return work(step);
      },
      note() {},
    };
    const observer: PipelineObserver = {
      call({ operation, service, region, access }, work) {
        seen.push(`${service} ${operation} ${region} ${access}`);
        return work(step);
      },
      token() {},
      circuit() {},
    };
    await registryOver(scripted(head), { observer }).v2.blobSize(blob, scope);
    expect(seen).toEqual(["ecr BatchCheckLayerAvailability eu-west-1 read", "checkToken", "execute", "http"]);
  });
});
