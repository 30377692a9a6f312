import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpRequest, RequestBody } from "../transport/transport.js";
import { parseQuery } from "./query.js";

/** A request as it came on a socket, undecoded. Its body is asked for when somebody reads it, where the client waits for that. */
export function requestOf(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { protocol, continues }: { readonly protocol: "http:" | "https:"; readonly continues: boolean },
): HttpRequest {
  const { method = "GET", headers } = incoming;
  const target = originForm(incoming.url ?? "/");
  const mark = target.indexOf("?");
  return {
    method,
    protocol,
    hostname: headers.host?.replace(/:\d*$/, "") ?? "localhost",
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? undefined : parseQuery(target.slice(mark + 1)),
    // Node joins repeated headers into one text, all but set-cookie, which no request has.
    headers: headers as Readonly<Record<string, string>>,
    body: bodyOf(incoming, outgoing, continues),
  };
}

/** A client that takes this server for a proxy writes the whole URL. documented: RFC 9112 3.2.2. */
const originForm = (target: string): string =>
  target.startsWith("/") ? target : target.replace(/^https?:\/\/[^/?]*/i, "");

function bodyOf(incoming: IncomingMessage, outgoing: ServerResponse, continues: boolean): RequestBody | undefined {
  const { "content-length": length = "0", "transfer-encoding": encoding } = incoming.headers;
  if (length === "0" && encoding === undefined) return undefined;
  if (continues) continueOnRead(incoming, outgoing);
  return incoming;
}

/** Requests whose clients wait for a 100 before they send their bodies. */
const waiting = new WeakSet<IncomingMessage>();

/** Lets the client send its body when somebody reads it, and not before. */
function continueOnRead(incoming: IncomingMessage, outgoing: ServerResponse): void {
  waiting.add(incoming);
  const read = incoming._read;
  incoming._read = (sizeBytes) => {
    incoming._read = read;
    if (waiting.delete(incoming)) outgoing.writeContinue();
    incoming._read(sizeBytes);
  };
}

/** Whether the client was waiting for its 100, which it is not given any more. */
export const stopWaiting = (incoming: IncomingMessage): boolean => waiting.delete(incoming);
