import { createHash, randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { LocalEcrOptions } from "../../src/local.js";
import { manualTime } from "../../src/time.js";
import { type Door, inProcess, jsonCall, login, type RawAnswer, type RawRequest } from "../contract/transport/doors.js";

const sha256 = (bytes: Uint8Array | string): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const doors: Door[] = [];
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
});

type Send = (method: string, target: string, rest?: Pick<RawRequest, "headers" | "body">) => Promise<RawAnswer>;

/** A repository `app` and a way to speak `/v2/` to it. */
async function repository(options: LocalEcrOptions = {}): Promise<{ door: Door; send: Send }> {
  const door = await inProcess(options);
  doors.push(door);
  await door.send(jsonCall("CreateRepository", { repositoryName: "app" }));
  const token = await login(door);
  const send: Send = (method, target, { headers = {}, ...rest } = {}) =>
    door.send({ method, target: `/v2/app/${target}`, headers: { ...token, ...headers }, ...rest });
  return { door, send };
}

async function openUpload(send: Send): Promise<string> {
  const { headers } = await send("POST", "blobs/uploads/");
  return `blobs/uploads/${headers["docker-upload-uuid"]}`;
}

async function push(send: Send, bytes: Uint8Array | string): Promise<string> {
  const digest = sha256(bytes);
  expect((await send("POST", `blobs/uploads/?digest=${digest}`, { body: bytes })).status).toBe(201);
  return digest;
}

describe("an upload in chunks", () => {
  it("answers each chunk with 201, as ECR does, and how far it has come", async () => {
    const { send } = await repository();
    const upload = await openUpload(send);
    const { status, headers } = await send("PATCH", upload, { body: "12345", headers: { "content-range": "0-4" } });
    expect({ status, range: headers["range"], location: headers["location"] }).toEqual({
      status: 201,
      range: "0-4",
      location: `/v2/app/${upload}`,
    });
  });

  it("answers each chunk with 202 in the profile of OCI", async () => {
    const { send } = await repository({ profile: "oci" });
    expect((await send("PATCH", await openUpload(send), { body: "12345" })).status).toBe(202);
  });

  it("becomes one blob, its last chunk with the PUT or before it", async () => {
    const { send } = await repository();
    const digest = sha256("12345678");
    const first = await openUpload(send);
    await send("PATCH", first, { body: "12345", headers: { "content-range": "0-4" } });
    await send("PATCH", first, { body: "678", headers: { "content-range": "5-7" } });
    expect((await send("PUT", `${first}?digest=${digest}`)).status).toBe(201);
    const second = await openUpload(send);
    await send("PATCH", second, { body: "1234" });
    expect((await send("PUT", `${second}?digest=${digest}`, { body: "5678" })).status).toBe(201);
    expect((await send("GET", `blobs/${digest}`)).body.toString()).toBe("12345678");
  });

  it.each([
    ["a gap", { "content-range": "6-8" }],
    ["a part that is there already", { "content-range": "4-6" }],
    ["a range of another length", { "content-range": "5-8" }],
    ["a range that is none", { "content-range": "five to eight" }],
  ])("refuses %s with 416 and goes on from where it was", async (_name, headers) => {
    const { send } = await repository();
    const upload = await openUpload(send);
    await send("PATCH", upload, { body: "12345" });
    const refused = await send("PATCH", upload, { body: "678", headers });
    expect(refused.status).toBe(416);
    expect(JSON.parse(refused.body.toString()).errors[0].code).toBe("BLOB_UPLOAD_INVALID");
    expect((await send("GET", upload)).headers["range"]).toBe("0-4");
    await send("PATCH", upload, { body: "678", headers: { "content-range": "5-7" } });
    expect((await send("PUT", `${upload}?digest=${sha256("12345678")}`)).status).toBe(201);
  });

  it("is gone when it is cancelled, completed or found to be wrong", async () => {
    const { send } = await repository();
    const cancelled = await openUpload(send);
    expect((await send("DELETE", cancelled)).status).toBe(204);
    const completed = await openUpload(send);
    await send("PUT", `${completed}?digest=${sha256("1")}`, { body: "1" });
    const wrong = await openUpload(send);
    expect((await send("PUT", `${wrong}?digest=${sha256("2")}`, { body: "1" })).status).toBe(400);
    for (const upload of [cancelled, completed, wrong]) expect((await send("GET", upload)).status).toBe(404);
    expect((await send("HEAD", `blobs/${sha256("2")}`)).status).toBe(404);
  });

  it("belongs to its repository", async () => {
    const { door, send } = await repository();
    await door.send(jsonCall("CreateRepository", { repositoryName: "other" }));
    const upload = await openUpload(send);
    expect((await send("PATCH", upload, { body: "1" })).status).toBe(201);
    const elsewhere = { method: "PATCH", target: `/v2/other/${upload}`, headers: await login(door), body: "1" };
    expect((await door.send(elsewhere)).status).toBe(404);
  });
});

