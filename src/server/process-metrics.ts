import { counter, type Family, gauge } from "./metrics-text.js";

/** What the process takes, under the names that Prometheus' own clients give it. */
export function processFamilies(): readonly Family[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const startSeconds = (performance.timeOrigin / 1_000).toFixed(3);
  return [
    gauge("process_resident_memory_bytes", "Memory of the process that is in use.", rss),
    gauge("nodejs_heap_size_used_bytes", "Heap that is in use.", heapUsed),
    gauge("nodejs_external_memory_bytes", "Memory of buffers, outside the heap.", external),
    counter("process_cpu_seconds_total", "Time that processors worked for the process.", (user + system) / 1_000_000),
    gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", Number(startSeconds)),
  ];
}
