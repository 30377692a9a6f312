import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { caller, imageManifest, target, testRegistry } from "../../test/fixtures/local-registry.js";
import { spoolBlobs } from "./blobs-spool.js";
import { diskStore } from "./disk/store-disk.js";
import { isUnused } from "./layers.js";
import { openTables } from "./records.js";

const DAY = "24h";

async function setUp() {
  const blobs = spoolBlobs();
  const local = testRegistry({ blobs });
  await local.call("CreateRepository", { repositoryName: "app" });
  const isThere = async (digest: string): Promise<readonly [inRepository: string, bytes: boolean]> => {
    const { layers } = await local.call("BatchCheckLayerAvailability", {
      repositoryName: "app",
      layerDigests: [digest],
    });
    return [layers[0].layerAvailability, blobs.size(digest) !== undefined];
  };
  return { ...local, blobs, isThere };
}

describe("a layer that no image uses", () => {
  it("stays for a day at least, and is gone after two, its bytes with it", async () => {
    const { layer, time, isThere } = await setUp();
    const digest = await layer("app", Buffer.from("lonely"));
    await time.advance(DAY);
    expect(await isThere(digest)).toEqual(["AVAILABLE", true]);
    await time.advance(DAY);
    expect(await isThere(digest)).toEqual(["UNAVAILABLE", false]);
  });

  it("stays as long as an image uses it, and goes when the image was deleted", async () => {
    const { image, call, time, isThere } = await setUp();
    const { layers, config, digest } = await image("app", "v1");
    await time.advance("30d");
    for (const one of [...layers, config]) expect(await isThere(one)).toEqual(["AVAILABLE", true]);
    await call("BatchDeleteImage", { repositoryName: "app", imageIds: [{ imageDigest: digest }] });
    await time.advance(DAY);
    for (const one of [...layers, config]) expect(await isThere(one)).toEqual(["AVAILABLE", true]);
    await time.advance(DAY);
    for (const one of [...layers, config]) expect(await isThere(one)).toEqual(["UNAVAILABLE", false]);
  });

  it("stays when an image has taken it into use since the last look", async () => {
    const { layer, call, time, isThere } = await setUp();
    const [config, bytes] = [Buffer.from("{}"), Buffer.from("reused")];
    const digest = await layer("app", bytes);
    await layer("app", config);
    await time.advance(DAY);
    const manifest = imageManifest(config, [bytes]);
    await call("PutImage", { repositoryName: "app", imageManifest: manifest, imageTag: "v1" });
    await time.advance("3d");
    expect(await isThere(digest)).toEqual(["AVAILABLE", true]);
  });

  it("leaves the bytes to another repository that has them", async () => {
    const { layer, call, image, time, blobs } = await setUp();
    await call("CreateRepository", { repositoryName: "other" });
    const bytes = Buffer.from("shared");
    const digest = await layer("app", bytes);
    await image("other", "v1", { layers: [bytes] });
    await time.advance("3d");
    expect(blobs.size(digest)).toBe(bytes.byteLength);
    expect(
      await call("BatchCheckLayerAvailability", { repositoryName: "other", layerDigests: [digest] }),
    ).toMatchObject({
      layers: [{ layerAvailability: "AVAILABLE" }],
    });
  });
});

describe("bytes that no repository has", () => {
  it("are taken away by a registry that is told that there may be some", async () => {
    const blobs = spoolBlobs();
    const writer = await blobs.begin();
    await writer.append(Buffer.from("orphan"));
    const orphan = await writer.digest("sha256");
    await writer.commit(orphan);
    const { registry, call, layer } = testRegistry({ blobs, orphansGone: () => undefined });
    await call("CreateRepository", { repositoryName: "app" });
    const kept = await layer("app", Buffer.from("kept"));
    await registry.control.settle();
    expect([blobs.size(orphan), blobs.size(kept)]).toEqual([undefined, 4]);
    expect((await registry.data.blob(caller, target(), kept)).sizeBytes).toBe(4);
  });

  it("are those alone that none would have after a crash, whatever is about to become durable", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ecrkit-unused-"));
    const store = diskStore(join(folder, "state.mdb"));
    const state = { tables: openTables(store), arriving: new Map<string, number>() };
    const { blobRepository } = state.tables;
    const key = ["sha256:aa", "000000000000", "us-east-1", "app"];
    await store.transaction(() => blobRepository.put(key, 1));
    const removed = store.transaction(() => blobRepository.remove(...key));
    expect([blobRepository.any(["sha256:aa"]), isUnused(state, "sha256:aa")]).toEqual([false, false]);
    await removed;
    expect(isUnused(state, "sha256:aa")).toBe(true);
    state.arriving.set("sha256:aa", 1);
    expect(isUnused(state, "sha256:aa")).toBe(false);
    await store.close();
    rmSync(folder, { recursive: true });
  });
});
