import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { type Connection, connectionOn, dial as dialServer, gate } from "../../test/fixtures/dial.js";
import { cert, key } from "../../test/fixtures/tls.js";
import { digestOf } from "../image/digest.js";
import { createLocalEcr } from "../local.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import { type Listening, type ListenOptions, listen } from "./node.js";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const LONG = { graceMs: 600_000 };

const text = (body: string): HttpResponse => ({
  statusCode: 200,
  headers: { "content-length": String(Buffer.byteLength(body)) },
  body: Buffer.from(body),
});

async function serve(
  answer: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse,
  options: ListenOptions = {},
): Promise<Listening> {
  const app = { handle: async (request: HttpRequest) => ({ response: await answer(request) }) };
  const listening = await listen(app, { port: 0, ...options });
  cleanUps.push(() => listening.close({ graceMs: 0 }));
  return listening;
}

async function dial(server: Listening): Promise<Connection> {
  const connection = await dialServer(server);
  cleanUps.push(() => connection.socket.destroy());
  return connection;
}

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

describe("a server that closes", () => {
  it("ends at once when connections idle", async () => {
    const server = await serve(() => text("fine"));
    const { send, receive, closed } = await dial(server);
    send(GET);
    await receive(/fine$/);
    await server.close(LONG);
    await closed();
  });

  it.each([
    ["that never sent a request", ""],
    ["whose request has not come to the end of its headers", "GET / HTTP/1.1\r\nHost:"],
  ])("ends at once when there is a connection %s", async (_, sent) => {
    const server = await serve(() => text("fine"));
    const silent = await dial(server);
    silent.send(sent);
    const { send, receive } = await dial(server);
    send(GET);
    await receive(/fine$/);
    await server.close(LONG);
    expect(await silent.closed()).toBe("");
  });

  it("ends after the requests that are running, whose connections are not kept", async () => {
    const arrived = gate();
    const answer = gate();
    const server = await serve(async () => {
      arrived.open();
      await answer.opened;
      return text("fine");
    });
    const { send, closed } = await dial(server);
    send(GET);
    await arrived.opened;
    const ended = server.close(LONG);
    answer.open();
    expect(await closed()).toMatch(/Connection: close.*fine$/s);
    await ended;
  });

  it("takes no new connection while it waits for what is running", async () => {
    const arrived = gate();
    const answer = gate();
    const server = await serve(async () => {
      arrived.open();
      await answer.opened;
      return text("fine");
    });
    const { send, closed } = await dial(server);
    send(GET);
    await arrived.opened;
    const ended = server.close(LONG);
    await expect(dialServer(server)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    answer.open();
    await closed();
    await ended;
  });

  it("cuts off what has not ended when the grace is over", async () => {
    const arrived = gate();
    const server = await serve(() => {
      arrived.open();
      return new Promise<HttpResponse>(() => {});
    });
    const { send, closed } = await dial(server);
    send(GET);
    await arrived.opened;
    await server.close({ graceMs: 1 });
    expect(await closed()).toBe("");
  });

  it.each(["meanwhile", "before"])("cuts off what has not ended when its signal aborts %s", async (when) => {
    const arrived = gate();
    const server = await serve(() => {
      arrived.open();
      return new Promise<HttpResponse>(() => {});
    });
    const { send, closed } = await dial(server);
    send(GET);
    await arrived.opened;
    const hurry = new AbortController();
    if (when === "before") hurry.abort();
    const ended = server.close({ ...LONG, signal: hurry.signal });
    hurry.abort();
    await ended;
    expect(await closed()).toBe("");
  });
});

describe("a TLS server that closes", () => {
  it("ends idle connections and those that have not agreed on how to encrypt, but no request that is running", async () => {
    const arrived = gate();
    const answer = gate();
    const server = await serve(
      async ({ path }) => {
        if (path !== "/slow") return text("fine");
        arrived.open();
        await answer.opened;
        return text("slow");
      },
      { tls: { cert, key } },
    );
    const secure = async (): Promise<Connection> => {
      const socket = connectTls({ port: server.port, host: "127.0.0.1", ca: cert });
      cleanUps.push(() => socket.destroy());
      await once(socket, "secureConnect");
      return connectionOn(socket);
    };
    const halfOpen = await dial(server);
    const [idle, slow] = [await secure(), await secure()];
    idle.send(GET);
    await idle.receive(/fine$/);
    slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    await arrived.opened;
    const ended = server.close(LONG);
    expect(await halfOpen.closed()).toBe("");
    await idle.closed();
    answer.open();
    expect(await slow.closed()).toMatch(/slow$/);
    await ended;
  });
});

describe("a local ECR that closes", () => {
  /** A local ECR on a port, with a repository that has a layer of 8 MiB, and what a request of its owner begins with. */
  async function stocked() {
    const local = createLocalEcr();
    const { port } = await local.listen({ port: 0 });
    const call = async (operation: string, input: object) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: "POST",
        headers: {
          "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${operation}`,
          authorization:
            "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=0",
        },
        body: JSON.stringify(input),
      });
      return (await response.json()) as { authorizationData: { authorizationToken: string }[] };
    };
    await call("CreateRepository", { repositoryName: "app" });
    const { authorizationData } = await call("GetAuthorizationToken", {});
    const authorization = `Basic ${authorizationData[0]?.authorizationToken}`;
    const begin = async (): Promise<string> => {
      const url = `http://127.0.0.1:${port}/v2/app/blobs/uploads/`;
      const { headers } = await fetch(url, { method: "POST", headers: { authorization } });
      return headers.get("location") ?? "";
    };
    const head = (method: string, path: string, more = ""): string =>
      `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${authorization}\r\n${more}\r\n`;
    return { local, port, authorization, begin, head };
  }

  it("lets a push and a pull that are under way come to their end", async () => {
    const { local, port, authorization, begin, head } = await stocked();
    const layer = randomBytes(8 * 1024 * 1024);
    const digest = digestOf(layer);
    const stored = await fetch(`http://127.0.0.1:${port}${await begin()}?digest=${digest}`, {
      method: "PUT",
      headers: { authorization },
      body: layer,
    });
    expect(stored.status).toBe(201);
    const redirect = await fetch(`http://127.0.0.1:${port}/v2/app/blobs/${digest}`, {
      headers: { authorization },
      redirect: "manual",
    });
    const { pathname, search } = new URL(redirect.headers.get("location") ?? "");
    const [pushing, pulling] = [await dialServer({ port }), await dialServer({ port })];
    const [first, second] = [randomBytes(1_000), randomBytes(1_000)];
    const pushed = digestOf(Buffer.concat([first, second]));
    pushing.send(head("PUT", `${await begin()}?digest=${pushed}`, "Content-Length: 2000\r\nExpect: 100-continue\r\n"));
    await pushing.receive(/100 Continue/);
    pushing.send(first);
    pulling.send(head("GET", pathname + search));
    await pulling.receive(/200 OK/);
    pulling.socket.pause();
    const ended = local.close(LONG);
    await expect(dialServer({ port })).rejects.toMatchObject({ code: "ECONNREFUSED" });
    pushing.send(second);
    expect(await pushing.closed()).toMatch(/201 Created/);
    pulling.socket.resume();
    const received = await pulling.closed();
    expect(digestOf(Buffer.from(received.slice(received.indexOf("\r\n\r\n") + 4), "latin1"))).toBe(digest);
    await ended;
  });
});
