import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLocalEcr, type LocalEcr } from "../../src/local.js";
import { createWorld, requireGood, type World } from "../soak/hostile/world.js";

let local: LocalEcr;
let port: number;
let world: World;
beforeAll(async () => {
  local = createLocalEcr();
  ({ port } = await local.listen({ port: 0 }));
  world = await createWorld(port, "no-such-secret");
});
afterAll(() => local.close());

const dial = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });

/** Everything that comes until the connection has ended, well or badly. */
const received = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });

const get = (path: string, connection = "keep-alive"): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`;

const answersIn = (text: string): number => text.match(/HTTP\/1\.1 200 OK/g)?.length ?? 0;

describe("a client that pipelines", () => {
  it("has 250 requests at once answered, in turn", async () => {
    const socket = await dial();
    const all = received(socket);
    socket.write(get("/_ecrkit/health").repeat(249) + get("/_ecrkit/health", "close"));
    expect(answersIn(await all)).toBe(250);
  });

  it("and does not read what it asked for first is cut off before it fills the memory", async () => {
    const socket = await dial();
    socket.pause();
    socket.write(get(world.largeLayer) + get("/_ecrkit/health").repeat(9_999));
    const all = received(socket);
    // The server has cut it off when somebody else has been served for whom it was cut off first.
    for (let times = 0; times < 20; times++) await requireGood(port);
    socket.resume();
    expect(answersIn(await all)).toBeLessThan(2);
    await requireGood(port);
  });
});

describe("a client that leaves", () => {
  it("while a queue of others waits for the same upload holds nobody up for good", async () => {
    const { login, repository, uploadId } = world;
    const head = `PATCH /v2/${repository}/blobs/uploads/${uploadId} HTTP/1.1\r\nHost: localhost\r\n${login}\r\n`;
    const first = await dial();
    const firstAnswer = received(first);
    first.write(`${head}Content-Length: 100\r\n\r\nhalf`);
    await requireGood(port);
    const second = await dial();
    const secondAnswer = received(second);
    second.write(`${head}Connection: close\r\nContent-Length: 5\r\n\r\nwhole`);
    await requireGood(port);
    first.destroy();
    expect(await firstAnswer).toBe("");
    expect(await secondAnswer).toMatch(/^HTTP\/1\.1 201 Created\r\n.*range: 0-8\r\n/is);
  });
});
