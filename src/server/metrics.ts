import { operations } from "../protocol/operations.js";
import { stsOperations } from "../protocol/sts-operations.js";
import type { Usage } from "../registry/control/usage.js";
import { version } from "../version.js";
import { counter, type Family, gauge, metricsText, type Sample } from "./metrics-text.js";
import type { Observation } from "./operation-log.js";
import { processFamilies } from "./process-metrics.js";
import type { ConnectionTally, Served, Traffic } from "./traffic.js";

/** Counts what goes over the sockets, and tells it with what is stored and what the process takes. */
export interface Metrics extends Required<Traffic> {
  /** In Prometheus' text format, version 0.0.4. */
  text(): string;
}

/** The way into the local ECR that a request took; `own` are its own routes, `other` is what nobody answers. */
type Door = NonNullable<Observation["face"]> | "own" | "other";

/** Upper bounds of the histogram, in seconds: from an answer out of memory to the push of a large layer. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** What is known of the requests for one operation through one door. */
interface Series {
  readonly door: Door;
  readonly operation: string;
  readonly byStatus: Map<number | undefined, number>;
  /** How many took as long as each bound, or less than the one above it; those above all bounds come last. */
  readonly durations: number[];
  seconds: number;
}

/** Metrics of a server in front of a registry that uses what `usage` says. */
export function createMetrics(usage: () => Usage): Metrics {
  const series = new Map<Door, Map<string, Series>>();
  let underWay = 0;
  let tally: () => ConnectionTally = () => ({ open: 0, total: 0, receivedBytes: 0, sentBytes: 0 });
  const seriesOf = ({ observation }: Served): Series => {
    const door = observation === undefined ? "own" : (observation.face ?? "other");
    const operation = operationLabel(observation);
    const inDoor = entryOf(series, door, () => new Map<string, Series>());
    return entryOf(inDoor, operation, () => ({
      ...{ door, operation, seconds: 0 },
      byStatus: new Map(),
      durations: Array.from({ length: BOUNDS.length + 1 }, () => 0),
    }));
  };
  return {
    began() {
      underWay += 1;
    },
    served(request) {
      underWay -= 1;
      const one = seriesOf(request);
      one.byStatus.set(request.status, (one.byStatus.get(request.status) ?? 0) + 1);
      const seconds = request.durationMs / 1_000;
      const found = BOUNDS.findIndex((bound) => seconds <= bound);
      const place = found === -1 ? BOUNDS.length : found;
      one.durations[place] = (one.durations[place] ?? 0) + 1;
      one.seconds += seconds;
    },
    listening(asked) {
      tally = asked;
    },
    text() {
      const all = [...series.values()].flatMap((inDoor) => [...inDoor.values()]);
      return metricsText([
        gauge("ecrkit_build_info", "The version of ecrkit and of Node.js.", 1, {
          version,
          node: process.versions.node,
        }),
        ...requestFamilies(all, underWay),
        ...connectionFamilies(tally()),
        ...usageFamilies(usage()),
        ...processFamilies(),
      ]);
    },
  };
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** The operations that a client can name in a header or a form. Any other text would be a series of its own. */
const NAMED: ReadonlySet<string> = new Set([
  ...Object.keys(operations),
  ...Object.keys(stsOperations).map((name) => `sts:${name}`),
]);

function operationLabel(observation: Observation | undefined): string {
  const { face, operation = "" } = observation ?? {};
  return face === "registry" || face === "layers" || NAMED.has(operation) ? operation : "";
}

const requestFamilies = (all: readonly Series[], underWay: number): readonly Family[] => [
  {
    name: "ecrkit_local_requests_total",
    type: "counter",
    help: "Requests that are over, by door, operation and status; without a status, the connection ended before the answer.",
    samples: all.flatMap(({ door, operation, byStatus }) =>
      Array.from(byStatus, ([status, value]) => ({ labels: { door, operation, status: status ?? "" }, value })),
    ),
  },
  {
    name: "ecrkit_local_request_duration_seconds",
    type: "histogram",
    help: "From the end of a request's headers to the end of its answer.",
    samples: all.flatMap(durationSamples),
  },
  gauge("ecrkit_local_requests_under_way", "Requests that have begun and are not over.", underWay),
];

function durationSamples({ door, operation, durations, seconds }: Series): readonly Sample[] {
  const labels = { door, operation };
  let count = 0;
  const buckets = durations.map((more, place): Sample => {
    count += more;
    return { suffix: "_bucket", labels: { ...labels, le: BOUNDS[place] ?? "+Inf" }, value: count };
  });
  return [...buckets, { suffix: "_sum", labels, value: seconds }, { suffix: "_count", labels, value: count }];
}

const connectionFamilies = ({ open, total, receivedBytes, sentBytes }: ConnectionTally): readonly Family[] => [
  gauge("ecrkit_local_connections", "Connections that are open.", open),
  counter("ecrkit_local_connections_total", "Connections that were ever open.", total),
  counter("ecrkit_local_received_bytes_total", "Bytes that came on all connections.", receivedBytes),
  counter("ecrkit_local_sent_bytes_total", "Bytes that were sent on all connections.", sentBytes),
];

const usageFamilies = ({ repositories, images, uploads }: Usage): readonly Family[] => [
  gauge("ecrkit_local_repositories", "Repositories of all registries.", repositories),
  gauge("ecrkit_local_images", "Images of all repositories, those in the archive left out.", images),
  gauge("ecrkit_local_uploads_under_way", "Layer uploads that are open.", uploads),
];
