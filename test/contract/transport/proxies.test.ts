import { readFileSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { network } from "../../../src/transport/network.js";
import type { HttpRequest, Transport } from "../../../src/transport/transport.js";
import { undici } from "../../../src/transport/undici.js";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});
beforeEach(() => {
  for (const name of ["http_proxy", "https_proxy", "all_proxy", "no_proxy"])
    for (const spelling of [name, name.toUpperCase()]) vi.stubEnv(spelling, undefined);
  vi.stubEnv("AWS_CA_BUNDLE", undefined);
});

const tlsFile = (name: string): string => fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server that says who answers. */
const target = (): Promise<number> =>
  listening(
    createServer((_request, response) => {
      response.writeHead(200, { "content-length": "15" }).end("straight or not");
    }),
  );
const tlsTarget = (): Promise<number> =>
  listening(
    createTlsServer(
      { cert: readFileSync(tlsFile("server.pem")), key: readFileSync(tlsFile("server-key.pem")) },
      (_, response) => {
        response.end("in private");
      },
    ),
  );

/** A proxy that wants a login and remembers what it was asked for. */
async function proxy(): Promise<{ readonly port: number; readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} as ${request.headers["proxy-authorization"]}`);
    const onward = httpRequest(request.url ?? "", { method: request.method ?? "GET" }, (answer) =>
      answer.pipe(response),
    );
    request.pipe(onward);
  });
  server.on("connect", (request, socket, head) => {
    seen.push(`${request.method} ${request.url} as ${request.headers["proxy-authorization"]}`);
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on("error", () => undefined);
    cleanUps.push(() => onward.destroy());
  });
  return { port: await listening(server), seen };
}

const LOGIN = `Basic ${Buffer.from("user:hunter2").toString("base64")}`;
const to = (port: number, protocol = "http:"): HttpRequest => ({
  ...{ method: "GET", protocol, hostname: "localhost", port, path: "/", headers: {} },
});

describe.each([
  ["network", network],
  ["undici", undici],
] as const)("the end %s", (name, open) => {
  const answerOf = async (request: HttpRequest): Promise<string> => {
    const transport: Transport = open();
    cleanUps.push(() => transport.destroy?.());
    const { response } = await transport.handle(request);
    const { body } = response;
    return Buffer.from(body instanceof Readable ? Buffer.concat(await body.toArray()) : (body ?? "")).toString();
  };

  it("goes through the proxy that the environment names, with its login", async () => {
    const through = await proxy();
    const port = await target();
    vi.stubEnv("HTTP_PROXY", `http://user:hunter2@127.0.0.1:${through.port}`);
    expect(await answerOf(to(port))).toBe("straight or not");
    const line = name === "network" ? `GET http://localhost:${port}/` : `CONNECT localhost:${port}`;
    expect(through.seen).toEqual([`${line} as ${LOGIN}`]);
  });

  it("goes through it by CONNECT to a server whose certificate the bundle vouches for", async () => {
    const through = await proxy();
    const port = await tlsTarget();
    vi.stubEnv("https_proxy", `http://user:hunter2@127.0.0.1:${through.port}`);
    vi.stubEnv("AWS_CA_BUNDLE", tlsFile("ca.pem"));
    expect(await answerOf(to(port, "https:"))).toBe("in private");
    expect(through.seen).toEqual([`CONNECT localhost:${port} as ${LOGIN}`]);
  });

  it.each(["localhost", "*", ".localhost,127.0.0.1,localhost"])(
    "goes straight to hosts of NO_PROXY=%s",
    async (list) => {
      const through = await proxy();
      const port = await target();
      vi.stubEnv("ALL_PROXY", `http://127.0.0.1:${through.port}`);
      vi.stubEnv("NO_PROXY", list);
      expect(await answerOf(to(port))).toBe("straight or not");
      expect(through.seen).toEqual([]);
    },
  );

  it("takes the certificates of AWS_CA_BUNDLE, and refuses the server without them", async () => {
    const port = await tlsTarget();
    await expect(answerOf(to(port, "https:"))).rejects.toThrow(/certificate/);
    vi.stubEnv("AWS_CA_BUNDLE", tlsFile("ca.pem"));
    expect(await answerOf(to(port, "https:"))).toBe("in private");
  });

  it.each([
    ["does not exist", "missing.pem", /AWS_CA_BUNDLE names .*missing\.pem, which cannot be used: ENOENT/],
    ["holds no certificate", "server-key.pem", /AWS_CA_BUNDLE names .*: it holds no certificate in PEM/],
  ])("says so when the bundle %s", async (_, file, message) => {
    vi.stubEnv("AWS_CA_BUNDLE", tlsFile(file));
    await expect(answerOf(to(1, "https:"))).rejects.toThrow(message);
  });

  it("refuses a proxy that is no URL, without showing it", async () => {
    vi.stubEnv("HTTP_PROXY", "socks5://user:hunter2@127.0.0.1:1080");
    const failure = await answerOf(to(1)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "InvalidParameter" });
    expect(String(failure)).not.toContain("hunter2");
  });

  it("tells nothing of the proxy's login when the proxy cannot be reached", async () => {
    vi.stubEnv("HTTP_PROXY", "http://user:hunter2@127.0.0.1:1");
    const failure = await answerOf(to(1)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ECONNREFUSED" });
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure)) + String((failure as Error).stack)).not.toMatch(
      /hunter2|aHVudGVyMg|dXNlcjpodW50ZXIy/,
    );
  });
});
