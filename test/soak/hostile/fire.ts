import { connect } from "node:net";
import type { Attack } from "./attack.js";
import { parseAnswers } from "./wire.js";
import type { World } from "./world.js";

/** How an attack ended. */
interface Outcome {
  readonly received: Buffer;
  readonly end: "closed" | "reset" | "hung";
}

/** After this long without an end, in milliseconds, a connection hangs: nothing that is sent here takes a server long. */
const HUNG_MS = 20_000;

/** What stands in `/etc/passwd`. */
const PASSWD = "root:x:0:";

/** Sends an attack on a connection of its own; answers what it did that must not be, or undefined. */
export async function fire(port: number, attack: Attack, world: World): Promise<string | undefined> {
  return judge(attack, await exchange(port, attack), world);
}

function exchange(port: number, { writes, ending }: Attack): Promise<Outcome> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    let end: Outcome["end"] = "closed";
    const timer = setTimeout(() => {
      end = "hung";
      socket.destroy();
    }, HUNG_MS);
    socket.on("data", (bytes) => received.push(bytes));
    socket.on("end", () => socket.destroy());
    socket.on("error", () => {
      end = "reset";
    });
    socket.on("close", () => {
      clearTimeout(timer);
      resolve({ received: Buffer.concat(received), end });
    });
    socket.on("connect", () => send(socket, writes, ending));
  });
}

/** One write after the other, so that the server reads them apart. */
function send(
  socket: ReturnType<typeof connect>,
  [first, ...others]: readonly Uint8Array[],
  ending: Attack["ending"],
): void {
  if (socket.destroyed) return;
  if (first !== undefined) {
    socket.write(first, () => setImmediate(send, socket, others, ending));
    return;
  }
  if (ending === "reset") socket.resetAndDestroy();
  else if (ending === "cut") socket.end();
}

function judge({ methods, writes, ending }: Attack, { received, end }: Outcome, { secret }: World): string | undefined {
  const { answers, rest, problem } = parseAnswers(received, methods);
  if (problem !== undefined) return `the answer is no HTTP: ${problem}`;
  const fault = answers.find(({ status }) => status >= 500);
  if (fault) return `answered ${fault.status}: ${fault.body.toString("latin1", 0, 200)}`;
  if (answers.length > methods.length) return `${answers.length} answers to ${methods.length} requests`;
  if (answers.some(({ headers }) => headers.has("x-injected"))) return "a header was injected";
  if (received.includes(secret) || received.includes(PASSWD)) return "a file was read that is none of the registry's";
  if (end === "hung") return `no end after ${HUNG_MS} ms; received ${received.length} bytes`;
  if (ending !== "answered") return undefined;
  if (end === "reset" && isLarge(writes)) return undefined;
  if (answers.length === 0) return `no answer (${end}), only ${rest.length} bytes`;
  return rest.length > 0 ? `${rest.length} bytes after the answer` : undefined;
}

/** Of a body that is refused a server reads away no more than this, in bytes: then the connection may be reset before the answer was read. */
const DRAINED_BYTES = 1024 * 1024;

const isLarge = (writes: readonly Uint8Array[]): boolean =>
  writes.reduce((sum, { byteLength }) => sum + byteLength, 0) > DRAINED_BYTES;
