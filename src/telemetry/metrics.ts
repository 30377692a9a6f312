/** The names of all measures. */
export type MetricName =
  | "ecr.repositories.listed"
  | "ecr.images.described"
  | "ecr.images.tagged"
  | "ecr.images.deleted"
  | "ecr.scans.started"
  | "ecr.scans.completed"
  | "ecr.scans.findings"
  | "ecr.auth.token_refresh"
  | "ecr.auth.token_cache_hit"
  | "ecr.auth.token_cache_miss"
  | "ecr.replication.checks"
  | "ecr.request.latency_ms"
  | "ecr.request.errors"
  | "ecr.circuit_breaker.state"
  | "rpc.client.call.duration";

/** What a measurement may be told apart by. All of it is bounded: no repository, tag or digest is among it. */
export type MetricAttribute =
  | "rpc.system.name"
  | "rpc.method"
  | "cloud.region"
  | "error.type"
  | "ecr.service"
  | "ecr.finding.severity";

/** The attributes of one measurement. */
export type MetricAttributes = { readonly [A in MetricAttribute]?: string | undefined };

/** What a measure is. */
export interface MetricDescription {
  readonly type: "counter" | "histogram" | "gauge";
  /** In the notation of UCUM, as OpenTelemetry wants it. */
  readonly unit: string;
  readonly description: string;
  /** What it is told apart by; `error.type` only where something failed. */
  readonly attributes: readonly MetricAttribute[];
  /** The upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

/** Takes one measurement: adds it to a counter, records it in a histogram, or sets a gauge. */
export type EmitMetric = (name: MetricName, value: number, attributes: MetricAttributes) => void;

const OF_METHOD = ["rpc.method", "cloud.region"] as const;

const operations = (what: string): MetricDescription => ({
  type: "counter",
  unit: "{operation}",
  description: `${what}, if they succeed`,
  attributes: OF_METHOD,
});

const tokens = (unit: string, description: string): MetricDescription => ({
  type: "counter",
  unit,
  description,
  attributes: ["cloud.region"],
});

/** Every measure by its name. Counters of operations leave out what a cache answered. */
export const metrics: Readonly<Record<MetricName, MetricDescription>> = {
  "ecr.repositories.listed": operations("Operations that list repositories"),
  "ecr.images.described": operations("Operations that describe images"),
  "ecr.images.tagged": operations("Operations that put a tag on an image"),
  "ecr.images.deleted": operations("Operations that delete images or tags"),
  "ecr.scans.started": operations("Operations that start a scan"),
  "ecr.scans.completed": {
    type: "counter",
    unit: "{scan}",
    description: "Scans that were found to be complete, each once for a client",
    attributes: ["cloud.region"],
  },
  "ecr.scans.findings": {
    type: "histogram",
    unit: "{finding}",
    description: "Findings of one severity in a complete scan, none included",
    attributes: ["cloud.region", "ecr.finding.severity"],
    buckets: [0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
  },
  "ecr.auth.token_refresh": tokens("{refresh}", "Registry tokens that were asked for anew before their expiry"),
  "ecr.auth.token_cache_hit": tokens("{lookup}", "Look-ups that found a registry token in the cache"),
  "ecr.auth.token_cache_miss": tokens("{lookup}", "Look-ups that found no registry token in the cache"),
  "ecr.replication.checks": operations("Operations that ask how far an image has been replicated"),
  "ecr.request.latency_ms": {
    type: "histogram",
    unit: "ms",
    description: "Time of one request, an attempt of a call, until its answer has come",
    attributes: OF_METHOD,
    buckets: [5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000, 30_000],
  },
  "ecr.request.errors": {
    type: "counter",
    unit: "{error}",
    description: "Attempts that failed, those that a later one made good included, and calls that ended without one",
    attributes: [...OF_METHOD, "error.type"],
  },
  "ecr.circuit_breaker.state": {
    type: "gauge",
    unit: "1",
    description: "State of a service's circuit breaker in a region: 0 closed, 1 half-open, 2 open",
    attributes: ["cloud.region", "ecr.service"],
  },
  // documented: OpenTelemetry semantic conventions for RPC metrics, the bounds included.
  "rpc.client.call.duration": {
    type: "histogram",
    unit: "s",
    description: "Time of a call with its retries and waits",
    attributes: ["rpc.system.name", ...OF_METHOD, "error.type"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
};
