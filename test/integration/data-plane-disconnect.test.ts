import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Door, jsonCall, login, onSocket, type RawAnswer } from "../contract/transport/doors.js";

const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

let door: Door;
let token: Record<string, string>;
let socket: Socket;
beforeEach(async () => {
  door = await onSocket();
  await door.send(jsonCall("CreateRepository", { repositoryName: "app" }));
  token = await login(door);
  socket = connect(Number(new URL(door.endpoint).port), "127.0.0.1");
  await once(socket, "connect");
});
afterEach(async () => {
  socket.destroy();
  await door.close();
});

const send = (
  method: string,
  target: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<RawAnswer> =>
  door.send({ method, target, headers: { ...token, ...headers }, ...(body === undefined ? {} : { body }) });

/** Begins a request on the raw socket and gives only a part of its body. */
const begin = (method: string, target: string, length: number, part: string, more = ""): void =>
  void socket.write(
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${token["authorization"]}\r\nContent-Length: ${length}\r\n${more}\r\n${part}`,
  );

/** Ends the connection and waits until the server has closed it too. */
async function leave(): Promise<void> {
  socket.resume().end();
  await once(socket, "close");
}

async function openUpload(): Promise<string> {
  return (await send("POST", "/v2/app/blobs/uploads/")).headers["location"] ?? "";
}

/** Asks until the server has taken in so much of the upload. */
async function untilRange(upload: string, range: string): Promise<void> {
  while ((await send("GET", upload)).headers["range"] !== range);
}

describe("a client that disconnects in mid-upload", () => {
  it("finds its upload as far as it came and goes on from there", async () => {
    const upload = await openUpload();
    begin("PATCH", upload, 10, "12345");
    await untilRange(upload, "0-4");
    socket.destroy();
    expect((await send("PATCH", upload, "67890", { "content-range": "5-9" })).status).toBe(201);
    expect((await send("PUT", `${upload}?digest=${sha256("1234567890")}`)).status).toBe(201);
    expect((await send("GET", `/v2/app/blobs/${sha256("1234567890")}`)).body.toString()).toBe("1234567890");
  });

  it("has not completed a blob whose last chunk broke off, although the bytes that came have its digest", async () => {
    const upload = await openUpload();
    begin("PUT", `${upload}?digest=${sha256("12345")}`, 10, "12345");
    await untilRange(upload, "0-4");
    socket.destroy();
    // Waits in line behind the request that broke off.
    expect((await send("PATCH", upload, "x", { "content-range": "5-5" })).status).toBe(201);
    expect((await send("HEAD", `/v2/app/blobs/${sha256("12345")}`)).status).toBe(404);
  });

  it("leaves nothing of a push in one request, and the server goes on", async () => {
    begin("POST", `/v2/app/blobs/uploads/?digest=${sha256("12345")}`, 10, "12345");
    await leave();
    expect((await send("HEAD", `/v2/app/blobs/${sha256("12345")}`)).status).toBe(404);
    expect((await send("POST", `/v2/app/blobs/uploads/?digest=${sha256("12345")}`, "12345")).status).toBe(201);
  });

  it("is no fault of the local ECR, also when it had waited for its 100", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    try {
      const upload = await openUpload();
      begin("PATCH", upload, 10, "", "Expect: 100-continue\r\n");
      await once(socket, "data");
      socket.write("12345");
      await untilRange(upload, "0-4");
      socket.destroy();
      // Waits in line behind the request that broke off.
      expect((await send("PATCH", upload, "67890", { "content-range": "5-9" })).status).toBe(201);
      expect(warned).not.toHaveBeenCalled();
    } finally {
      warned.mockRestore();
    }
  });

  it("has called no operation when the JSON of its call broke off", async () => {
    const { headers = {} } = jsonCall("CreateRepository", {});
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `POST / HTTP/1.1\r\nHost: localhost\r\n${head.join("")}Content-Length: 99\r\n\r\n{"repositoryName":"half"}`,
    );
    await leave();
    const { body } = await send("GET", "/v2/_catalog");
    expect(JSON.parse(body.toString())).toEqual({ repositories: ["app"] });
  });
});

describe("an upload whose repository is deleted in mid-upload", () => {
  it("is not stored, and its client is told", async () => {
    const upload = await openUpload();
    begin("PATCH", upload, 10, "12345");
    await untilRange(upload, "0-4");
    expect((await door.send(jsonCall("DeleteRepository", { repositoryName: "app", force: true }))).status).toBe(200);
    socket.write("67890");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1.1 404 .*BLOB_UPLOAD_UNKNOWN/s);
  });
});

describe("two clients that complete one upload with the same bytes", () => {
  it("store it, and one of them is told that the upload has ended", async () => {
    const upload = await openUpload();
    const complete = () => send("PUT", `${upload}?digest=${sha256("12345")}`, "12345");
    const answers = await Promise.all([complete(), complete()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404]);
    expect((await send("GET", `/v2/app/blobs/${sha256("12345")}`)).body.toString()).toBe("12345");
  });
});

describe("a client that disconnects in mid-download", () => {
  it("costs the others nothing", async () => {
    const blob = "x".repeat(8 * 1024 * 1024);
    await send("POST", `/v2/app/blobs/uploads/?digest=${sha256(blob)}`, blob);
    const { headers } = await send("GET", `/v2/app/blobs/${sha256(blob)}`);
    const { pathname, search } = new URL(headers["location"] ?? "");
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(socket, "data");
    socket.destroy();
    expect((await send("GET", pathname + search)).body.toString()).toBe(blob);
  });
});
