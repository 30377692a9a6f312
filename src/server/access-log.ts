import type { Observation } from "./operation-log.js";
import type { Served, Traffic } from "./traffic.js";

/** One request in the access log. Neither bodies, queries, tokens nor signatures are part of it. */
export interface AccessLogLine {
  /** When it came, by the machine's clock: ISO 8601. */
  readonly time: string;
  readonly method: string;
  readonly path: string;
  /** Absent when the connection ended before the answer began. */
  readonly status?: number | undefined;
  /** `false` when the connection ended before the answer had. */
  readonly complete?: false | undefined;
  /** Of the answer, its headers included. */
  readonly bytes: number;
  /** Until the end of the answer. */
  readonly durationMs: number;
  /** By its AWS name; absent for what is no call to AWS. */
  readonly operation?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly repository?: string | undefined;
  readonly principal?: string | undefined;
  /** The error's code. */
  readonly error?: string | undefined;
  /** What a fault plan did to it. */
  readonly fault?: string | undefined;
  /** The one that the answer named. */
  readonly requestId?: string | undefined;
}

/** Where lines go: any stream that can be written to. `done` is called once the text is out, or lost. */
export interface LogSink {
  write(text: string, done: () => void): unknown;
}

/** Writes down each request as a line of JSON. */
export interface AccessLog extends Traffic {
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Lines that may wait for a reader that is slow, in characters. Further ones are left out, and their number is told: requests never wait for the log. */
const MOST_WAITING = 4 * 1024 * 1024;

/** Longest text of one member, in characters. */
const LONGEST_TEXT = 1_024;

/** An access log that ends in `sink`. Lines are written together, one batch at a time. `now` is the machine's clock. */
export function createAccessLog(sink: LogSink, now: () => number = Date.now): AccessLog {
  let waiting: string[] = [];
  let waitingSize = 0;
  let omitted = 0;
  let writing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    // The requests of one turn of the event loop share a write.
    await new Promise(setImmediate);
    while (waiting.length > 0 || omitted > 0) {
      if (omitted > 0) waiting.push(`${JSON.stringify({ time: new Date(now()).toISOString(), omitted })}\n`);
      const batch = waiting.join("");
      [waiting, waitingSize, omitted] = [[], 0, 0];
      // A sink that fails says so by itself; the log goes on, for a full disk may have room again.
      await new Promise<void>((resolve) => sink.write(batch, () => resolve()));
    }
    writing = undefined;
  };
  return {
    served(request) {
      const line = `${JSON.stringify(lineOf(request, now()))}\n`;
      if (waitingSize + line.length > MOST_WAITING) omitted += 1;
      else {
        waiting.push(line);
        waitingSize += line.length;
      }
      writing ??= write();
    },
    close: async () => writing,
  };
}

function lineOf(request: Served, nowMs: number): AccessLogLine {
  const { method, path, status, isWhole, sentBytes, durationMs, requestId, observation } = request;
  return {
    time: new Date(nowMs - durationMs).toISOString(),
    ...{ method, path: short(path), status },
    ...(isWhole ? {} : { complete: false }),
    bytes: sentBytes,
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    ...(observation && notesOf(observation)),
    requestId,
  };
}

const notesOf = ({ operation, repository, caller, region, error, fault }: Observation): Partial<AccessLogLine> => ({
  operation: short(operation),
  account: caller?.account,
  region: caller?.region ?? short(region),
  repository: short(repository),
  principal: caller?.arn,
  error,
  fault,
});

/** Text that a client chose may be long. */
function short<T extends string | undefined>(text: T): T | string {
  return text === undefined || text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}
