import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, isDigest, parseDigest, verifyDigest } from "./digest.js";

const EMPTY_SHA256 = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ABC_SHA512 =
  "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

describe("digest", () => {
  it("hashes bytes and text, text as UTF-8", () => {
    expect(digestOf("")).toBe(EMPTY_SHA256);
    expect(digestOf(new Uint8Array())).toBe(EMPTY_SHA256);
    expect(digestOf("abc", "sha512")).toBe(ABC_SHA512);
    expect(digestOf("ü")).toBe(digestOf(Uint8Array.of(0xc3, 0xbc)));
  });

  it("hashes only the bytes of a view, not its whole buffer", () => {
    const buffer = new TextEncoder().encode("xabcx");
    expect(digestOf(buffer.subarray(1, 4), "sha512")).toBe(ABC_SHA512);
  });

  it("takes a digest apart", () => {
    expect(parseDigest(EMPTY_SHA256)).toEqual({ algorithm: "sha256", hex: EMPTY_SHA256.slice(7) });
    expect(parseDigest(ABC_SHA512)).toEqual({ algorithm: "sha512", hex: ABC_SHA512.slice(7) });
  });

  it.each([
    ["nothing", ""],
    ["an unknown algorithm", `md5:${"0".repeat(32)}`],
    ["capital letters", EMPTY_SHA256.toUpperCase()],
    ["capital hexadecimal", `sha256:${"A".repeat(64)}`],
    ["one character too few", EMPTY_SHA256.slice(0, -1)],
    ["one character too many", `${EMPTY_SHA256}0`],
    ["a line break at the end", `${EMPTY_SHA256}\n`],
    ["a space before it", ` ${EMPTY_SHA256}`],
    ["a length that belongs to the other algorithm", `sha512:${"0".repeat(64)}`],
    ["a path in place of the hash", `sha256:${"../".repeat(21)}a`],
  ])("refuses %s", (_, text) => {
    expect(parseDigest(text)).toBeUndefined();
    expect(isDigest(text)).toBe(false);
    expect(verifyDigest("", text)).toBe(false);
  });

  it("verifies exactly the bytes that were hashed", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.constantFrom("sha256", "sha512"), (bytes, other, algorithm) => {
        const digest = digestOf(bytes, algorithm);
        expect(verifyDigest(bytes, digest)).toBe(true);
        expect(verifyDigest(other, digest)).toBe(Buffer.compare(bytes, other) === 0);
      }),
    );
  });

  it("gives every digest back from its parts, and agrees with itself on any text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.uint8Array().map((bytes) => digestOf(bytes)),
        ),
        (text) => {
          const digest = parseDigest(text);
          expect(isDigest(text)).toBe(digest !== undefined);
          if (digest !== undefined) expect(`${digest.algorithm}:${digest.hex}`).toBe(text);
        },
      ),
    );
  });
});
