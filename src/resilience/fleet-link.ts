import type { Time } from "../time.js";

/** A change between sharing limits with the fleet and keeping to a share of them alone. */
export interface SharingChange {
  readonly state: "shared" | "alone";
  /** Why the fleet cannot be reached. */
  readonly reason?: unknown;
}

/** Whether what a fleet shares can be reached. */
export interface FleetLink {
  readonly isAlone: boolean;
  /** Whether it is time to look for the fleet again; true once for each time. */
  isTimeToLook(nowMs: number): boolean;
  /** What `ask` gives, or a rejection if it takes too long. Learns from either. */
  ask<T>(ask: Promise<T>): Promise<T>;
}

/** The longest that calls are held up by a fleet that does not answer, in milliseconds. */
const PATIENCE_MS = 250;
/** How often one that is alone looks for its fleet, in milliseconds. */
const LOOK_EVERY_MS = 5_000;

export function createFleetLink(time: Time, onChange: (change: SharingChange) => void): FleetLink {
  let aloneSinceMs: number | undefined;

  const lost = (reason: unknown): void => {
    const isNew = aloneSinceMs === undefined;
    aloneSinceMs = time.now();
    if (isNew) onChange({ state: "alone", reason });
  };

  return {
    get isAlone() {
      return aloneSinceMs !== undefined;
    },
    isTimeToLook(nowMs) {
      if (aloneSinceMs === undefined || nowMs < aloneSinceMs + LOOK_EVERY_MS) return false;
      aloneSinceMs = nowMs;
      return true;
    },
    async ask(ask) {
      const answered = new AbortController();
      const late = time.sleep(PATIENCE_MS, answered.signal).then(() => {
        throw new Error(`no answer within ${PATIENCE_MS} ms`);
      });
      late.catch(() => undefined);
      try {
        const answer = await Promise.race([ask, late]);
        if (aloneSinceMs !== undefined) {
          aloneSinceMs = undefined;
          onChange({ state: "shared" });
        }
        return answer;
      } catch (error) {
        lost(error);
        throw error;
      } finally {
        answered.abort();
      }
    },
  };
}
