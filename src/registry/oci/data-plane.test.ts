import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  bareManifest,
  caller,
  imageManifest,
  indexManifest,
  OCI_INDEX,
  OCI_MANIFEST,
  refusal,
  sha256,
  type TestRegistry,
  target,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";
import { spoolBlobs } from "../blobs-spool.js";
import type { RegistryOptions } from "../create-registry.js";
import type { DataPlane } from "../registry.js";

let local: TestRegistry;
let data: DataPlane;
const app = target("app");

async function start(options: RegistryOptions = {}): Promise<void> {
  local = testRegistry({ layers: "unchecked", ...options });
  data = local.registry.data;
  await local.call("CreateRepository", { repositoryName: "app" });
}
beforeEach(async () => {
  await start();
});

async function* stream(...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}
const put = (reference: string, text: string, mediaType: string | undefined = OCI_MANIFEST) =>
  data.putManifest(caller, app, reference, { bytes: Buffer.from(text), mediaType });
const pull = (reference: string, accept?: readonly string[]) =>
  data.manifest(caller, app, reference, { accept, pull: true });
async function push(bytes: string, to = app): Promise<string> {
  const { uploadId } = await data.startUpload(caller, to);
  await data.append(caller, to, uploadId, stream(bytes));
  await data.completeUpload(caller, to, uploadId, sha256(bytes));
  return sha256(bytes);
}
const read = async (digest: string, range?: { firstByte: number; lastByte: number }): Promise<string> =>
  Buffer.concat(await (await data.blob(caller, app, digest)).open(range).toArray()).toString();

describe("a manifest", () => {
  it("comes back byte for byte, by tag and by digest, and is at once in the API", async () => {
    const text = bareManifest("x").replace("{", '{ "annotations": {"é": "🙂"},');
    expect(await put("v1", text)).toMatchObject({ digest: sha256(text) });
    for (const reference of ["v1", sha256(text)]) {
      const { bytes, ...rest } = await pull(reference);
      expect(rest).toEqual({ digest: sha256(text), mediaType: OCI_MANIFEST });
      expect(Buffer.from(bytes).toString()).toBe(text);
    }
    const { imageDetails } = await local.call("DescribeImages", { repositoryName: "app" });
    expect(imageDetails).toMatchObject([{ imageDigest: sha256(text), imageTags: ["v1"] }]);
  });

  it("may be pushed again and again, unless its tag is immutable", async () => {
    await put("v1", bareManifest("x"));
    expect(await put("v1", bareManifest("x"))).toMatchObject({ digest: sha256(bareManifest("x")) });
    await put(sha256(bareManifest("x")), bareManifest("x"));
    await local.call("PutImageTagMutability", { repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    expect(await refusal(put("v1", bareManifest("x")))).toMatchObject({
      code: "ImageTagAlreadyExistsException",
      message:
        "The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the repository is immutable.",
    });
  });

  it("pushed by digest has no tag, and must have that digest", async () => {
    const text = bareManifest("x");
    await put(sha256(text), text);
    expect((await local.call("ListImages", { repositoryName: "app" })).imageIds).toEqual([
      { imageDigest: sha256(text) },
    ]);
    expect(await refusal(put(sha256("other"), text))).toMatchObject({ code: "ImageDigestDoesNotMatchException" });
  });

  it("is refused when it is no JSON in UTF-8, under a tag that is none, or without a media type", async () => {
    const code = "InvalidParameterException";
    const latin1 = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xe9]), Buffer.from('"}')]);
    const bytes = data.putManifest(caller, app, "v1", { bytes: latin1, mediaType: OCI_MANIFEST });
    expect(await refusal(bytes)).toMatchObject({
      code,
      message: "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    });
    expect(await refusal(put(".x", bareManifest("x")))).toMatchObject({ code });
    const silent = bareManifest("x").replace(`"mediaType":"${OCI_MANIFEST}",`, "");
    const untyped = data.putManifest(caller, app, "v1", { bytes: Buffer.from(silent), mediaType: undefined });
    expect(await refusal(untyped)).toMatchObject({ code });
    await put("v1", silent, `${OCI_MANIFEST}; charset=utf-8`);
  });

  it("that nobody pushed, or of a kind the client does not take, is not found", async () => {
    await put("v1", bareManifest("x"));
    const expected = { code: "ImageNotFoundException", message: "Requested image not found" };
    for (const reference of ["v2", sha256("x"), "sha256:xyz", ".."])
      expect(await refusal(pull(reference))).toMatchObject(expected);
    expect(await refusal(pull("v1", [OCI_INDEX]))).toMatchObject(expected);
    expect(await pull("v1", [OCI_INDEX, OCI_MANIFEST])).toMatchObject({ mediaType: OCI_MANIFEST });
  });

  it("notes a pull, but not a look", async () => {
    await put("v1", bareManifest("x"));
    const pulledAt = async () =>
      (await local.call("DescribeImages", { repositoryName: "app" })).imageDetails[0].lastRecordedPullTime;
    await data.manifest(caller, app, "v1", { pull: false });
    expect(await pulledAt()).toBeUndefined();
    await data.manifest(caller, app, "v1", { pull: true });
    expect(await pulledAt()).toBe(Date.UTC(2026, 0, 1) / 1000);
  });

  it("is deleted as BatchDeleteImage deletes it", async () => {
    const text = bareManifest("x");
    await put("v1", text);
    await put("index", indexManifest([{ digest: sha256(text), manifest: text }]), OCI_INDEX);
    expect(await refusal(data.deleteManifest(caller, app, sha256(text)))).toMatchObject({
      code: "StillReferenced",
      message: "Requested image referenced by manifest list",
    });
    await data.deleteManifest(caller, app, "index");
    await data.deleteManifest(caller, app, sha256(text));
    expect(await refusal(pull("v1"))).toMatchObject({ code: "ImageNotFoundException" });
    expect(await refusal(data.deleteManifest(caller, app, "v1"))).toMatchObject({ code: "ImageNotFoundException" });
  });
});

