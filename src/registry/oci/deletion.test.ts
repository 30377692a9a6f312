import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  bareManifest,
  caller,
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
import type { DataPlane } from "../registry.js";

const app = target("app");
const base = target("base");
let parent: string;
let local: TestRegistry;
let data: DataPlane;
beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), "deletion-test-"));
  local = testRegistry({ profile: "oci", blobs: spoolBlobs(parent) });
  data = local.registry.data;
  for (const repositoryName of ["app", "base"]) await local.call("CreateRepository", { repositoryName });
});
afterEach(async () => {
  await local.registry.close();
  rmSync(parent, { recursive: true });
});

const files = (): number => readdirSync(parent).flatMap((folder) => readdirSync(join(parent, folder))).length;
const bytes = Buffer.alloc(200_000, "layer");
const layer = sha256(bytes);

describe("a blob that is deleted from an OCI registry", () => {
  it("is gone from its repository, and from the disk when no other repository has it", async () => {
    for (const repositoryName of ["app", "base"]) await local.layer(repositoryName, bytes);
    await data.deleteBlob(caller, app, layer);
    expect(await refusal(data.blob(caller, app, layer))).toMatchObject({ code: "LayersNotFoundException" });
    expect(await refusal(data.deleteBlob(caller, app, layer))).toMatchObject({ code: "LayersNotFoundException" });
    expect((await data.blob(caller, base, layer)).sizeBytes).toBe(bytes.byteLength);
    expect(files()).toBe(1);
    await data.deleteBlob(caller, base, layer);
    expect(files()).toBe(0);
  });

  it("may be pushed and mounted again", async () => {
    await local.layer("app", bytes);
    await data.deleteBlob(caller, app, layer);
    await local.layer("base", bytes);
    expect(await data.mount(caller, app, layer)).toBe("mounted");
    expect((await data.blob(caller, app, layer)).sizeBytes).toBe(bytes.byteLength);
  });

  it("stays as long as an image uses it", async () => {
    const { digest, layers, config } = await local.image("app", "v1", { layers: [bytes] });
    for (const used of [config, ...layers])
      expect(await refusal(data.deleteBlob(caller, app, used))).toMatchObject({
        code: "StillReferenced",
        message: `The blob ${used} is used by an image`,
      });
    await data.deleteManifest(caller, app, digest);
    for (const free of [config, ...layers]) await data.deleteBlob(caller, app, free);
    expect(files()).toBe(0);
  });
});

describe("a mount that names no repository", () => {
  it("finds the blob wherever the caller may read it", async () => {
    await local.layer("base", bytes);
    const deny = { Effect: "Deny", Principal: "*", Action: "ecr:GetDownloadUrlForLayer" };
    const policyText = JSON.stringify({ Version: "2012-10-17", Statement: [deny] });
    await local.call("SetRepositoryPolicy", { repositoryName: "base", policyText });
    expect(await data.mount(caller, app, layer)).toMatchObject({ sizeBytes: 0 });
    await local.call("DeleteRepositoryPolicy", { repositoryName: "base" });
    expect(await data.mount(caller, app, layer)).toBe("mounted");
    expect(await data.mount(caller, app, sha256("nobody's"))).toMatchObject({ sizeBytes: 0 });
  });

  it("does not find it in another registry", async () => {
    await local.layer("base", bytes);
    const elsewhere = { ...caller, region: "eu-west-1" };
    await local.call("CreateRepository", { repositoryName: "app" }, elsewhere);
    const there = { ...app, region: "eu-west-1" };
    expect(await data.mount(elsewhere, there, layer)).toMatchObject({ sizeBytes: 0 });
  });
});

describe("a tag that is deleted from an OCI registry", () => {
  it("leaves its image, also one that an index lists", async () => {
    const { digest, manifest } = await local.image("app", "v1");
    const index = indexManifest([{ digest, manifest }]);
    await data.putManifest(caller, app, "multi", { bytes: Buffer.from(index), mediaType: OCI_INDEX });
    await data.deleteManifest(caller, app, "v1");
    expect((await local.call("ListImages", { repositoryName: "app" })).imageIds).toEqual(
      [{ imageDigest: digest }, { imageDigest: sha256(index), imageTag: "multi" }].sort((a, b) =>
        a.imageDigest < b.imageDigest ? -1 : 1,
      ),
    );
    expect(await refusal(data.deleteManifest(caller, app, "v1"))).toMatchObject({ code: "ImageNotFoundException" });
    expect(await refusal(data.deleteManifest(caller, app, digest))).toMatchObject({ code: "StillReferenced" });
  });

  it("is told as a deletion of that tag", async () => {
    const { digest } = await local.image("app", "v1");
    await data.deleteManifest(caller, app, "v1");
    expect((await local.registry.control.events(0, 100)).at(-1)?.event).toMatchObject({
      detail: { "action-type": "DELETE", "image-digest": digest, "image-tag": "v1" },
    });
  });
});

describe("a manifest under its sha512", () => {
  it("is another image than under its sha256, and only an OCI registry has it", async () => {
    const text = bareManifest("x");
    const sha512 = `sha512:${createHash("sha512").update(text).digest("hex")}`;
    const put = { bytes: Buffer.from(text), mediaType: OCI_MANIFEST };
    for (const [profile, images] of [
      ["oci", 2],
      ["ecr", 1],
    ] as const) {
      const { registry, call } = testRegistry({ profile, layers: "unchecked" });
      await call("CreateRepository", { repositoryName: "app" });
      await registry.data.putManifest(caller, app, "v1", put);
      const pushed = registry.data.putManifest(caller, app, sha512, put);
      if (profile === "ecr") expect(await refusal(pushed)).toMatchObject({ code: "ImageDigestDoesNotMatchException" });
      else expect(await pushed).toMatchObject({ digest: sha512 });
      expect((await call("ListImages", { repositoryName: "app" })).imageIds).toHaveLength(images);
    }
  });
});
