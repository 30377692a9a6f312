import { eventsAfter, type SequencedEvent } from "../events.js";
import { runDue } from "../jobs.js";
import type { Caller } from "../registry.js";
import type { State } from "../state.js";
import { entriesOf, replaceAll } from "./replace-all.js";
import { restore } from "./restore.js";
import { type Planted, plant } from "./seed.js";
import { snapshot } from "./snapshot.js";
import { type Usage, usageOf } from "./usage.js";

/** What the owner of a local ECR can do to it, and nobody to AWS. */
export interface Control {
  /** Does all work that is due. */
  settle(): Promise<void>;
  /** What happened after the event numbered `after`, the oldest first; the oldest of all are forgotten. */
  events(after: number, limit: number): Promise<readonly SequencedEvent[]>;
  /** How much there is, as it was when somebody last called. */
  usage(): Usage;
  /** Empties every registry of every account, and forgets which calls count towards quotas. */
  reset(): Promise<void>;
  /** Everything as it is now, layers included, as lines of JSON. */
  snapshot(): AsyncIterable<Uint8Array>;
  /**
   * Puts a snapshot in the place of everything. A clock that is behind the snapshot's moment is moved there.
   * @throws {EcrError} kind `InvalidParameter`, with everything as it was, when it is no whole snapshot
   */
  restore(lines: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Adds what a seed document describes.
   * @throws {EcrError} kind `InvalidParameter`, with everything as it was before, when it is none, or ECR refuses what it asks for
   */
  seed(document: unknown): Promise<Planted>;
}

/** An operation as somebody calls it. */
export type Call = (
  operation: { readonly service: string; readonly name: string },
  caller: Caller,
  input: unknown,
) => Promise<unknown>;

/** What the control of a registry needs of it beside its state. */
interface ControlParts {
  /** Moves the clock to a moment, unless it is past it. */
  readonly advanceTo: (ms: number) => Promise<void>;
  /** Runs operations as if the clock stood at a moment. */
  readonly callAt: (ms: number) => Call;
}

export function createControl(state: State, { advanceTo, callAt }: ControlParts): Control {
  return {
    settle: async () => runDue(state),
    async events(after, limit) {
      await runDue(state);
      return eventsAfter(state, after, limit);
    },
    usage: () => usageOf(state),
    async reset() {
      await replaceAll(state, []);
      state.throttle?.clear();
    },
    snapshot: () => snapshot(state),
    restore: (lines) => restore(state, advanceTo, lines),
    async seed(document) {
      await runDue(state);
      const before = entriesOf(state);
      try {
        const planted = await plant(document, state.time.now(), callAt);
        await runDue(state);
        return planted;
      } catch (error) {
        // Half an estate could neither be used nor planted again.
        await replaceAll(state, before);
        throw error;
      }
    },
  };
}
