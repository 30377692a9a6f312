import { getEventListeners, once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { network } from "../../../src/transport/network.js";
import type { HttpRequest, Transport } from "../../../src/transport/transport.js";
import { undici } from "../../../src/transport/undici.js";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function serve(listener: RequestListener): Promise<number> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  cleanUps.push(() => server.closeAllConnections());
  return portOf(server);
}

/** A server of raw sockets; connections are counted from 1. */
async function serveSockets(onData: (socket: Socket, connection: number, data: Buffer) => void): Promise<number> {
  let connections = 0;
  const server = createSocketServer((socket) => {
    connections += 1;
    const connection = connections;
    cleanUps.push(() => socket.destroy());
    socket.on("error", () => {});
    socket.on("data", (data) => onData(socket, connection, data));
  });
  return portOf(server);
}

const to = (port: number, request: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  protocol: "http:",
  hostname: "127.0.0.1",
  port,
  path: "/",
  headers: {},
  ...request,
});

/** A request's headers as they stand on the wire, repetitions included, by name. */
const headersOf = ({ rawHeaders }: IncomingMessage): readonly (readonly [string, string])[] =>
  Array.from({ length: rawHeaders.length / 2 }, (_, at) => {
    const [name = "", value = ""] = rawHeaders.slice(at * 2, at * 2 + 2);
    return [name.toLowerCase(), value] as const;
  }).sort(([a], [b]) => (a < b ? -1 : 1));

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const text = (body: unknown): string => Buffer.from(body as Uint8Array).toString();

async function toBytes(body: Uint8Array | Readable | undefined): Promise<Uint8Array> {
  return body instanceof Readable ? Buffer.concat(await body.toArray()) : (body ?? new Uint8Array());
}

/** Every end that talks to the network. */
const ENDS = [
  ["network", network],
  ["undici", undici],
] as const;

