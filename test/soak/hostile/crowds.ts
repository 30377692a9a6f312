import { connect, type Socket } from "node:net";
import type { Chance } from "../chance.js";
import { rawRequest } from "./attack.js";
import type { World } from "./world.js";

/** What many clients do at once, each on a connection of its own that it does not let go. */
export type Crowd = (chance: Chance, world: World) => Uint8Array | undefined;

const open = { version: "HTTP/1.1", headers: [] };

/** Crowds by what they do. */
export const CROWDS: Readonly<Record<string, Crowd>> = {
  "say nothing": () => undefined,
  "stop in the middle of their headers": (chance, { login }) =>
    rawRequest({ ...open, headers: [login, "X-Long: value"] }).subarray(0, 5 + chance.below(60)),
  "stop in the middle of a manifest": (_chance, { login, repository }) =>
    stopped("PUT", `/v2/${repository}/manifests/slow`, login, 100_000, '{"schemaVersion":2'),
  "stop in the middle of a layer": (_chance, { login, repository }) =>
    stopped("POST", `/v2/${repository}/blobs/uploads/?digest=sha256:0`, login, 1_000_000, "some bytes"),
  "wait for one upload at the same time": (_chance, { login, repository, uploadId }) =>
    stopped("PATCH", `/v2/${repository}/blobs/uploads/${uploadId}`, login, 1_000_000, "some bytes"),
  "announce a call of 32 MiB and send nothing": (_chance, { signature }) =>
    stopped("POST", "/", signature, 32 * 1024 * 1024, ""),
  "wait for a 100 that they do not heed": (_chance, { login, repository }) =>
    rawRequest({
      method: "POST",
      target: `/v2/${repository}/blobs/uploads/?digest=sha256:0`,
      headers: [login, "Content-Length: 1000000", "Expect: 100-continue", "Connection: keep-alive"],
    }),
  "never read what they asked for": (_chance, { login, largeLayer }) =>
    rawRequest({ target: largeLayer, headers: [login, "Connection: keep-alive"] }),
  "ask on without reading": (_chance, { login, largeLayer }) =>
    Buffer.concat([
      rawRequest({ target: largeLayer, headers: [login, "Connection: keep-alive"] }),
      ...Array.from({ length: 2_000 }, () =>
        rawRequest({ target: largeLayer, headers: [login, "Connection: keep-alive"] }),
      ),
    ]),
};

const stopped = (method: string, target: string, login: string, length: number, body: string): Buffer =>
  rawRequest({
    method,
    target,
    headers: [login, `Content-Length: ${length}`, "Connection: keep-alive"],
    body,
  });

/** Brings a crowd to a server and resolves, when all are connected and have said what they say, with the way to send it off. */
export async function gather(
  port: number,
  count: number,
  say: () => Uint8Array | undefined,
): Promise<() => Promise<void>> {
  const sockets = await Promise.all(Array.from({ length: count }, () => connected(port)));
  for (const socket of sockets) {
    const bytes = say();
    if (bytes !== undefined) socket.write(bytes);
  }
  return async () => {
    await Promise.all(sockets.map(gone));
  };
}

/** Opens `count` connections, a hundred at a time, and drops each of them in its own way. */
export async function openAndDrop(port: number, count: number, chance: Chance, world: World): Promise<void> {
  const says = Object.values(CROWDS);
  for (let left = count; left > 0; left -= 100) {
    const sockets = await Promise.all(Array.from({ length: Math.min(left, 100) }, () => connected(port)));
    for (const socket of sockets) {
      const bytes = chance.in(0.5) ? chance.pick(says)(chance, world) : undefined;
      if (bytes !== undefined) socket.write(bytes);
    }
    await Promise.all(sockets.map((socket) => (chance.in(0.5) ? reset(socket) : gone(socket))));
  }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.pause();
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject).on("error", () => undefined);
      resolve(socket);
    });
  });
}

const gone = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) return resolve();
    socket.once("close", () => resolve());
    socket.destroy();
  });

const reset = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) return resolve();
    socket.once("close", () => resolve());
    socket.resetAndDestroy();
  });