describe("referrers", () => {
  it("are all that refer to a digest, by artifact type if asked, also before the digest itself is there", async () => {
    const subject = sha256(bareManifest("x"));
    const config = Buffer.from("{}");
    const sbom = imageManifest(config, [], { subject, artifactType: "application/spdx+json" });
    const signature = imageManifest(config, [Buffer.from("s")], { subject });
    expect(await put(sha256(sbom), sbom)).toMatchObject({ subject });
    await put("sig", signature);
    const all = await data.referrers(caller, app, subject);
    expect(all.map(({ digest }) => digest)).toEqual([sha256(sbom), sha256(signature)].toSorted());
    expect(await data.referrers(caller, app, subject, "application/spdx+json")).toEqual([
      { mediaType: OCI_MANIFEST, digest: sha256(sbom), size: sbom.length, artifactType: "application/spdx+json" },
    ]);
    await data.deleteManifest(caller, app, sha256(sbom));
    expect(await data.referrers(caller, app, subject)).toHaveLength(1);
    expect(await data.referrers(caller, app, sha256("nobody"))).toEqual([]);
    expect(await refusal(data.referrers(caller, app, "nonsense"))).toMatchObject({ code: "InvalidParameterException" });
  });
});

describe("a blob", () => {
  it("is there once its upload is complete, before any image uses it", async () => {
    const digest = await push("hello");
    expect(await data.blob(caller, app, digest)).toMatchObject({ digest, sizeBytes: 5 });
    expect(await read(digest)).toBe("hello");
    expect(await read(digest, { firstByte: 1, lastByte: 3 })).toBe("ell");
    expect(await refusal(data.blob(caller, app, sha256("other")))).toMatchObject({ code: "LayersNotFoundException" });
  });

  it("can be pushed again", async () => {
    await push("hello");
    expect(await read(await push("hello"))).toBe("hello");
  });

  it("is stored under its sha512 when it was pushed with one", async () => {
    const digest = `sha512:${createHash("sha512").update("hello").digest("hex")}`;
    const { uploadId } = await data.startUpload(caller, app);
    await data.append(caller, app, uploadId, stream("hel", "lo"));
    await data.completeUpload(caller, app, uploadId, digest);
    expect(await read(digest)).toBe("hello");
  });

  it("is not mounted from elsewhere by ECR, and is by an OCI registry that has it there", async () => {
    await local.call("CreateRepository", { repositoryName: "base" });
    const digest = await push("shared", target("base"));
    expect(await data.mount(caller, app, digest, "base")).toMatchObject({ sizeBytes: 0 });
    await start({ profile: "oci" });
    await local.call("CreateRepository", { repositoryName: "base" });
    await push("shared", target("base"));
    expect(await data.mount(caller, app, digest, "nowhere")).toMatchObject({ sizeBytes: 0 });
    expect(await data.mount(caller, app, sha256("other"), "base")).toMatchObject({ sizeBytes: 0 });
    expect(await data.mount(caller, app, digest, "base")).toBe("mounted");
    expect(await data.mount(caller, app, digest, "base")).toBe("mounted");
    await local.call("DeleteRepository", { repositoryName: "base" });
    expect(await read(digest)).toBe("shared");
  });

  it("may be empty in an OCI registry, but not in ECR", async () => {
    expect(await refusal(push(""))).toMatchObject({ code: "EmptyUploadException" });
    await start({ profile: "oci" });
    expect(await read(await push(""))).toBe("");
  });
});

