import { isEcrError } from "../errors.js";
import type { EndpointService } from "../protocol/endpoints.js";
import type { ObservedCall, StepFacts } from "./pipeline-observer.js";

/** What has become known of a call while it runs. */
export interface CallRecord {
  readonly call: ObservedCall;
  readonly startMs: number;
  /** How long each request took, in milliseconds. */
  readonly latenciesMs: number[];
  /** The kind of error of each attempt that failed. */
  readonly errors: string[];
  /** Requests that were begun. */
  attempts: number;
  waitedMs: number;
  cache: StepFacts["cache"];
  requestId: string | undefined;
  tagged: boolean;
  scan: StepFacts["scan"];
  /** What the last attempt failed with. */
  lastError: unknown;
}

export const startRecord = (call: ObservedCall, startMs: number): CallRecord => ({
  call,
  startMs,
  latenciesMs: [],
  errors: [],
  attempts: 0,
  waitedMs: 0,
  cache: undefined,
  requestId: undefined,
  tagged: false,
  scan: undefined,
  lastError: undefined,
});

/** Keeps what became known. */
export function keepFacts(record: CallRecord, { error, waitedMs, cache, requestId, tagged, scan }: StepFacts): void {
  if (error !== undefined) {
    record.errors.push(errorTypeOf(error));
    record.lastError = error;
  }
  record.waitedMs += waitedMs ?? 0;
  record.cache = cache ?? record.cache;
  record.requestId = requestId ?? record.requestId;
  record.tagged ||= tagged ?? false;
  record.scan = scan ?? record.scan;
}

/** What failed, in one of a bounded number of words. documented: OpenTelemetry semantic conventions, `error.type`. */
export const errorTypeOf = (error: unknown): string => (isEcrError(error) ? error.kind : "_OTHER");

/** documented: service models, `serviceId`. */
const SERVICE_IDS: Readonly<Record<EndpointService, string>> = { ecr: "ECR", "ecr-public": "ECR PUBLIC", sts: "STS" };

/** Service and operation as one name. documented: OpenTelemetry semantic conventions, `rpc.method`. */
export const methodOf = ({ service, operation }: ObservedCall): string => `${SERVICE_IDS[service]}/${operation}`;
