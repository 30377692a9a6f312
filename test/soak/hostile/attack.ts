import type { Chance } from "../chance.js";
import type { World } from "./world.js";

/** Something that a client should not do, or that hardly any does. */
export interface Attack {
  /** What to look for when it succeeds. */
  readonly name: string;
  /** What is sent, in writes of their own. */
  readonly writes: readonly Uint8Array[];
  /** Methods of the requests that it may be read as, in order: there are never more answers than that. */
  readonly methods: readonly string[];
  /**
   * `answered`: the last request is whole and asks for the connection to be closed, so an answer must come. `cut`: the client ends its side in
   * the middle of things; whatever comes back must be HTTP. `reset`: the client is gone before anything can come back.
   */
  readonly ending: "answered" | "cut" | "reset";
}

/** Draws one attack of a family. */
export type Family = (chance: Chance, world: World) => Attack;

/** A request, written as it is told: nothing is checked, ordered or escaped. */
export interface Raw {
  readonly method?: string;
  readonly target?: string | Uint8Array;
  /** Header lines, without their ends. */
  readonly headers?: readonly (string | Uint8Array)[];
  readonly body?: Uint8Array | string;
  readonly version?: string;
}

const EOL = Buffer.from("\r\n");
export const bytesOf = (text: string | Uint8Array): Uint8Array => (typeof text === "string" ? Buffer.from(text) : text);

/** The bytes of a request. Only what is left out is added: a Host, a length, and that the connection shall end. */
export function rawRequest({ method = "GET", target = "/", headers = [], body, version = "HTTP/1.1" }: Raw): Buffer {
  const given = headers.map((line) => Buffer.from(bytesOf(line)).toString("latin1").toLowerCase());
  const has = (name: string): boolean => given.some((line) => line.startsWith(`${name}:`));
  const lines: (string | Uint8Array)[] = [...headers];
  if (!has("host")) lines.unshift("Host: localhost");
  if (!has("connection")) lines.push("Connection: close");
  if (body !== undefined && !has("content-length") && !has("transfer-encoding"))
    lines.push(`Content-Length: ${bytesOf(body).byteLength}`);
  return Buffer.concat([
    bytesOf(`${method} `),
    bytesOf(target),
    bytesOf(` ${version}\r\n`),
    ...lines.flatMap((line) => [bytesOf(line), EOL]),
    EOL,
    bytesOf(body ?? ""),
  ]);
}

/** An attack of one whole request. */
export const whole = (name: string, raw: Raw): Attack => ({
  name,
  writes: [rawRequest(raw)],
  methods: [raw.method ?? "GET"],
  ending: "answered",
});