describe("an upload", () => {
  it("grows by what is appended, and says how far it is", async () => {
    const { uploadId } = await data.startUpload(caller, app);
    expect(await data.append(caller, app, uploadId, stream("abc"), 0)).toEqual({ uploadId, sizeBytes: 3 });
    expect(await data.append(caller, app, uploadId, stream("de"))).toEqual({ uploadId, sizeBytes: 5 });
    expect(await data.upload(caller, app, uploadId)).toEqual({ uploadId, sizeBytes: 5 });
    expect(await refusal(data.append(caller, app, uploadId, stream("x"), 3))).toMatchObject({
      code: "InvalidLayerPartException",
      members: { lastValidByteReceived: 4 },
    });
  });

  it("keeps what came of a body that broke off, to be continued", async () => {
    const { uploadId } = await data.startUpload(caller, app);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("abc");
      throw new Error("the client left");
    }
    await expect(data.append(caller, app, uploadId, broken())).rejects.toThrow("the client left");
    expect(await data.upload(caller, app, uploadId)).toEqual({ uploadId, sizeBytes: 3 });
    await data.append(caller, app, uploadId, stream("def"), 3);
    await data.completeUpload(caller, app, uploadId, sha256("abcdef"));
    expect(await read(sha256("abcdef"))).toBe("abcdef");
  });

  it("takes bodies that come at once one after another", async () => {
    const { uploadId } = await data.startUpload(caller, app);
    await Promise.all([
      data.append(caller, app, uploadId, stream("a", "b", "c")),
      data.append(caller, app, uploadId, stream("d", "e", "f")),
    ]);
    await data.completeUpload(caller, app, uploadId, sha256("abcdef"));
  });

  it("is gone when its digest was wrong, when it was cancelled, and when it is complete", async () => {
    const gone = { code: "UploadNotFoundException" };
    for (const end of ["wrong", "cancelled", "complete"]) {
      const { uploadId } = await data.startUpload(caller, app);
      await data.append(caller, app, uploadId, stream(end));
      if (end === "wrong")
        expect(await refusal(data.completeUpload(caller, app, uploadId, sha256("other")))).toMatchObject({
          code: "InvalidLayerException",
        });
      else if (end === "cancelled") await data.cancelUpload(caller, app, uploadId);
      else await data.completeUpload(caller, app, uploadId, sha256(end));
      expect(await refusal(data.upload(caller, app, uploadId))).toMatchObject(gone);
      expect(await refusal(data.append(caller, app, uploadId, stream("x")))).toMatchObject(gone);
    }
    expect(await refusal(data.blob(caller, app, sha256("wrong")))).toMatchObject({ code: "LayersNotFoundException" });
  });

  it("is over when its repository is deleted under it", async () => {
    const { uploadId } = await data.startUpload(caller, app);
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(2_000_000);
      await local.call("DeleteRepository", { repositoryName: "app" });
      yield Buffer.alloc(2_000_000);
      yield Buffer.alloc(2_000_000);
    }
    expect(await refusal(data.append(caller, app, uploadId, body()))).toMatchObject({
      code: "UploadNotFoundException",
    });
  });

  it("is cancelled at once also while a body stalls, whose request is told of it", async () => {
    const { uploadId } = await data.startUpload(caller, app);
    let goOn = (): void => {};
    let stalls = (): void => {};
    const stalled = new Promise<void>((resolve) => {
      stalls = resolve;
    });
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a");
      stalls();
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      yield Buffer.from("b");
    }
    const append = data.append(caller, app, uploadId, body());
    await stalled;
    await data.cancelUpload(caller, app, uploadId);
    expect(await refusal(data.upload(caller, app, uploadId))).toMatchObject({ code: "UploadNotFoundException" });
    goOn();
    expect(await refusal(append)).toMatchObject({ code: "UploadNotFoundException" });
  });

  it.each([
    ["with more to come", [2_000_000, 2_000_000]],
    ["with its last byte", []],
  ])("leaves no file when its repository is deleted before any was written: %s", async (_, later) => {
    const parent = mkdtempSync(join(tmpdir(), "uploads-test-"));
    try {
      await start({ blobs: spoolBlobs(parent) });
      const { uploadId } = await data.startUpload(caller, app);
      async function* body(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(200_000);
        await local.call("DeleteRepository", { repositoryName: "app" });
        for (const size of later) yield Buffer.alloc(size);
      }
      expect(await refusal(data.append(caller, app, uploadId, body()))).toMatchObject({
        code: "UploadNotFoundException",
      });
      expect(readdirSync(parent).flatMap((folder) => readdirSync(join(parent, folder)))).toEqual([]);
    } finally {
      await local.registry.close();
      rmSync(parent, { recursive: true });
    }
  });

  it("is completed with the last bytes of one client when two send them at once", async () => {
    const { uploadId } = await data.startUpload(caller, app);
    await data.append(caller, app, uploadId, stream("abc"));
    const complete = () => data.completeUpload(caller, app, uploadId, sha256("abcdef"), { body: stream("d", "ef") });
    const [first, second] = await Promise.allSettled([complete(), complete()]);
    expect(first).toEqual({ status: "fulfilled", value: undefined });
    expect(second).toMatchObject({ status: "rejected", reason: { code: "UploadNotFoundException" } });
    expect(await read(sha256("abcdef"))).toBe("abcdef");
  });

  it("is not completed by last bytes that do not follow, or that break off", async () => {
    const { uploadId } = await data.startUpload(caller, app);
    await data.append(caller, app, uploadId, stream("abc"));
    const late = { body: stream("x"), firstByte: 4 };
    expect(await refusal(data.completeUpload(caller, app, uploadId, sha256("abcx"), late))).toMatchObject({
      code: "InvalidLayerPartException",
      members: { lastValidByteReceived: 2 },
    });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("def");
      throw new Error("the client left");
    }
    const breaking = data.completeUpload(caller, app, uploadId, sha256("abcdef"), { body: broken() });
    await expect(breaking).rejects.toThrow("the client left");
    expect(await data.upload(caller, app, uploadId)).toEqual({ uploadId, sizeBytes: 6 });
  });

  it("refuses a digest that is none, and can still be completed", async () => {
    const { uploadId } = await data.startUpload(caller, app);
    await data.append(caller, app, uploadId, stream("x"));
    for (const digest of ["", "sha256:xyz", sha256("x").toUpperCase(), "md5:00"])
      expect(await refusal(data.completeUpload(caller, app, uploadId, digest))).toMatchObject({
        code: "InvalidParameterException",
      });
    await data.completeUpload(caller, app, uploadId, sha256("x"));
  });
});

