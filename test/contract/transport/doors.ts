import { request as httpRequest } from "node:http";
import type { Readable } from "node:stream";
import { createLocalEcr, type LocalEcr, type LocalEcrOptions, simulate } from "../../../src/local.js";
import { parseQuery } from "../../../src/server/query.js";
import { manualTime } from "../../../src/time.js";
import { network } from "../../../src/transport/network.js";
import type { HttpRequest, Transport } from "../../../src/transport/transport.js";

/** A request as it stands on the wire. */
export interface RawRequest {
  readonly method: string;
  /** Path and query, undecoded. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A way into a local ECR of its own. */
export interface Door {
  readonly name: string;
  readonly local: LocalEcr;
  readonly transport: Transport;
  /** Where requests go: `http://localhost:PORT` on a socket, ECR's own name in-process. */
  readonly endpoint: string;
  send(request: RawRequest): Promise<RawAnswer>;
  close(): Promise<void>;
}

/** A registry host that means the same on every door, so that answers can be compared. */
export const HOST = "123456789012.dkr.ecr.eu-west-1.localhost";

/** What would differ between doors if it were left to chance. */
const SAME = { time: manualTime(), publicHost: "{account}.dkr.ecr.{region}.localhost" };

/** Without a socket. */
export async function inProcess(options: LocalEcrOptions = {}): Promise<Door> {
  const local = createLocalEcr({ ...SAME, ...options });
  const transport = simulate(local);
  return {
    name: "in-process",
    local,
    transport,
    endpoint: "https://api.ecr.eu-west-1.amazonaws.com",
    async send({ method, target, headers, body }) {
      const [path = "", query] = target.split(/\?(.*)/s);
      const { response } = await transport.handle({
        method,
        protocol: "http:",
        hostname: HOST,
        path,
        ...(query === undefined ? {} : { query: parseQuery(query) }),
        headers: { host: HOST, ...lengthOf(body), ...headers },
        ...(body === undefined ? {} : { body }),
      } satisfies HttpRequest);
      return { status: response.statusCode, headers: response.headers, body: await bytesOf(response.body) };
    },
    close: () => local.close(),
  };
}

/** Over a socket of 127.0.0.1. */
export async function onSocket(options: LocalEcrOptions = {}): Promise<Door> {
  const local = createLocalEcr({ ...SAME, ...options });
  const { port } = await local.listen({ port: 0 });
  const transport = network();
  return {
    name: "socket",
    local,
    transport,
    endpoint: `http://127.0.0.1:${port}`,
    send: (request) => sendRaw(port, request),
    async close() {
      transport.destroy?.();
      await local.close();
    },
  };
}

export const DOORS: readonly (typeof inProcess)[] = [inProcess, onSocket];

/** Headers that say something of a connection, not of an answer. */
const OF_CONNECTION = new Set(["date", "connection", "keep-alive"]);

function sendRaw(port: number, { method, target, headers, body }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: "127.0.0.1",
      port,
      method,
      path: target,
      headers: { host: HOST, ...lengthOf(body), ...headers },
    });
    request.on("error", reject);
    request.on("response", async (response) => {
      const own = Object.entries(response.headers).filter(([name]) => !OF_CONNECTION.has(name));
      resolve({
        status: response.statusCode ?? 0,
        headers: Object.fromEntries(own) as Record<string, string>,
        body: await bytesOf(response),
      });
    });
    request.end(body);
  });
}

const lengthOf = (body: string | Uint8Array | undefined): Record<string, string> =>
  body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };

async function bytesOf(body: Uint8Array | Readable | undefined): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.concat(await body.toArray());
}

/** Signed as far as an open local ECR looks: the account 123456789012 in eu-west-1. */
export const SIGNED: Readonly<Record<string, string>> = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/ecr/aws4_request, SignedHeaders=host, Signature=00",
};

/** One call in AWS JSON 1.1. */
export const jsonCall = (operation: string, input: unknown, headers: Record<string, string> = {}): RawRequest => ({
  method: "POST",
  target: "/",
  headers: {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${operation}`,
    ...SIGNED,
    ...headers,
  },
  body: typeof input === "string" ? input : JSON.stringify(input),
});

/** A login header for `/v2/` out of an authorization token. */
export async function login(door: Door): Promise<Record<string, string>> {
  const { body } = await door.send(jsonCall("GetAuthorizationToken", {}));
  return { authorization: `Basic ${JSON.parse(body.toString()).authorizationData[0].authorizationToken}` };
}
