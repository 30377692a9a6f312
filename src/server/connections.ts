import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionTally } from "./traffic.js";

/** The connections of a server. */
export interface Connections {
  tally(): ConnectionTally;
  /** Whether there is more than one. */
  areMany(): boolean;
  /** Closes those without a request under way at once, the others as soon as they have none. */
  closeIdle(): void;
  /** Ends all of them, whatever is under way. */
  cutOff(): void;
}

/** Requests of a connection that may wait for their turn. Who pipelines more than that does not read the answers, and would fill the memory. */
const MAX_WAITING = 250;

/** Counts the requests under way on each connection, for Node takes one that never sent a request for one in use. */
export function connectionsOf(server: Server, isTls: boolean): Connections {
  const requests = new Map<Socket, number>();
  const handshakes = isTls ? handshakesOf(server) : new Set<Socket>();
  const ended = { total: 0, receivedBytes: 0, sentBytes: 0 };
  let closing = false;
  const add = (socket: Socket, more: number): void => {
    const before = requests.get(socket);
    if (before === undefined) return;
    requests.set(socket, before + more);
    if (closing && before + more === 0) socket.destroySoon();
  };
  const onClose = (socket: Socket): void => {
    requests.delete(socket);
    ended.total += 1;
    ended.receivedBytes += socket.bytesRead;
    ended.sentBytes += socket.bytesWritten;
  };
  server.on(isTls ? "secureConnection" : "connection", (socket: Socket) => {
    requests.set(socket, 0);
    socket.once("close", () => onClose(socket));
    if (closing) add(socket, 0);
  });
  const onRequest = ({ socket }: IncomingMessage, outgoing: ServerResponse): void => {
    if ((requests.get(socket) ?? 0) > MAX_WAITING) socket.destroy();
    add(socket, 1);
    outgoing.once("close", () => add(socket, -1));
  };
  server.prependListener("request", onRequest).prependListener("checkContinue", onRequest);
  return {
    areMany: () => requests.size > 1,
    tally: () => tallyOf(requests.keys(), ended),
    closeIdle() {
      closing = true;
      for (const socket of handshakes) socket.destroy();
      for (const socket of requests.keys()) add(socket, 0);
    },
    cutOff() {
      for (const socket of [...handshakes, ...requests.keys()]) socket.destroy();
    },
  };
}

/** Counted when somebody asks, so that requests cost nothing. */
function tallyOf(open: Iterable<Socket>, ended: Omit<ConnectionTally, "open">): ConnectionTally {
  const tally = { ...ended, open: 0 };
  for (const { bytesRead, bytesWritten } of open) {
    tally.open += 1;
    tally.total += 1;
    tally.receivedBytes += bytesRead;
    tally.sentBytes += bytesWritten;
  }
  return tally;
}

/**
 * The connections that have not yet agreed on how to encrypt. Their sockets lie below those that requests come on, and only the peer's
 * address tells which lies below which.
 */
function handshakesOf(server: Server): Iterable<Socket> {
  const byPeer = new Map<string, Socket>();
  const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
  server.on("connection", (socket) => {
    const peer = peerOf(socket);
    byPeer.set(peer, socket);
    socket.once("close", () => {
      if (byPeer.get(peer) === socket) byPeer.delete(peer);
    });
  });
  server.on("secureConnection", (socket: Socket) => byPeer.delete(peerOf(socket)));
  return { [Symbol.iterator]: () => byPeer.values() };
}
