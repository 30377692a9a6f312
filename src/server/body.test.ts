import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { HttpRequest, RequestBody } from "../transport/transport.js";
import { bodyChunks, isCutOff, readBody } from "./body.js";

const requestWith = (body: RequestBody | undefined, headers: Record<string, string> = {}): HttpRequest => ({
  method: "POST",
  protocol: "https:",
  hostname: "x",
  path: "/",
  headers,
  body,
});

/** As the AWS SDK's bodies are: bytes with string methods that complain. */
class SdkBody extends Uint8Array {
  override toString(): string {
    throw new Error("a body is no string");
  }
  override valueOf(): this {
    throw new Error("a body has no value");
  }
}

async function* generated(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("one ");
  yield Buffer.from("two");
}

const BODIES: readonly (readonly [string, () => RequestBody])[] = [
  ["a string", () => "one two"],
  ["bytes", () => Buffer.from("one two")],
  ["the AWS SDK's bytes", () => new SdkBody(Buffer.from("one two"))],
  ["bytes in the midst of others", () => Buffer.from("zero one two three").subarray(5, 12)],
  ["a Node stream", () => Readable.from([Buffer.from("one "), Buffer.from("two")])],
  ["any stream", generated],
];

describe("a body", () => {
  it.each(BODIES)("is read whole: %s", async (_name, body) => {
    expect(Buffer.from((await readBody(requestWith(body()), 7)) ?? []).toString()).toBe("one two");
  });

  it.each(BODIES)("is refused above the limit: %s", async (_name, body) => {
    expect(await readBody(requestWith(body()), 6)).toBeUndefined();
  });

  it.each(BODIES)("is read in chunks: %s", async (_name, body) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bodyChunks(requestWith(body()))) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("one two");
  });

  it.each(BODIES)("is the reader's own, to write into: %s", async (_name, body) => {
    const given = body();
    (await readBody(requestWith(given), 7))?.fill(0);
    if (given instanceof Uint8Array) expect(Buffer.from(given.buffer, given.byteOffset, 3).toString()).toBe("one");
  });

  it("that is large is put together as it comes", async () => {
    const bytes = Buffer.alloc(2_000_000, "large ");
    const chunks = [bytes.subarray(0, 7), bytes.subarray(7, 1_500_000), bytes.subarray(1_500_000)];
    const request = requestWith(Readable.from(chunks), { "content-length": "2000000" });
    expect(bytes.equals((await readBody(request, 2_000_000)) ?? Buffer.alloc(0))).toBe(true);
  });

  it("that announces too much is refused before a byte is read", async () => {
    let read = false;
    const body = new Readable({
      read() {
        read = true;
      },
    });
    expect(await readBody(requestWith(body, { "content-length": "8" }), 7)).toBeUndefined();
    expect(read).toBe(false);
  });

  it("that announces much takes no memory before it comes", async () => {
    const body = new Readable({ read() {} });
    const { arrayBuffers } = process.memoryUsage();
    const reading = readBody(requestWith(body, { "content-length": "500000000" }), 500_000_000);
    body.push("little");
    await new Promise(setImmediate);
    expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(100_000_000);
    body.push(null);
    expect(Buffer.from((await reading) ?? []).toString()).toBe("little");
  });

  it("may be missing", async () => {
    expect(await readBody(requestWith(undefined), 7)).toHaveLength(0);
  });

  it("that breaks off fails with the stream's error, also when it broke off before it was read", async () => {
    const broken = new Error("the client has gone");
    const body = new Readable({ read() {} });
    const reading = readBody(requestWith(body), 7);
    body.destroy(broken);
    await expect(reading).rejects.toBe(broken);
    await expect(readBody(requestWith(body), 7)).rejects.toBe(broken);
    expect(isCutOff(requestWith(body))).toBe(true);
  });

  it("that was read to its end is not cut off", async () => {
    const request = requestWith(Readable.from([Buffer.from("one")]));
    await readBody(request, 7);
    expect(isCutOff(request)).toBe(false);
  });

  it("stays open when its reader stops half-way, for an answer goes out on the same connection", async () => {
    const body = Readable.from([Buffer.from("one"), Buffer.from("two")]);
    for await (const _ of bodyChunks(requestWith(body))) break;
    expect(body.destroyed).toBe(false);
  });
});
