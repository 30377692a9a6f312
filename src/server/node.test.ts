import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Connection, dial as dialServer, gate } from "../../test/fixtures/dial.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import { bodyChunks, isCutOff } from "./body.js";
import { type Listening, listen } from "./node.js";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A server on a free port that answers with `answer`. */
async function serve(answer: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse): Promise<Listening> {
  const listening = await listen({ handle: async (request) => ({ response: await answer(request) }) }, { port: 0 });
  cleanUps.push(() => listening.close({ graceMs: 0 }));
  return listening;
}

async function dial(server: Listening): Promise<Connection> {
  const connection = await dialServer(server);
  cleanUps.push(() => connection.socket.destroy());
  return connection;
}

const text = (body: string, statusCode = 200): HttpResponse => ({
  statusCode,
  headers: { "content-length": String(Buffer.byteLength(body)) },
  body: Buffer.from(body),
});

async function readAll({ body }: HttpRequest): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("a request on a socket", () => {
  it("arrives raw: path undecoded, query parsed, header names in lower case", async () => {
    const arrived = gate<HttpRequest>();
    const server = await serve((request) => {
      arrived.open(request);
      return text("");
    });
    const { send } = await dial(server);
    send(
      "PUT /v2/a%2Fb/../c?digest=sha256%3Aab&flag&n=1&n=2 HTTP/1.1\r\nHost: Example:4580\r\nX-Amz-Date: now\r\n\r\n",
    );
    expect(await arrived.opened).toMatchObject({
      method: "PUT",
      protocol: "http:",
      hostname: "Example",
      path: "/v2/a%2Fb/../c",
      query: { digest: "sha256:ab", flag: null, n: ["1", "2"] },
      headers: { host: "Example:4580", "x-amz-date": "now" },
      body: undefined,
    });
  });

  it("may name the whole URL, as clients of a proxy do", async () => {
    const server = await serve(({ path }) => text(path));
    const { send, receive } = await dial(server);
    send("GET http://example/v2/?n=1 HTTP/1.1\r\nHost: example\r\n\r\n");
    expect(await receive(/\r\n\r\n.+/)).toMatch(/\r\n\r\n\/v2\/$/);
  });

  it("is read as it comes, in chunks or with a length", async () => {
    const server = await serve(async (request) => text(await readAll(request)));
    const { send, receive } = await dial(server);
    send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n");
    await receive(/one$/);
    send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo");
    expect(await receive(/two$/)).toMatch(/one.*two$/s);
  });

  it("that is no HTTP is refused and the next one answered", async () => {
    const server = await serve(() => text("fine"));
    const broken = await dial(server);
    broken.send("nonsense\r\n\r\n");
    expect(await broken.closed()).toMatch(/^HTTP\/1.1 400 /);
    const { send, receive } = await dial(server);
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await receive(/fine$/);
  });
});

describe("an answer on a socket", () => {
  it("is written as the app gives it, with no body at HEAD, and the connection goes on", async () => {
    const server = await serve(({ method }) =>
      method === "HEAD" ? { statusCode: 200, headers: { "content-length": "5" } } : text("hello"),
    );
    const { send, receive } = await dial(server);
    send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    await receive(/content-length: 5\r\n.*\r\n\r\n$/s);
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await receive(/hello$/)).toMatch(
      /^HTTP\/1.1 200 OK\r\ncontent-length: 5\r\n.*\r\n\r\nHTTP\/1.1 200 OK.*hello$/s,
    );
  });

  it("is streamed when its body is a stream", async () => {
    const server = await serve(() => ({
      statusCode: 200,
      headers: { "content-length": "6" },
      body: Readable.from([Buffer.from("one"), Buffer.from("two")]),
    }));
    const { send, receive } = await dial(server);
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await receive(/onetwo$/);
  });

  it("whose body breaks off ends the connection, so that it does not look whole", async () => {
    const server = await serve(() => ({
      statusCode: 200,
      headers: { "content-length": "6" },
      body: Readable.from(
        (async function* () {
          yield Buffer.from("one");
          throw new Error("the disk is gone");
        })(),
      ),
    }));
    const { send, closed } = await dial(server);
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await closed()).not.toMatch(/two/);
  });

  it("ends the reading of its body when the client leaves", async () => {
    const body = new Readable({ read() {} });
    const server = await serve(() => ({ statusCode: 200, headers: { "content-length": "6" }, body }));
    const { send, receive, socket } = await dial(server);
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    body.push("one");
    await receive(/one$/);
    const ended = new Promise<void>((resolve) => body.once("close", resolve));
    socket.destroy();
    await ended;
  });

  it("that the app cannot give ends its own connection and no other", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    cleanUps.push(() => warned.mockRestore());
    const server = await serve(({ path }) => {
      if (path === "/fault") throw new Error("a fault of the app");
      return text("fine");
    });
    const broken = await dial(server);
    broken.send("GET /fault HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await broken.closed()).toBe("");
    expect(warned.mock.calls.map(([warning]) => String(warning))).toEqual(["Error: a fault of the app"]);
    const { send, receive } = await dial(server);
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await receive(/fine$/);
  });
});

