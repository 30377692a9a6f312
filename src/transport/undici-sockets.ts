import type { Socket } from "node:net";
import type { Dispatcher, Client as UndiciClient } from "undici";
import { certificateBundle, loadProxyFor, namesProxy, type ProxyFor, proxyUrl } from "./proxy.js";
import type { HttpRequest } from "./transport.js";

/** The package, once it is loaded. */
export type Undici = typeof import("undici");

/** Where one request may go out. Of those that go straight, each has a socket of its own, with one request at a time. */
export interface Place {
  readonly dispatcher: Dispatcher;
  /** Milliseconds until its connection must stand. */
  readonly connectTimeoutMs: number;
  /** Is told that a request goes out now. Answers whether its socket has served others, and how to tell whether bytes have come since. */
  begin(): { readonly reusedSocket: boolean; readonly answerStarted: () => boolean };
  /** Its request has ended well: it may serve the next one. */
  release(): void;
  /** Its request has failed or was given up: its socket is closed. */
  discard(reason: Error): void;
}

/** The sockets of one end. */
export interface Sockets {
  take(request: HttpRequest): Place | Promise<Place>;
  destroy(): void;
}

/** How long a socket that nobody uses is kept, in milliseconds, unless the server says less. */
const IDLE_MS = 60_000;

/** Sockets over undici's clients. undici's own pool does not tell which socket a request went out on, and whether it was a used one. */
export function openSockets(library: Undici, connectTimeoutMs: number): Sockets {
  const { env } = process;
  const idle = new Map<string, Place[]>();
  const open = new Set<Dispatcher>();
  const proxies = new Map<string, Dispatcher>();
  const secureContext = certificateBundle(env);
  const connector = library.buildConnector({
    timeout: connectTimeoutMs,
    allowH2: false,
    ...(secureContext && { secureContext }),
  });
  let proxyFor: Promise<ProxyFor> | undefined;

  const straight = (origin: string): Place => {
    const known = idle.get(origin)?.pop();
    if (known) return known;
    let socket: Socket | undefined;
    let served = 0;
    const client: UndiciClient = new library.Client(origin, {
      // No bound of undici's own: `requestTimeout` bounds the answer, and whoever reads a stream its body.
      ...{ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: IDLE_MS, pipelining: 1 },
      connect(options, done) {
        connector(options, (...outcome) => {
          [, socket = undefined] = outcome as [Error | null, Socket | undefined];
          served = 0;
          done(...outcome);
        });
      },
    });
    open.add(client);
    const place: Place = {
      dispatcher: client,
      connectTimeoutMs,
      begin() {
        const reusedSocket = served++ > 0;
        const on = socket;
        const before = on?.bytesRead ?? 0;
        return { reusedSocket, answerStarted: () => (on?.bytesRead ?? 0) > before };
      },
      release() {
        const places = idle.get(origin);
        if (places) places.push(place);
        else idle.set(origin, [place]);
      },
      discard(reason) {
        open.delete(client);
        client.destroy(reason).catch(() => undefined);
      },
    };
    return place;
  };

  const through = (proxy: string): Place => {
    const dispatcher =
      proxies.get(proxy) ??
      new library.ProxyAgent({
        uri: proxyUrl(proxy).href,
        ...{ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: IDLE_MS, allowH2: false },
        ...(secureContext && { requestTls: { secureContext } }),
      });
    proxies.set(proxy, dispatcher);
    open.add(dispatcher);
    const nothing = (): void => undefined;
    const begin = () => ({ reusedSocket: false, answerStarted: () => true });
    return { dispatcher, connectTimeoutMs, begin, release: nothing, discard: nothing };
  };

  const byProxies = async (origin: string): Promise<Place> => {
    proxyFor ??= loadProxyFor();
    const proxy = (await proxyFor)(origin);
    return proxy === undefined ? straight(origin) : through(proxy);
  };

  return {
    take(request) {
      const origin = originOf(request);
      return namesProxy(env) ? byProxies(origin) : straight(origin);
    },
    destroy() {
      for (const dispatcher of open)
        dispatcher.destroy(new Error("the transport was destroyed")).catch(() => undefined);
      open.clear();
      idle.clear();
    },
  };
}

/** @throws {TypeError} when the protocol is neither http nor https */
export function originOf({ protocol, hostname, port }: HttpRequest): string {
  if (protocol !== "http:" && protocol !== "https:")
    throw new TypeError(`\`protocol\` must be \`http:\` or \`https:\`, got \`${protocol}\``);
  return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
}
