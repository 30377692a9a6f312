import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { Distribution } from "../../src/client/distribution/distribution.js";
import { digestOf, mediaTypes } from "../../src/index.js";
import type { LocalEcrOptions } from "../../src/local.js";
import type { HttpRequest, Layer, Transport } from "../../src/transport/transport.js";
import { blobOf, configOf, indexOf, manifestOf } from "../fixtures/image-parts.js";
import { DOORS, inProcess, type OpenDoor, onSocket, type RegistryDoor } from "../fixtures/registry-door.js";
import { rejection } from "../fixtures/scripted-client.js";

const doors: RegistryDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

/** A layer that is large enough to be served through a redirect, and streamed. */
const large = blobOf(randomBytes(3 * 1024 * 1024));
const small = blobOf("a small layer");
const config = configOf("linux/amd64");
const manifest = Buffer.from(manifestOf(config, [large, small]));
const scope = {};

/** The private registry of an account with repositories `app` and `other`, by its `/v2/`. */
async function started(open: OpenDoor = inProcess, options: LocalEcrOptions = {}, ...layers: readonly Layer[]) {
  const door = await open(options, ...layers);
  doors.push(door);
  const ecr = door.client();
  for (const repositoryName of ["app", "other"]) await ecr.call("CreateRepository", { repositoryName });
  const v2 = await door.distribution(ecr);
  return { door, ecr, v2 };
}

