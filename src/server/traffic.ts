import type { Observation } from "./operation-log.js";

/** A request that a server is done with. */
export interface Served {
  readonly method: string;
  /** Without the query, which may hold signatures. */
  readonly path: string;
  /** Undefined when the connection ended before the answer began. */
  readonly status: number | undefined;
  /** Whether the answer was sent to its end. */
  readonly isWhole: boolean;
  /** Of the answer, its headers included. */
  readonly sentBytes: number;
  /** From the end of the request's headers to the end of the answer. */
  readonly durationMs: number;
  /** The id that the answer gave the request, if it did. */
  readonly requestId: string | undefined;
  /** What the app noted of it; undefined for the local ECR's own routes. */
  readonly observation: Observation | undefined;
}

/** Is told what goes over the sockets of a server. */
export interface Traffic {
  /** Before a request is answered. */
  began?(): void;
  /** Once for each request that began. */
  served(request: Served): void;
  /** Gets a way to ask how the server's connections stand. */
  listening?(tally: () => ConnectionTally): void;
}

/** The connections of a server, counted. */
export interface ConnectionTally {
  readonly open: number;
  /** Those that are and those that were. */
  readonly total: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}
