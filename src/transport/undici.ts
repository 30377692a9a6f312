/** The subpath `ecrkit/transport/undici`: a network end for services that make thousands of calls a second. Needs the package `undici`, 7.x. */
import { EcrError } from "../errors.js";
import { isLostOnIdleSocket } from "./network-failure.js";
import type { Transport } from "./transport.js";
import { exchange } from "./undici-exchange.js";
import { openSockets, type Sockets } from "./undici-sockets.js";
import { isStream } from "./wire-request.js";

/** Options of {@link undici}. */
export interface UndiciOptions {
  /** Milliseconds until a new connection must stand, its TLS handshake included. @default 5_000 */
  readonly connectTimeoutMs?: number | undefined;
}

/**
 * The end that talks to the network through undici's client, at somewhat less CPU a call than `network()` (docs/benchmarks.md). Keeps every promise of
 * `network()`, proxies and `AWS_CA_BUNDLE` included; only a request through a proxy is never sent twice.
 * The package `undici` is loaded at the first request, which rejects with an {@link EcrError} of kind `InvalidParameter` where it is missing.
 */
export function undici({ connectTimeoutMs = 5_000 }: UndiciOptions = {}): Transport {
  if (!(Number.isFinite(connectTimeoutMs) && connectTimeoutMs > 0))
    throw new RangeError(`\`connectTimeoutMs\` must be a number above 0, got \`${String(connectTimeoutMs)}\``);
  let sockets: Sockets | undefined;
  let loading: Promise<Sockets> | undefined;
  const load = async (): Promise<Sockets> => {
    loading ??= loadUndici().then((library) => openSockets(library, connectTimeoutMs));
    sockets = await loading;
    return sockets;
  };
  return {
    async handle(request, options = {}) {
      const opened = sockets ?? (await load());
      const startedMs = performance.now();
      for (;;) {
        options.abortSignal?.throwIfAborted();
        const taken = opened.take(request);
        const place = taken instanceof Promise ? await taken : taken;
        try {
          return { response: await exchange(place, request, options, startedMs) };
        } catch (error) {
          // The server closed an idle socket while the request was on its way. Each such try uses up one of them, so this ends.
          if (!isLostOnIdleSocket(error) || isStream(request.body)) throw error;
          options.onResend?.();
        }
      }
    },
    destroy() {
      sockets?.destroy();
      sockets = undefined;
      loading = undefined;
    },
  };
}

async function loadUndici(): Promise<typeof import("undici")> {
  try {
    return await import("undici");
  } catch (cause) {
    throw new EcrError("ecrkit/transport/undici needs the package undici: npm install undici@7", {
      kind: "InvalidParameter",
      cause,
    });
  }
}
