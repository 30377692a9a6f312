import { sampleEstate } from "../registry/control/sample-estate.js";
import type { Planted } from "../registry/control/seed.js";
import type { Seed } from "../registry/control/seed-document.js";
import type { SequencedEvent } from "../registry/events.js";
import type { LifecycleRun, LifecycleScope, Registry } from "../registry/registry.js";
import { resetAll } from "../server/admin/admin.js";
import type { OperationLog, OperationLogBook } from "../server/operation-log.js";
import type { VirtualTime } from "../time.js";
import type { Faults } from "../transport/fault.js";

/** What a test, or whoever runs a local ECR, can do to it beside calling it. */
export interface LocalControls {
  /**
   * Its clock: tokens, scans, lifecycle runs, replication and quotas go by it. It runs with the clock of the options and can be moved ahead,
   * `time.advance("12h")`, which does all work that is due by then.
   */
  readonly time: VirtualTime;
  /** What goes wrong on purpose, which may be changed at any time. */
  readonly faults: Omit<Faults, "layer" | "areSet">;
  /** What it was asked. */
  readonly log: OperationLog;
  /** What happened after the event numbered `after`, the oldest first, in EventBridge's shapes. The last 10,000 are kept. @default all, up to 1,000 */
  events(range?: { readonly after?: number; readonly limit?: number }): Promise<readonly SequencedEvent[]>;
  /** Empties all registries and the log, ends all faults, and forgets what counts towards quotas. The clock stays where it is. */
  reset(): Promise<void>;
  /**
   * Adds what a seed describes, as if it had been done at the times that it gives; `sample` is the estate of a made-up company.
   * @throws {EcrError} kind `InvalidParameter` with the place in the seed that is wrong, or that ECR refuses
   */
  seed(seed: Seed | "sample"): Promise<Planted>;
  /** Everything as it is now, layers included, as lines of JSON for {@link restore}. */
  snapshot(): AsyncIterable<Uint8Array>;
  /**
   * Puts a snapshot in the place of everything. A clock that is behind the snapshot's moment is moved there.
   * @throws {EcrError} kind `InvalidParameter`, with everything as it was, when it is no whole snapshot
   */
  restore(snapshot: AsyncIterable<Uint8Array>): Promise<void>;
  /** Applies lifecycle policies now: those of a registry, or that of one repository. @throws ECR's error when there is none */
  runLifecycle(where: LifecycleScope): Promise<readonly LifecycleRun[]>;
  /**
   * Gives a digest the findings of a report by Trivy or Grype (JSON, as text or parsed) from its next scan on. Resolves with the digest.
   * @throws {EcrError} kind `InvalidParameter` when it is no such report, or names no digest and none is given
   */
  loadScanReport(report: unknown, digest?: string): Promise<string>;
}

/** The parts that the controls of a local ECR work on. */
interface ControlledParts {
  readonly registry: Registry;
  readonly faults: Faults;
  readonly log: OperationLogBook;
  /** Whose the sample estate is. */
  readonly account: string;
}

/** The controls of a local ECR. */
export function controlsOf({ registry, faults, log, account }: ControlledParts): LocalControls {
  const { control } = registry;
  return {
    time: registry.time,
    faults: { tally: faults.tally, use: faults.use, release: faults.release },
    log: { entries: log.entries, clear: log.clear },
    events: ({ after = 0, limit = 1_000 } = {}) => control.events(after, limit),
    reset: () => resetAll({ registry, faults, log }),
    seed: (seed) => control.seed(seed === "sample" ? sampleEstate(account) : seed),
    snapshot: control.snapshot,
    restore: control.restore,
    runLifecycle: registry.runLifecycle,
    loadScanReport: registry.loadScanReport,
  };
}