describe.each(ENDS)("the end %s", (_, open) => {
  const client = (): Transport => {
    const transport = open();
    cleanUps.push(() => transport.destroy?.());
    return transport;
  };

  describe("a request", () => {
    it("arrives with its method, raw path, query, headers and body", async () => {
      const seen: unknown[] = [];
      const port = await serve(async (request, response) => {
        const { method, url } = request;
        seen.push(method, url, headersOf(request), await request.setEncoding("utf8").toArray());
        response.end();
      });
      await client().handle(
        to(port, {
          method: "PUT",
          path: "/a%2Fb",
          query: { z: "1 +", a: ["x", "y/"], flag: null },
          headers: { "X-One": "1" },
          body: "größer",
        }),
      );
      expect(seen).toEqual([
        "PUT",
        "/a%2Fb?z=1%20%2B&a=x&a=y%2F&flag",
        [
          ["connection", "keep-alive"],
          ["content-length", "8"],
          ["host", `127.0.0.1:${port}`],
          ["x-one", "1"],
        ],
        ["größer"],
      ]);
    });

    it("keeps a host and a length that the caller gave, as it has signed them", async () => {
      let seen: unknown;
      const port = await serve((request, response) => {
        seen = headersOf(request);
        request.resume();
        response.end();
      });
      const headers = { Host: "api.ecr.us-east-1.amazonaws.com", "Content-Length": "2" };
      await client().handle(to(port, { method: "POST", headers, body: Buffer.from("{}") }));
      expect(seen).toEqual([
        ["connection", "keep-alive"],
        ["content-length", "2"],
        ["host", headers.Host],
      ]);
    });

    it("says that an empty body is empty", async () => {
      let length: string | undefined;
      const port = await serve((request, response) => {
        length = request.headers["content-length"];
        response.end();
      });
      await client().handle(to(port, { method: "POST" }));
      expect(length).toBe("0");
    });

    it("streams a body", async () => {
      const port = await serve((request, response) => request.pipe(response));
      const body = Readable.from([Buffer.from("one "), Buffer.from("two")]);
      const { response } = await client().handle(
        to(port, { method: "POST", body, headers: { "content-length": "7" } }),
      );
      expect(text(await toBytes(response.body))).toBe("one two");
    });

    it("fails with the error of its body's stream", async () => {
      const port = await serve((request) => request.resume());
      const broken = new Error("the disk is gone");
      async function* body(): AsyncGenerator<Uint8Array> {
        yield Buffer.from("one");
        throw broken;
      }
      await expect(client().handle(to(port, { method: "POST", body: body() }))).rejects.toBe(broken);
    });

    it("refuses a protocol that it does not speak", async () => {
      await expect(client().handle(to(1, { protocol: "ftp:" }))).rejects.toThrow(
        "`protocol` must be `http:` or `https:`, got `ftp:`",
      );
    });

    it("refuses a connect timeout that is none", () => {
      expect(() => open({ connectTimeoutMs: 0 })).toThrow("`connectTimeoutMs` must be a number above 0, got `0`");
    });
  });

  describe("an answer", () => {
    it("has its status, reason and headers in lower case, and a small body whole", async () => {
      const port = await serve((_request, response) => {
        response.writeHead(400, "Bad", { "X-Amzn-RequestId": "1", "Content-Length": 2, "Set-Cookie": ["a=1", "b=2"] });
        response.end("no");
      });
      const { response } = await client().handle(to(port));
      expect(response).toMatchObject({ statusCode: 400, reason: "Bad", body: Buffer.from("no") });
      expect(response.headers).toMatchObject({ "x-amzn-requestid": "1", "set-cookie": "a=1, b=2" });
    });

    it.each(["application/x-amz-json-1.1", "text/xml"])(
      "is whole when it is an AWS answer of unknown length: %s",
      async (type) => {
        const port = await serve((_request, response) => {
          response.writeHead(200, { "content-type": type });
          response.write("one ");
          response.end("two");
        });
        const { response } = await client().handle(to(port));
        expect(text(response.body)).toBe("one two");
      },
    );

    it("streams a large body", async () => {
      const bytes = Buffer.alloc(1024 * 1024 + 1, 7);
      const port = await serve((_request, response) => {
        response.writeHead(200, { "content-length": bytes.byteLength });
        response.end(bytes);
      });
      const { response } = await client().handle(to(port));
      expect(response.body).toBeInstanceOf(Readable);
      expect(bytes.equals(await toBytes(response.body))).toBe(true);
    });

    it("to HEAD has no body, whatever length it announces", async () => {
      const port = await serve((_request, response) => {
        response.writeHead(200, { "content-length": 5_000_000 });
        response.end();
      });
      const { response } = await client().handle(to(port, { method: "HEAD" }));
      expect(response).toMatchObject({ headers: { "content-length": "5000000" }, body: Buffer.alloc(0) });
    });

    it("that breaks off rejects with Node's own error", async () => {
      const port = await serveSockets((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
      await expect(client().handle(to(port))).rejects.toMatchObject({
        code: "ECONNRESET",
        reusedSocket: false,
        answerStarted: true,
      });
    });

    it("that is a body to be streamed and breaks off ends the stream with an error", async () => {
      const port = await serveSockets((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\nhalf"));
      const { response } = await client().handle(to(port));
      await expect(toBytes(response.body)).rejects.toMatchObject({ code: "ECONNRESET" });
    });
  });

  describe("sockets", () => {
    it("are kept for the next request", async () => {
      let connections = 0;
      const port = await serveSockets((socket, connection) => {
        connections = connection;
        socket.write(OK);
      });
      const transport = client();
      await transport.handle(to(port));
      await transport.handle(to(port));
      expect(connections).toBe(1);
    });

    it("that were closed while they idled cost nothing: the request is sent again on a fresh one", async () => {
      const seen: string[] = [];
      const port = await serveSockets((socket, connection, data) => {
        seen.push(`${connection}: ${data.toString().split("\r\n")[0]}`);
        if (seen.length === 2) socket.resetAndDestroy();
        else socket.write(OK);
      });
      const transport = client();
      await transport.handle(to(port, { path: "/first" }));
      let resent = 0;
      const onResend = (): void => {
        resent += 1;
      };
      const second = to(port, { method: "POST", path: "/second", body: "{}" });
      const { response } = await transport.handle(second, { onResend });
      expect(response.statusCode).toBe(200);
      expect(resent).toBe(1);
      expect(seen).toEqual(["1: GET /first HTTP/1.1", "1: POST /second HTTP/1.1", "2: POST /second HTTP/1.1"]);
    });

    it("that are reset after the first byte of an answer end the request", async () => {
      let requests = 0;
      const port = await serveSockets((socket) => {
        requests += 1;
        if (requests === 1) socket.write(OK);
        else socket.write("HTTP/1.1 2", () => socket.end());
      });
      const transport = client();
      await transport.handle(to(port));
      await expect(transport.handle(to(port))).rejects.toMatchObject({ reusedSocket: true, answerStarted: true });
      expect(requests).toBe(2);
    });

    it("that are fresh and reset end the request", async () => {
      let requests = 0;
      const port = await serveSockets((socket) => {
        requests += 1;
        socket.resetAndDestroy();
      });
      await expect(client().handle(to(port))).rejects.toMatchObject({
        code: "ECONNRESET",
        reusedSocket: false,
        answerStarted: false,
      });
      expect(requests).toBe(1);
    });

    it("that are reset under a streamed body end the request, for the stream is spent", async () => {
      let requests = 0;
      const port = await serveSockets((socket) => {
        requests += 1;
        if (requests === 1) socket.write(OK);
        else socket.resetAndDestroy();
      });
      const transport = client();
      await transport.handle(to(port));
      const body = Readable.from([Buffer.from("once")]);
      await expect(transport.handle(to(port, { method: "POST", body }))).rejects.toMatchObject({ code: "ECONNRESET" });
    });

    it("that nobody listens behind are Node's own error", async () => {
      const server = createSocketServer();
      const port = await portOf(server);
      await new Promise((resolve) => server.close(resolve));
      await expect(client().handle(to(port))).rejects.toMatchObject({ code: "ECONNREFUSED", reusedSocket: false });
    });
  });

  describe("ending a request", () => {
    it("before it is sent rejects with the signal's reason and sends nothing", async () => {
      const reason = new Error("no longer wanted");
      await expect(client().handle(to(1), { abortSignal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it("while it waits rejects with the signal's reason and closes the socket", async () => {
      const abort = new AbortController();
      const reason = new Error("no longer wanted");
      let closed: Promise<unknown> | undefined;
      const port = await serveSockets((socket) => {
        closed = once(socket, "close");
        abort.abort(reason);
      });
      await expect(client().handle(to(port), { abortSignal: abort.signal })).rejects.toBe(reason);
      await closed;
    });

    it("while a whole body is read rejects with the signal's reason, an error or not", async () => {
      const abort = new AbortController();
      const port = await serveSockets((socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", () => abort.abort("enough"));
      });
      await expect(client().handle(to(port), { abortSignal: abort.signal })).rejects.toBe("enough");
    });

    it("while a body is streamed ends the stream with the signal's reason", async () => {
      const abort = new AbortController();
      const reason = new Error("no longer wanted");
      const port = await serveSockets((socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\nhalf");
      });
      const { response } = await client().handle(to(port), { abortSignal: abort.signal });
      abort.abort(reason);
      await expect(toBytes(response.body)).rejects.toBe(reason);
    });

    it("leaves no listener on the signal", async () => {
      const port = await serve((request, response) => {
        const bytes = Buffer.alloc(request.url === "/large" ? 2_000_000 : 2);
        response.writeHead(200, { "content-length": bytes.byteLength });
        response.end(bytes);
      });
      const { signal } = new AbortController();
      const transport = client();
      await transport.handle(to(port, { path: "/small" }), { abortSignal: signal });
      const { response } = await transport.handle(to(port, { path: "/large" }), { abortSignal: signal });
      await toBytes(response.body);
      expect(getEventListeners(signal, "abort")).toEqual([]);
    });

    it("happens by itself when no answer comes in time", async () => {
      const port = await serveSockets(() => {});
      await expect(client().handle(to(port), { requestTimeout: 20 })).rejects.toMatchObject({
        name: "TimeoutError",
        code: "ETIMEDOUT",
        message: "GET to 127.0.0.1 was not answered within 20 ms",
      });
    });

    it("happens by itself when two sendings together take too long", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
      try {
        let requests = 0;
        const port = await serveSockets((socket) => {
          requests += 1;
          if (requests === 1) socket.write(OK);
          else vi.advanceTimersByTime(15);
          if (requests === 2) socket.resetAndDestroy();
        });
        const transport = client();
        await transport.handle(to(port));
        await expect(transport.handle(to(port), { requestTimeout: 30 })).rejects.toMatchObject({
          message: "GET to 127.0.0.1 was not answered within 30 ms",
        });
        expect(requests).toBe(3);
      } finally {
        vi.useRealTimers();
      }
    });

    it("happens by itself when a whole body does not come in time", async () => {
      const port = await serveSockets((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
      await expect(client().handle(to(port), { requestTimeout: 20 })).rejects.toMatchObject({ name: "TimeoutError" });
    });
  });
});
