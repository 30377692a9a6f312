import { Agent } from "node:http";
import { type AddressInfo, createServer, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type NetworkOptions, network } from "./network.js";
import type { HttpRequest, Transport } from "./transport.js";

// What it promises of requests, answers and sockets is in test/contract/transport/network-ends.test.ts.

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function client(options: NetworkOptions): Transport {
  const transport = network(options);
  cleanUps.push(() => transport.destroy?.());
  return transport;
}

const to = (port: number): HttpRequest => ({
  method: "GET",
  protocol: "http:",
  hostname: "127.0.0.1",
  port,
  path: "/",
  headers: {},
});

async function serve(): Promise<number> {
  const server = createServer((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe("sockets of an agent that is given", () => {
  it("are used, and left open", async () => {
    const port = await serve();
    const agent = new Agent({ keepAlive: true });
    cleanUps.push(() => agent.destroy());
    const transport = client({ agent });
    await transport.handle(to(port));
    transport.destroy?.();
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  });

  it("must stand in time", async () => {
    /** A socket that never connects. */
    class NeverConnecting extends Agent {
      override createConnection(): Socket {
        const socket = new Socket();
        Object.defineProperty(socket, "connecting", { value: true });
        cleanUps.push(() => socket.destroy());
        return socket;
      }
    }
    const transport = client({ agent: new NeverConnecting(), connectTimeoutMs: 20 });
    await expect(transport.handle(to(1))).rejects.toMatchObject({
      name: "TimeoutError",
      code: "ETIMEDOUT",
      message: "GET to 127.0.0.1 was not connected within 20 ms",
      syscall: "connect",
    });
  });
});