describe("names", () => {
  it("come in pages of opaque tokens from ECR, and after the last name from an OCI registry", async () => {
    for (const profile of ["ecr", "oci"] as const) {
      await start({ profile });
      for (const tag of ["c", "a", "b"]) await put(tag, bareManifest("x"));
      for (const repositoryName of ["zz", "app/web"]) await local.call("CreateRepository", { repositoryName });
      const first = await data.tags(caller, app, { n: 2 });
      expect(first.items).toEqual(["a", "b"]);
      if (profile === "oci") expect(first.last).toBe("b");
      else
        expect(await refusal(data.tags(caller, app, { last: "b" }))).toMatchObject({
          code: "InvalidParameterException",
        });
      expect(await data.tags(caller, app, { n: 2, last: first.last })).toEqual({ items: ["c"], last: undefined });
      const repositories = await data.catalog(caller, app, { n: 2 });
      expect(repositories.items).toEqual(["app", "app/web"]);
      expect((await data.catalog(caller, app, { last: repositories.last })).items).toEqual(["zz"]);
    }
  });

  it("come 1,000 at once at most from ECR", async () => {
    expect(await refusal(data.tags(caller, app, { n: 1001 }))).toMatchObject({
      code: "InvalidParameterException",
      message:
        "Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must have value less than or equal to 1000'",
    });
    expect(await refusal(data.catalog(caller, app, { n: 0 }))).toMatchObject({ code: "InvalidParameterException" });
  });
});

describe("a repository that is not there", () => {
  it("is what every route says", async () => {
    const gone = target("gone");
    const attempts = [
      data.tags(caller, gone, {}),
      data.manifest(caller, gone, "v1", { pull: true }),
      data.putManifest(caller, gone, "v1", { bytes: Buffer.from(bareManifest("x")), mediaType: OCI_MANIFEST }),
      data.deleteManifest(caller, gone, "v1"),
      data.referrers(caller, gone, sha256("x")),
      data.blob(caller, gone, sha256("x")),
      data.startUpload(caller, gone),
      data.mount(caller, gone, sha256("x"), "app"),
    ];
    for (const attempt of attempts)
      expect(await refusal(attempt)).toMatchObject({
        code: "RepositoryNotFoundException",
        message: "The repository with name 'gone' does not exist in the registry with id '000000000000'",
      });
  });
});
