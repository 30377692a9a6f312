import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../test/fixtures/local-registry.js";
import type { BlobStore } from "./blobs.js";
import { spoolBlobs } from "./blobs-spool.js";

let parent = "";
let blobs: BlobStore;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "spool-test-"));
  blobs = spoolBlobs(parent);
});
afterEach(async () => {
  await blobs.close();
  rmSync(parent, { recursive: true });
});

const bytesOf = async (stream: Readable): Promise<Buffer> => Buffer.concat(await stream.toArray());
/** The spool's one folder. */
const folder = (): string => join(parent, ...readdirSync(parent));

async function store(blobs: BlobStore, bytes: Uint8Array): Promise<string> {
  const writer = await blobs.begin();
  await writer.append(bytes);
  const digest = await writer.digest("sha256");
  await writer.commit(digest);
  return digest;
}

describe("the spool", () => {
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
    expect(readdirSync(folder())).toEqual([]);
    const committed = await blobs.begin();
    await committed.commit(await committed.digest("sha256"));
    await expect(committed.append(Buffer.from("more"))).rejects.toThrow("is closed and takes no more bytes");
    expect(readdirSync(folder())).toHaveLength(1);
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
    expect(readdirSync(folder())).toHaveLength(1);
    await blobs.remove(digest);
    expect(blobs.size(digest)).toBeUndefined();
    expect(readdirSync(folder())).toHaveLength(0);
    await store(blobs, bytes);
    expect((await bytesOf(blobs.open(digest))).equals(bytes)).toBe(true);
  });

  it("is a folder that only its user can enter, made at the first upload and gone when it is closed", async () => {
    expect(readdirSync(parent)).toEqual([]);
    await store(blobs, randomBytes(10));
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
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