const sourceOf = ({ digest, size, bytes }: typeof large, repository = "app", pieceBytes = 100_000) => ({
  repository,
  digest,
  sizeBytes: size,
  async *open() {
    for (let at = 0; at < size; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  },
});

async function pushed(v2: Distribution, repository = "app"): Promise<void> {
  for (const blob of [large, small, config]) await v2.putBlob(sourceOf(blob, repository), {}, scope);
  const source = { bytes: manifest, mediaType: mediaTypes.ociManifest };
  await v2.putManifest({ repository, reference: "v1" }, source, scope);
}

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Keeps what is asked for. */
const watching =
  (seen: HttpRequest[]): Layer =>
  (next: Transport): Transport => ({
    ...next,
    handle(request, options) {
      seen.push(request);
      return next.handle(request, options);
    },
  });

const asked = (seen: readonly HttpRequest[], pattern: RegExp): readonly string[] =>
  seen
    .map(({ method, path }) => `${method} ${path.replace(/uploads\/.+/, "uploads/ID")}`)
    .filter((one) => pattern.test(one));

describe.each(DOORS)("a registry by its /v2/, $name", ({ open }) => {
  it("takes an image in, and gives it back byte for byte", async () => {
    const { v2, ecr } = await started(open);
    await pushed(v2);
    const found = await v2.manifest({ repository: "app", reference: "v1" }, scope);
    expect(found).toEqual({ bytes: found.bytes, mediaType: mediaTypes.ociManifest, digest: digestOf(manifest) });
    expect(Buffer.from(found.bytes)).toEqual(manifest);
    for (const blob of [large, small, config])
      expect((await bytesOf(v2.blob({ repository: "app", ...blob }, scope))).equals(blob.bytes)).toBe(true);
    expect((await ecr.images.describe("app", [{ imageTag: "v1" }])).images).toMatchObject([
      { imageDigest: digestOf(manifest) },
    ]);
  });

  it("takes a blob in pieces", async () => {
    const { v2 } = await started(open);
    expect(await v2.putBlob(sourceOf(large), { chunkBytes: 1_000_000 }, scope)).toBe("uploaded");
    expect(await v2.blobSize({ repository: "app", digest: large.digest }, scope)).toBe(large.size);
  });

  it("says what it has without giving it, and that it has not", async () => {
    const { v2 } = await started(open);
    await pushed(v2);
    expect(await v2.manifestHead({ repository: "app", reference: "v1" }, scope)).toEqual({
      mediaType: mediaTypes.ociManifest,
      digest: digestOf(manifest),
      sizeBytes: manifest.byteLength,
    });
    expect(await v2.manifestHead({ repository: "app", reference: "v2" }, scope)).toBeUndefined();
    expect(await v2.blobSize({ repository: "app", digest: small.digest }, scope)).toBe(small.size);
    expect(await v2.blobSize({ repository: "app", digest: digestOf("none") }, scope)).toBeUndefined();
  });

  it("takes a blob from another repository where it lets it, and in full where not", async () => {
    const { v2, ecr } = await started(open);
    await pushed(v2);
    expect(await v2.mountBlob({ repository: "other", digest: large.digest }, "app", scope)).toBe(false);
    expect(await v2.putBlob(sourceOf(small, "other"), { mountFrom: "app" }, scope)).toBe("uploaded");
    await ecr.call("PutAccountSetting", { name: "BLOB_MOUNTING", value: "ENABLED" });
    expect(await v2.mountBlob({ repository: "other", digest: large.digest }, "app", scope)).toBe(true);
    expect(await v2.putBlob(sourceOf(config, "other"), { mountFrom: "app" }, scope)).toBe("mounted");
    expect(await v2.blobSize({ repository: "other", digest: large.digest }, scope)).toBe(large.size);
  });

  it("lists what refers to an image, by type", async () => {
    const { v2 } = await started(open);
    await pushed(v2);
    const subject = { mediaType: mediaTypes.ociManifest, digest: digestOf(manifest), size: manifest.byteLength };
    for (const artifactType of ["application/signature", "application/sbom"]) {
      const bytes = Buffer.from(manifestOf(config, [], { subject, artifactType }));
      const name = { repository: "app", reference: digestOf(bytes) };
      expect(await v2.putManifest(name, { bytes, mediaType: mediaTypes.ociManifest }, scope)).toBe(digestOf(bytes));
    }
    const of = { repository: "app", digest: digestOf(manifest) };
    expect(await v2.referrers(of, scope)).toHaveLength(2);
    const sboms = await v2.referrers({ ...of, artifactType: "application/sbom" }, scope);
    expect(sboms).toMatchObject([{ artifactType: "application/sbom" }]);
    expect(await v2.referrers({ repository: "app", digest: digestOf("none") }, scope)).toEqual([]);
  });

  it("says what is wrong by kind, with operation and region", async () => {
    const { v2, ecr } = await started(open);
    await pushed(v2);
    await ecr.call("PutImageTagMutability", { repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    const wrong = Buffer.from(manifestOf(config, [blobOf("never uploaded")]));
    const list = Buffer.from(indexOf([{ manifest: manifestOf(config, []) }]));
    const put = (bytes: Uint8Array, mediaType: string = mediaTypes.ociManifest, reference = "v1") =>
      v2.putManifest({ repository: "app", reference }, { bytes, mediaType }, scope);
    const cases: readonly (readonly [() => Promise<unknown>, string, string])[] = [
      [() => v2.manifest({ repository: "none", reference: "v1" }, scope), "RepositoryNotFound", "BatchGetImage"],
      [() => v2.manifest({ repository: "app", reference: "v9" }, scope), "ImageNotFound", "BatchGetImage"],
      [
        () => bytesOf(v2.blob({ repository: "app", digest: digestOf("none") }, scope)),
        "LayersNotFound",
        "GetDownloadUrlForLayer",
      ],
      [() => put(Buffer.from(manifestOf(config, [small]))), "ImageTagAlreadyExists", "PutImage"],
      [() => put(wrong, mediaTypes.ociManifest, "v2"), "LayersNotFound", "PutImage"],
      [() => put(list, mediaTypes.ociIndex, "v2"), "ReferencedImagesNotFound", "PutImage"],
      [() => put(Buffer.from("{"), mediaTypes.ociManifest, "v2"), "InvalidParameter", "PutImage"],
      [
        () => v2.putBlob({ ...sourceOf(small), digest: digestOf("other") }, {}, scope),
        "InvalidLayer",
        "CompleteLayerUpload",
      ],
    ];
    for (const [call, kind, operation] of cases)
      expect(await rejection(call())).toMatchObject({ kind, operation, region: "eu-west-1", attempts: 1 });
  });

  it("takes a tag that names the image already for a success, immutable or not", async () => {
    const { v2, ecr } = await started(open);
    await pushed(v2);
    await ecr.call("PutImageTagMutability", { repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    await expect(pushed(v2)).resolves.toBeUndefined();
  });
});

describe("a blob that is read", () => {
  it.each(DOORS)("is taken up where its stream broke off, $name", async ({ open }) => {
    const seen: HttpRequest[] = [];
    const { v2, door } = await started(open, {}, watching(seen));
    await pushed(v2);
    const effect = { kind: "truncated-body", bytes: 1_000_000 } as const;
    door.local.faults.use({ faults: [{ operation: "DownloadLayer", count: 2, effect }] });
    const read = await bytesOf(v2.blob({ repository: "app", digest: large.digest }, scope));
    expect(read.equals(large.bytes)).toBe(true);
    const layers = seen.filter(({ path }) => path.startsWith("/_layers/"));
    expect(layers.map(({ headers }) => headers["range"])).toEqual([undefined, "bytes=1000000-", "bytes=2000000-"]);
    // The login is the registry's alone.
    expect(layers.filter(({ headers }) => "authorization" in headers)).toEqual([]);
  });

  it("fails when it comes with other bytes, of which the end is never given", async () => {
    const { v2, door } = await started();
    await pushed(v2);
    door.local.faults.use({ faults: [{ operation: "DownloadLayer", effect: { kind: "wrong-digest" } }] });
    const call = bytesOf(v2.blob({ repository: "app", digest: large.digest }, scope));
    expect(await rejection(call)).toMatchObject({
      kind: "ImageDigestMismatch",
      message: expect.stringContaining("it came with other content than its digest names"),
    });
  });

  it("fails when it has another size than was told", async () => {
    const { v2 } = await started();
    await pushed(v2);
    const read = (sizeBytes: number) =>
      rejection(bytesOf(v2.blob({ repository: "app", digest: small.digest, sizeBytes }, scope)));
    expect(await read(5)).toMatchObject({ kind: "ImageDigestMismatch" });
    expect(await read(50)).toMatchObject({ kind: "ImageDigestMismatch" });
  });

  it("gives up when a stream brings nothing again and again", async () => {
    const { v2, door } = await started();
    await pushed(v2);
    const effect = { kind: "truncated-body", bytes: 0 } as const;
    door.local.faults.use({ faults: [{ operation: "DownloadLayer", effect }] });
    const call = bytesOf(v2.blob({ repository: "app", digest: large.digest }, scope));
    expect(await rejection(call)).toMatchObject({ kind: "Connection", operation: "GetDownloadUrlForLayer" });
    expect(door.local.faults.tally()[0]?.struck).toBe(3);
  });

  it("ends with its reader's signal, in the middle of a stream", async () => {
    const { v2 } = await started(onSocket);
    await pushed(v2);
    const over = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of v2.blob({ repository: "app", digest: large.digest }, { signal: over.signal }))
        over.abort("enough");
    };
    expect(await rejection(read())).toMatchObject({ kind: "Aborted", cause: "enough" });
  });

  it("that stands still is taken up on another connection", async () => {
    let layers = 0;
    const stalling: Layer = (next) => ({
      ...next,
      async handle(request, options) {
        const { response } = await next.handle(request, options);
        if (!request.path.startsWith("/_layers/") || layers++ > 0) return { response };
        const { body } = response;
        if (body === undefined || body instanceof Uint8Array) throw new Error("the layer was expected to be streamed");
        const first = await body[Symbol.asyncIterator]().next();
        const { Readable } = await import("node:stream");
        const stalled = new Readable({ read: () => undefined });
        stalled.push(first.value);
        return { response: { ...response, body: stalled } };
      },
    });
    const { door, ecr, v2: pushing } = await started(onSocket, {}, stalling);
    await pushed(pushing);
    const v2 = await door.distribution(ecr, { requestTimeoutMs: 100 });
    const read = await bytesOf(v2.blob({ repository: "app", digest: large.digest }, scope));
    expect(read.equals(large.bytes)).toBe(true);
    expect(layers).toBe(2);
  });
});

describe("a blob that is stored", () => {
  it.each(DOORS)(
    "is sent again in a session of its own after its answer was lost, unless it is there, $name",
    async ({ open }) => {
      const seen: HttpRequest[] = [];
      const { v2, door } = await started(open, {}, watching(seen));
      const effect = { kind: "reset", when: "after" } as const;
      door.local.faults.use({ faults: [{ operation: "CompleteLayerUpload", count: 1, effect }] });
      expect(await v2.putBlob(sourceOf(small), {}, scope)).toBe("uploaded");
      expect(asked(seen, /blobs/)).toEqual([
        "POST /v2/app/blobs/uploads/",
        "PUT /v2/app/blobs/uploads/ID",
        `HEAD /v2/app/blobs/${small.digest}`,
      ]);
      door.local.faults.use({ faults: [{ operation: "CompleteLayerUpload", count: 1, effect: { kind: "reset" } }] });
      expect(await v2.putBlob(sourceOf(config), {}, scope)).toBe("uploaded");
      expect(await v2.blobSize({ repository: "app", digest: config.digest }, scope)).toBe(config.size);
    },
  );

  it.each(["before", "after"] as const)(
    "in pieces repeats only the one whose answer was lost %s it was stored",
    async (when) => {
      const seen: HttpRequest[] = [];
      const { v2, door } = await started(inProcess, {}, watching(seen));
      door.local.faults.use({ faults: [{ operation: "UploadLayerPart", calls: 2, effect: { kind: "reset", when } }] });
      await v2.putBlob(sourceOf(large), { chunkBytes: 1_000_000 }, scope);
      expect(await v2.blobSize({ repository: "app", digest: large.digest }, scope)).toBe(large.size);
      const ranges = seen.filter(({ method }) => method === "PATCH").map(({ headers }) => headers["content-range"]);
      const again = when === "before" ? ["1000000-1999999"] : [];
      expect(ranges).toEqual(["0-999999", "1000000-1999999", ...again, "2000000-2999999", "3000000-3145727"]);
    },
  );

  it("is throttled and tried again like any call", async () => {
    const { v2, door } = await started();
    const faults = ["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "PutImage"].map((operation) => ({
      operation,
      count: 1,
      effect: { kind: "throttle" } as const,
    }));
    door.local.faults.use({ faults });
    await v2.putBlob(sourceOf(large), { chunkBytes: 2_000_000 }, scope);
    await pushed(v2);
    expect(door.local.faults.tally().map(({ struck }) => struck)).toEqual([1, 1, 1, 1]);
  });
});

describe("a login", () => {
  it("that is refused is renewed, once, and the request sent again", async () => {
    const seen: HttpRequest[] = [];
    const { v2, door } = await started(inProcess, {}, watching(seen));
    await pushed(v2);
    const tokens = () =>
      seen.filter(({ headers }) => headers["x-amz-target"]?.endsWith("GetAuthorizationToken")).length;
    expect(tokens()).toBe(1);
    await door.local.time.advance("13h");
    expect((await v2.manifest({ repository: "app", reference: "v1" }, scope)).digest).toBe(digestOf(manifest));
    expect(tokens()).toBe(2);
    door.local.faults.use({ faults: [{ operation: "BatchGetImage", effect: { kind: "expired-token" } }] });
    expect(await rejection(v2.manifest({ repository: "app", reference: "v1" }, scope))).toMatchObject({
      kind: "ExpiredToken",
      category: "credential",
      attempts: 2,
    });
    expect(tokens()).toBe(3);
  });

  it("is in no error", async () => {
    const { v2, ecr } = await started();
    const secret = (await ecr.auth.token()).authorizationToken.reveal();
    const error = await rejection(v2.manifest({ repository: "none", reference: "v1" }, scope));
    expect(JSON.stringify(error) + String(error)).not.toContain(secret);
  });
});

describe("a client that only reads", () => {
  it("sends nothing that writes", async () => {
    const { door, ecr } = await started();
    const v2 = await door.distribution(ecr, { readOnly: true });
    expect(await rejection(v2.putBlob(sourceOf(small), {}, scope))).toMatchObject({ kind: "ReadOnly" });
    expect(await v2.blobSize({ repository: "app", digest: small.digest }, scope)).toBeUndefined();
  });
});
