import type { Caller } from "../registry/registry.js";
import type { Time } from "../time.js";
import type { AwsCall } from "../transport/aws-call.js";

/** One request that a local ECR answered, or did not. */
export interface LogEntry {
  /** 1 is the first since the start or the last reset. */
  readonly sequence: number;
  /** When it came, by the local ECR's clock: ISO 8601. */
  readonly time: string;
  readonly method: string;
  readonly path: string;
  /** By its AWS name, one of ECR Public and of STS with its service, such as `sts:AssumeRole`; absent for what is no call to AWS. */
  readonly operation?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** The principal that called, once that was known. */
  readonly principal?: string | undefined;
  readonly repository?: string | undefined;
  /** Absent when the connection ended without an answer. */
  readonly status?: number | undefined;
  /** The error's code, such as `RepositoryNotFoundException`. */
  readonly error?: string | undefined;
  /** What a fault plan did to it. */
  readonly fault?: string | undefined;
  /** Until the answer began. */
  readonly durationMs: number;
}

/** What a local ECR was asked. Bodies, tokens and signatures are not part of it. */
export interface OperationLog {
  /** Kept entries after the one numbered `after`, the oldest first. The last 1,000 are kept. @default all */
  entries(range?: { readonly after?: number; readonly limit?: number }): readonly LogEntry[];
  clear(): void;
}

/** What is noted of a request while it is answered: one plain object, since this happens to every request and is hardly ever read. */
export interface Observation {
  readonly method: string;
  readonly path: string;
  readonly startMs: number;
  /** Which face of AWS it asked; undefined where it is no call to AWS. */
  readonly face: AwsCall["face"] | undefined;
  durationMs: number;
  operation: string | undefined;
  repository: string | undefined;
  caller: Caller | undefined;
  /** Where there is no caller. */
  region: string | undefined;
  status: number | undefined;
  error: string | undefined;
  fault: string | undefined;
}

/** An {@link OperationLog} with its writing end. */
export interface OperationLogBook extends OperationLog {
  readonly time: Time;
  add(observation: Observation): void;
}

/** Entries that are kept; the oldest go first. */
export const KEPT_ENTRIES = 1_000;

export function createOperationLog(time: Time): OperationLogBook {
  let kept: Observation[] = [];
  let count = 0;
  return {
    time,
    add(observation) {
      kept[count % KEPT_ENTRIES] = observation;
      count += 1;
    },
    entries({ after = 0, limit = KEPT_ENTRIES } = {}) {
      const found: LogEntry[] = [];
      for (let place = Math.max(after, count - KEPT_ENTRIES); place < count && found.length < limit; place++) {
        const observation = kept[place % KEPT_ENTRIES];
        if (observation) found.push({ sequence: place + 1, ...entryOf(observation) });
      }
      return found;
    },
    clear() {
      kept = [];
      count = 0;
    },
  };
}

function entryOf({
  startMs,
  durationMs,
  caller,
  method,
  path,
  face: _face,
  ...rest
}: Observation): Omit<LogEntry, "sequence"> {
  const known = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    time: new Date(startMs).toISOString(),
    method,
    path,
    ...Object.fromEntries(known),
    ...(caller && { account: caller.account, region: caller.region, principal: caller.arn }),
    durationMs,
  };
}