describe("a large blob", () => {
  const bytes = randomBytes(64 * 1024);

  it("is answered with a redirect to a signed URL on the same origin, which needs no login and honours ranges", async () => {
    const { door, send } = await repository();
    const digest = await push(send, bytes);
    const { status, headers } = await send("GET", `blobs/${digest}`);
    expect(status).toBe(307);
    const url = new URL(headers["location"] ?? "");
    expect(url.host).toBe("123456789012.dkr.ecr.eu-west-1.localhost");
    const target = url.pathname + url.search;
    expect((await door.send({ method: "GET", target })).body.equals(bytes)).toBe(true);
    const part = await door.send({ method: "GET", target, headers: { range: "bytes=1-2" } });
    expect({ status: part.status, body: part.body }).toEqual({ status: 206, body: bytes.subarray(1, 3) });
    const changed = target.replace(/Signature=./, (text) => `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`);
    expect((await door.send({ method: "GET", target: changed })).status).toBe(403);
  });

  it("has a URL that expires after an hour", async () => {
    const time = manualTime();
    const { door, send } = await repository({ time });
    const { headers } = await send("GET", `blobs/${await push(send, bytes)}`);
    const { pathname, search } = new URL(headers["location"] ?? "");
    await time.advance("59m");
    expect((await door.send({ method: "HEAD", target: pathname + search })).status).toBe(200);
    await time.advance("1m");
    expect((await door.send({ method: "HEAD", target: pathname + search })).status).toBe(403);
  });

  it("is answered itself in the profile of OCI", async () => {
    const { send } = await repository({ profile: "oci" });
    const { status, body } = await send("GET", `blobs/${await push(send, bytes)}`);
    expect({ status, same: body.equals(bytes) }).toEqual({ status: 200, same: true });
  });
});

describe("a login", () => {
  it("ends after twelve hours with ECR's own words", async () => {
    const time = manualTime();
    const { send } = await repository({ time });
    await time.advance("12h");
    const { status, body } = await send("GET", "tags/list");
    expect(status).toBe(403);
    expect(JSON.parse(body.toString())).toEqual({
      errors: [{ code: "DENIED", message: "Your authorization token has expired. Reauthenticate and try again." }],
    });
  });
});

describe("tags", () => {
  it("come in pages that a link leads through, by an opaque token", async () => {
    const { door, send } = await repository({ layers: "unchecked" });
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] });
    for (const tag of ["c", "a", "b"])
      await send("PUT", `manifests/${tag}`, { body: manifest, headers: { "content-type": mediaType } });
    const first = await send("GET", "tags/list?n=2");
    expect(JSON.parse(first.body.toString())).toEqual({ name: "app", tags: ["a", "b"] });
    const [, next = ""] =
      /^<http:\/\/[^/]+(\/v2\/app\/tags\/list\?n=2&last=[^>]+)>; rel="next"$/.exec(first.headers["link"] ?? "") ?? [];
    const second = await door.send({ method: "GET", target: next, headers: await login(door) });
    expect(JSON.parse(second.body.toString())).toEqual({ name: "app", tags: ["c"] });
    expect(second.headers["link"]).toBeUndefined();
  });

  it("that are immutable are refused as TAG_INVALID", async () => {
    const { door, send } = await repository();
    await door.send(jsonCall("PutImageTagMutability", { repositoryName: "app", imageTagMutability: "IMMUTABLE" }));
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const put = (annotations: object): Promise<RawAnswer> =>
      send("PUT", "manifests/v1", {
        body: JSON.stringify({ schemaVersion: 2, mediaType, manifests: [], annotations }),
        headers: { "content-type": mediaType },
      });
    expect((await put({})).status).toBe(201);
    const { status, body } = await put({ changed: "yes" });
    expect(status).toBe(400);
    expect(JSON.parse(body.toString()).errors[0]).toEqual({
      code: "TAG_INVALID",
      message:
        "The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the repository is immutable.",
    });
  });
});

describe("a push", () => {
  it("is at once in DescribeImages", async () => {
    const { door, send } = await repository();
    const layer = "a layer";
    const config = "{}";
    const mediaType = "application/vnd.docker.distribution.manifest.v2+json";
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: {
        mediaType: "application/vnd.docker.container.image.v1+json",
        digest: await push(send, config),
        size: 2,
      },
      layers: [
        { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", digest: await push(send, layer), size: 7 },
      ],
    });
    await send("PUT", "manifests/v1", { body: manifest, headers: { "content-type": mediaType } });
    const { body } = await door.send(jsonCall("DescribeImages", { repositoryName: "app" }));
    expect(JSON.parse(body.toString()).imageDetails).toMatchObject([
      { imageDigest: sha256(manifest), imageTags: ["v1"], imageSizeInBytes: 9, imageManifestMediaType: mediaType },
    ]);
  });
});
