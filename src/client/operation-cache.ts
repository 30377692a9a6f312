import type { InputOf, OperationName, OutputOf } from "../protocol/operations.js";
import type { Step } from "../telemetry/pipeline-observer.js";
import type { CallScope } from "./call-scope.js";
import type { FailedCall } from "./error-mapper.js";

/** A call on its way to the service, as a cache sees it. */
export interface CachedCall<N extends OperationName> {
  readonly operation: N;
  readonly input: InputOf<N>;
  readonly access: "read" | "write";
  readonly scope: CallScope;
  /** What an answer depends on beside the input: endpoint, region and principal. */
  readonly keyPrefix: () => Promise<string>;
  /** What an error says of the call, when its time is over or its caller gives up while the cache waits. */
  readonly failed: () => FailedCall;
  /** Told what the cache did, if anybody watches. */
  readonly step: Step | undefined;
}

/** Answers reads out of what it keeps, and forgets what a write touched. */
export interface OperationCache {
  /** The output of a call: out of the cache, or of `send`, which sends it. */
  through<N extends OperationName>(call: CachedCall<N>, send: () => Promise<OutputOf<N>>): Promise<OutputOf<N>>;
  close(): Promise<void>;
}
