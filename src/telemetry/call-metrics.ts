import type { EndpointService } from "../protocol/endpoints.js";
import { type CallRecord, errorTypeOf, methodOf } from "./call-record.js";
import type { EmitMetric, MetricName } from "./metrics.js";
import type { TokenEvent } from "./pipeline-observer.js";

/** What ended a call in failure. */
export interface CallFailure {
  readonly error: unknown;
}

/** Operations that are counted when they succeed. That `PutImage` gives a tag, only its input tells. */
const COUNTERS: ReadonlyMap<string, MetricName> = new Map([
  ["DescribeRepositories", "ecr.repositories.listed"],
  ["DescribeImages", "ecr.images.described"],
  ["BatchDeleteImage", "ecr.images.deleted"],
  ["StartImageScan", "ecr.scans.started"],
  ["DescribeImageReplicationStatus", "ecr.replication.checks"],
] satisfies [string, MetricName][]);

/** Takes all measurements of a call that is over. */
export function emitCall(
  emitMetric: EmitMetric,
  record: CallRecord,
  failure: CallFailure | undefined,
  endMs: number,
): void {
  const { call, latenciesMs, errors, lastError, startMs, cache } = record;
  const region = { "cloud.region": call.region };
  const method = { ...region, "rpc.method": methodOf(call) };
  for (const latencyMs of latenciesMs) emitMetric("ecr.request.latency_ms", latencyMs, method);
  for (const error of errors) emitMetric("ecr.request.errors", 1, { ...method, "error.type": error });
  const errorType = failure && errorTypeOf(failure.error);
  // What ended the call is counted already where it is what an attempt met.
  if (failure !== undefined && failure.error !== lastError)
    emitMetric("ecr.request.errors", 1, { ...method, "error.type": errorType });
  // What the cache held was not asked of ECR.
  if (cache === "hit" || cache === "stale") return;
  const duration = { ...method, "rpc.system.name": "aws-api", "error.type": errorType };
  emitMetric("rpc.client.call.duration", (endMs - startMs) / 1_000, duration);
  if (failure !== undefined) return;
  const counter = call.operation === "PutImage" && record.tagged ? "ecr.images.tagged" : COUNTERS.get(call.operation);
  if (counter !== undefined) emitMetric(counter, 1, method);
  if (record.scan === undefined) return;
  emitMetric("ecr.scans.completed", 1, region);
  for (const [severity, count] of Object.entries(record.scan))
    emitMetric("ecr.scans.findings", count, { ...region, "ecr.finding.severity": severity });
}

const TOKEN_COUNTERS: Readonly<Record<TokenEvent, MetricName>> = {
  hit: "ecr.auth.token_cache_hit",
  miss: "ecr.auth.token_cache_miss",
  refresh: "ecr.auth.token_refresh",
};

export const emitToken = (emitMetric: EmitMetric, event: TokenEvent, region: string): void =>
  emitMetric(TOKEN_COUNTERS[event], 1, { "cloud.region": region });

const STATES = { closed: 0, "half-open": 1, open: 2 } as const;

export const emitCircuit = (
  emitMetric: EmitMetric,
  state: keyof typeof STATES,
  service: EndpointService,
  region: string,
): void => emitMetric("ecr.circuit_breaker.state", STATES[state], { "cloud.region": region, "ecr.service": service });
