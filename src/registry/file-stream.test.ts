import { mkdtempSync, rmSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { fileStream } from "./file-stream.js";

const folder = mkdtempSync(join(tmpdir(), "ecrkit-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** More than two buffers, and no whole number of them. */
const BYTES = Buffer.from(Uint8Array.from({ length: 700_001 }, (_, index) => (index * 31) % 251));
const WHOLE = { firstByte: 0, lastByte: BYTES.length - 1 };

let files = 0;
function file(): string {
  files += 1;
  const path = join(folder, String(files));
  writeFileSync(path, BYTES);
  return path;
}

async function copied(stream: ReturnType<typeof fileStream>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await stream.copyTo(async (chunk) => {
    // The buffer is used again: what is kept must be copied.
    chunks.push(Buffer.from(chunk));
  });
  return Buffer.concat(chunks);
}

describe("a file's stream", () => {
  it.each([
    ["all of it", WHOLE],
    ["its first byte", { firstByte: 0, lastByte: 0 }],
    ["its last byte", { firstByte: 700_000, lastByte: 700_000 }],
    ["a part over the edges of buffers", { firstByte: 262_143, lastByte: 524_289 }],
  ])("gives %s, read or copied", async (_, range) => {
    const path = file();
    const expected = BYTES.subarray(range.firstByte, range.lastByte + 1);
    expect((await buffer(fileStream(path, range))).equals(expected)).toBe(true);
    expect((await copied(fileStream(path, range))).equals(expected)).toBe(true);
  });

  it("goes on when the file is removed meanwhile", async () => {
    const path = file();
    const stream = fileStream(path, WHOLE);
    unlinkSync(path);
    expect((await copied(stream)).equals(BYTES)).toBe(true);
  });

  it("fails, instead of ending early, when the file is shorter than it was", async () => {
    const path = file();
    const [read, copy] = [fileStream(path, WHOLE), fileStream(path, WHOLE)];
    truncateSync(path, 600_000);
    await expect(buffer(read)).rejects.toThrow("ends at 600000 bytes, before byte 700000");
    await expect(copied(copy)).rejects.toThrow("ends at 600000 bytes, before byte 700000");
  });

  it("stops copying when the writer fails, and closes the file", async () => {
    const stream = fileStream(file(), WHOLE);
    const closed = new Promise((resolve) => stream.once("close", resolve));
    let chunks = 0;
    const copying = stream.copyTo(async () => {
      chunks += 1;
      throw new Error("the client has left");
    });
    await expect(copying).rejects.toThrow("the client has left");
    await closed;
    expect(chunks).toBe(1);
  });

  it("says at once that there is no such file", () => {
    expect(() => fileStream(join(folder, "none"), WHOLE)).toThrow("ENOENT");
  });
});