describe("requests that are pipelined", () => {
  it("are handled and answered in turn", async () => {
    const events: string[] = [];
    const first = gate();
    const server = await serve(async ({ path }) => {
      events.push(`${path} begins`);
      if (path === "/1") await first.opened;
      events.push(`${path} ends`);
      return text(path);
    });
    const { send, receive } = await dial(server);
    send(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyGET /3 HTTP/1.1\r\n",
    );
    // Comes after the others have been parsed.
    const other = await dial(server);
    other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
    await other.receive(/\/other$/);
    first.open();
    send("Host: x\r\n\r\n");
    expect(await receive(/\/3$/)).toMatch(/\/1HTTP.*\/2HTTP/s);
    const own = events.filter((event) => !event.startsWith("/other"));
    expect(own).toEqual(["/1 begins", "/1 ends", "/2 begins", "/2 ends", "/3 begins", "/3 ends"]);
  });

  it("hold nothing for a client that does not read, and nothing at all once it has left", async () => {
    const bodies: Readable[] = [];
    const server = await serve(() => {
      const body = new Readable({ read() {} });
      body.push("one");
      bodies.push(body);
      return { statusCode: 200, headers: { "content-length": "6" }, body };
    });
    const { send, receive, socket } = await dial(server);
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(250));
    await receive(/one$/);
    const ended = new Promise((resolve) => bodies[0]?.once("close", resolve));
    socket.destroy();
    await ended;
    await server.close({ graceMs: 60_000 });
    expect(bodies).toHaveLength(1);
  });
});

describe("a client that waits for its 100", () => {
  const EXPECT = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";

  it("is told to go on when its body is wanted", async () => {
    const server = await serve(async (request) => text(await readAll(request)));
    const { send, receive } = await dial(server);
    send(EXPECT);
    await receive(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    send("body");
    await receive(/HTTP\/1.1 200 OK.*body$/s);
  });

  it("is refused without having sent its body", async () => {
    const server = await serve(() => text("no", 401));
    const { send, closed } = await dial(server);
    send(EXPECT);
    expect(await closed()).toMatch(/^HTTP\/1.1 401 Unauthorized.*no$/s);
  });

  it("and does not wait long enough is not told to go on after its refusal", async () => {
    const server = await serve(async () => {
      // By then the whole of what was sent has been parsed.
      await setImmediate();
      return text("no", 401);
    });
    const { send, closed } = await dial(server);
    send(`${EXPECT}body`);
    expect(await closed()).toMatch(/^HTTP\/1.1 401 Unauthorized.*no$/s);
  });

  it("sees its refusal when its body was wanted and then was not", async () => {
    const server = await serve(async (request) => {
      for await (const _ of bodyChunks(request)) break;
      return text("no", 413);
    });
    const { send, closed, receive } = await dial(server);
    send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n");
    await receive(/100 Continue/);
    const piece = "x".repeat(0x1000);
    send(piece);
    await receive(/HTTP\/1.1 413 .*Connection: close.*no$/s);
    for (let sent = 0; sent <= 256; sent += 1) send(piece);
    expect(await closed()).toMatch(/no$/);
  });

  it("and leaves before it has sent its body is known to have left", async () => {
    const known = gate<boolean>();
    const server = await serve(async (request) => {
      await readAll(request).catch(() => known.open(isCutOff(request)));
      return text("");
    });
    const { send, receive, socket } = await dial(server);
    send(EXPECT);
    await receive(/100 Continue/);
    socket.destroy();
    expect(await known.opened).toBe(true);
  });
});

describe("a body that nobody reads", () => {
  it("is read away when it is short, and the connection goes on", async () => {
    const server = await serve(({ method }) => text(method === "POST" ? "no" : "fine"));
    const { send, receive } = await dial(server);
    send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n${"x".repeat(499_999)}`);
    await receive(/no$/);
    send("xGET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await receive(/fine$/);
  });

  it.each(["Content-Length: 9999999", "Transfer-Encoding: chunked"])(
    "does not keep a client with a long one from seeing its answer, after which the connection ends: %s",
    async (header) => {
      const server = await serve(() => text("no", 413));
      const { send, closed, receive } = await dial(server);
      send(`POST / HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`);
      await receive(/^HTTP\/1.1 413 .*Connection: close.*no$/s);
      const piece = "x".repeat(0x1000);
      const chunk = header.startsWith("Transfer") ? `1000\r\n${piece}\r\n` : piece;
      // One MiB is read away; with what comes then the connection ends.
      for (let sent = 0; sent <= 256; sent += 1) send(chunk);
      expect(await closed()).toMatch(/no$/);
    },
  );
});

describe("a client that leaves in mid-upload", () => {
  it("ends the reading of its body with an error, and the server answers the next", async () => {
    const failed = gate<unknown>();
    const reading = gate();
    const server = await serve(async (request) => {
      if (request.method === "GET") return text("fine");
      reading.open();
      return readAll(request).then(
        (body) => text(body),
        (error: unknown) => {
          failed.open(error);
          return text("", 500);
        },
      );
    });
    const { send, socket } = await dial(server);
    send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
    await reading.opened;
    socket.destroy();
    expect(await failed.opened).toMatchObject({ code: "ECONNRESET" });
    const next = await dial(server);
    next.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await next.receive(/fine$/);
  });
});

describe("listening", () => {
  it("tells where clients find it", async () => {
    const { url, port, host } = await serve(() => text(""));
    expect({ url, host }).toEqual({ url: `http://localhost:${port}`, host: "127.0.0.1" });
  });

  it("on a port that is taken is refused", async () => {
    const { port } = await serve(() => text(""));
    await expect(listen({ handle: () => Promise.reject() }, { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
