import type { Agent, ClientRequest, RequestOptions } from "node:http";
import type { SecureContext } from "node:tls";
import { certificateBundle, loadProxyFor, namesProxy, type ProxyFor, proxyAgent } from "./proxy.js";
import type { HttpRequest } from "./transport.js";

/** One protocol, straight or by a proxy: how its requests are made, over which sockets, and when a socket is ready. */
export interface Door {
  readonly request: (options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
  /** Whether the agent writes headers of its own, which it can only beside headers by name. */
  readonly addsHeaders: boolean;
  /**
   * The certificates to trust in place of Node's. Not the agent's own option `ca`: that would be part of the name under which every
   * request looks for its socket.
   */
  readonly secureContext: SecureContext | undefined;
  readonly connectedEvent: "connect" | "secureConnect";
  readonly connectTimeoutMs: number;
}

/** The doors of one end, opened when they are first needed. */
export interface Doors {
  /** The door for a request: without a promise, unless a proxy is named. */
  of(request: HttpRequest): Door | Promise<Door>;
  /** Closes the sockets of all doors, those of a given agent excepted. */
  close(): void;
}

/** Doors over the given agent, or over agents of their own, which heed the environment's proxies and certificates. */
export function openDoors(given: Agent | undefined, connectTimeoutMs: number): Doors {
  const { env } = process;
  const doors = new Map<string, Door>();
  let proxyFor: Promise<ProxyFor> | undefined;

  const open = (key: string, protocol: string, agent: Agent, addsHeaders = false): Door => {
    const secureContext = given === undefined && protocol === "https:" ? certificateBundle(env) : undefined;
    const { request } = moduleOf(protocol);
    const connectedEvent = protocol === "http:" ? "connect" : "secureConnect";
    const door: Door = { request, agent, addsHeaders, secureContext, connectedEvent, connectTimeoutMs };
    doors.set(key, door);
    return door;
  };

  const straight = (protocol: string): Door =>
    doors.get(protocol) ?? open(protocol, protocol, given ?? new (moduleOf(protocol).Agent)({ keepAlive: true }));

  const byProxy = async ({ protocol, hostname, port }: HttpRequest): Promise<Door> => {
    moduleOf(protocol);
    proxyFor ??= loadProxyFor();
    const proxy = (await proxyFor)(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`);
    if (proxy === undefined) return straight(protocol);
    const key = `${protocol} ${proxy}`;
    return doors.get(key) ?? open(key, protocol, await proxyAgent(protocol, proxy), true);
  };

  return {
    of: (request) => (given === undefined && namesProxy(env) ? byProxy(request) : straight(request.protocol)),
    close() {
      if (given === undefined) for (const door of doors.values()) door.agent.destroy();
      doors.clear();
    },
  };
}

/** Not an import: a process that never calls does not load them. @throws {TypeError} when it is neither protocol */
function moduleOf(protocol: string): Pick<typeof import("node:http"), "request" | "Agent"> {
  if (protocol === "http:") return process.getBuiltinModule("node:http");
  if (protocol === "https:") return process.getBuiltinModule("node:https");
  throw new TypeError(`\`protocol\` must be \`http:\` or \`https:\`, got \`${protocol}\``);
}
