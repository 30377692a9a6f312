import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BlobStore } from "../../../src/registry/blobs.js";
import { spoolBlobs } from "../../../src/registry/blobs-spool.js";
import { diskBlobs } from "../../../src/registry/disk/blobs-disk.js";
import { sha256 } from "../../fixtures/local-registry.js";

let parent = "";
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "blobs-test-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

const bytesOf = async (stream: Readable): Promise<Buffer> => Buffer.concat(await stream.toArray());
/** The files below the parent folder. */
const files = (): readonly string[] =>
  readdirSync(parent, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

async function store(blobs: BlobStore, bytes: Uint8Array): Promise<string> {
  const writer = await blobs.begin();
  await writer.append(bytes);
  const digest = await writer.digest("sha256");
  await writer.commit(digest);
  return digest;
}

describe.each([
  ["that goes with the process", spoolBlobs],
  ["in a data folder", (folder: string) => diskBlobs(folder)],
] as const)("the blob store %s", (_, open) => {
  let blobs: BlobStore;
  beforeEach(() => {
    blobs = open(parent);
  });
  afterEach(() => blobs.close());

  it("gives back what was appended, whatever the sizes of the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(300_000), { maxLength: 8 }), async (sizes) => {
        const chunks = sizes.map((size) => randomBytes(size));
        const writer = await blobs.begin();
        for (const chunk of chunks) await writer.append(chunk);
        const whole = Buffer.concat(chunks);
        const digest = sha256(whole);
        expect(await writer.digest("sha256")).toBe(digest);
        expect(await writer.digest("sha512")).toBe(`sha512:${createHash("sha512").update(whole).digest("hex")}`);
        await writer.commit(digest);
        expect(blobs.size(digest)).toBe(whole.byteLength);
        expect((await bytesOf(blobs.open(digest))).equals(whole)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("gives a range with both its ends", async () => {
    const digest = await store(blobs, Buffer.from("0123456789"));
    expect((await bytesOf(blobs.open(digest, { firstByte: 2, lastByte: 4 }))).toString()).toBe("234");
  });

  it("shows nothing of a blob before it is committed, nor after it is aborted", async () => {
    const writer = await blobs.begin();
    await writer.append(Buffer.from("half"));
    const digest = await writer.digest("sha256");
    expect(blobs.size(digest)).toBeUndefined();
    await writer.abort();
    expect(blobs.size(digest)).toBeUndefined();
    expect(() => blobs.open(digest)).toThrow(`no blob ${digest} to open`);
  });

  it("takes nothing more once the blob is aborted or committed, and leaves no file of it", async () => {
    const aborted = await blobs.begin();
    await aborted.append(Buffer.from("half"));
    await aborted.abort();
    await expect(aborted.append(randomBytes(2_000_000))).rejects.toThrow("is closed and takes no more bytes");
    await expect(aborted.digest("sha512")).rejects.toThrow("is closed and takes no more bytes");
    expect(files()).toEqual([]);
    const committed = await blobs.begin();
    await committed.commit(await committed.digest("sha256"));
    await expect(committed.append(Buffer.from("more"))).rejects.toThrow("is closed and takes no more bytes");
    expect(files()).toHaveLength(1);
  });

  it("keeps a committed blob when its writer is aborted afterwards", async () => {
    const writer = await blobs.begin();
    await writer.append(Buffer.from("kept"));
    const digest = await writer.digest("sha256");
    await writer.commit(digest);
    await writer.abort();
    expect((await bytesOf(blobs.open(digest))).toString()).toBe("kept");
  });

  it("keeps one copy of bytes that come twice, and can take them anew after they were removed", async () => {
    const bytes = randomBytes(100);
    const digest = await store(blobs, bytes);
    await store(blobs, bytes);
    expect(files()).toHaveLength(1);
    await blobs.remove(digest);
    expect(blobs.size(digest)).toBeUndefined();
    expect(files()).toHaveLength(0);
    await store(blobs, bytes);
    expect((await bytesOf(blobs.open(digest))).equals(bytes)).toBe(true);
  });

  it("lists the digests of what is committed", async () => {
    const digests = [await store(blobs, randomBytes(10)), await store(blobs, randomBytes(20))];
    const upload = await blobs.begin();
    await upload.append(randomBytes(10));
    const listed: string[] = [];
    for await (const digest of blobs.list()) listed.push(digest);
    expect(listed.sort()).toEqual(digests.sort());
    await upload.abort();
  });

  it("has the same bytes that come side by side once, whoever is last", async () => {
    const bytes = randomBytes(50_000);
    const digests = await Promise.all(Array.from({ length: 10 }, () => store(blobs, bytes)));
    expect(new Set(digests).size).toBe(1);
    expect(files()).toHaveLength(1);
    expect((await bytesOf(blobs.open(digests[0] ?? ""))).equals(bytes)).toBe(true);
  });

  it("has bytes that come while the same are taken away", async () => {
    const bytes = randomBytes(100);
    const digest = await store(blobs, bytes);
    const removed = blobs.remove(digest);
    expect(blobs.size(digest)).toBeUndefined();
    const stored = store(blobs, bytes);
    await Promise.all([removed, stored]);
    expect((await bytesOf(blobs.open(digest))).equals(bytes)).toBe(true);
  });

  it("goes on giving the bytes of a blob that is taken away meanwhile", async () => {
    const bytes = randomBytes(2_000_000);
    const digest = await store(blobs, bytes);
    const stream = blobs.open(digest);
    await blobs.remove(digest);
    expect((await bytesOf(stream)).equals(bytes)).toBe(true);
  });
});

describe("the spool", () => {
  let blobs: BlobStore;
  beforeEach(() => {
    blobs = spoolBlobs(parent);
  });
  afterEach(() => blobs.close());

  it("is a folder that only its user can enter, made at the first upload and gone when it is closed", async () => {
    expect(readdirSync(parent)).toEqual([]);
    await store(blobs, randomBytes(10));
    expect(statSync(join(parent, ...readdirSync(parent))).mode & 0o777).toBe(0o700);
    await blobs.close();
    expect(readdirSync(parent)).toEqual([]);
  });

  it("tells the one who appends that the disk refused a write", async () => {
    const writer = await blobs.begin();
    await blobs.close();
    await writer.append(randomBytes(2_000_000));
    await expect(writer.commit("sha256:00")).rejects.toThrow("ENOENT");
    await writer.abort();
  });
});

describe("the blobs of a data folder", () => {
  it("are there when it is opened again, and what was on its way in is not", async () => {
    const first = diskBlobs(parent);
    const digest = await store(first, Buffer.from("kept"));
    const upload = await first.begin();
    await upload.append(randomBytes(2_000_000));
    await upload.digest("sha512");
    expect(files()).toHaveLength(2);
    const second = diskBlobs(parent);
    expect((await bytesOf(second.open(digest))).toString()).toBe("kept");
    await (await second.begin()).abort();
    expect(files()).toHaveLength(1);
    await upload.abort().catch(() => undefined);
  });

  it("can be read by their user alone", async () => {
    await store(diskBlobs(parent), Buffer.from("kept"));
    const entries = readdirSync(parent, { recursive: true, withFileTypes: true });
    const modes = entries.map((entry) => statSync(join(entry.parentPath, entry.name)).mode & 0o077);
    expect(new Set(modes)).toEqual(new Set([0]));
  });
});
