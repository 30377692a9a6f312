import { EcrError } from "../errors.js";
import type { Time } from "../time.js";
import { createAlarm } from "./alarm.js";
import type { LimiterKey, WaitingCalls } from "./limiter.js";
import { createTurnQueue } from "./turn-queue.js";
import type { Turns } from "./turns.js";

/** How long, and on whose behalf, a call waits for its turn. */
export interface WaitScope {
  readonly signal?: AbortSignal | undefined;
  /** When the call must be over, in milliseconds since the epoch. */
  readonly deadlineMs?: number | undefined;
  /** On whose behalf, such as a tenant or a job. @default one that all unnamed calls share */
  readonly caller?: string | undefined;
}

/** The calls of one operation, for one account in one region: they wait here for their turn. */
export interface Lane {
  acquire(scope: WaitScope): Promise<number> | 0;
  succeeded(): void;
  throttled(): void;
  waiting(): readonly WaitingCalls[];
}

interface Waiter {
  readonly sinceMs: number;
  readonly deadlineMs: number;
  readonly caller: string;
  readonly admit: (waitedMs: number) => void;
  readonly giveUp: (reason: unknown) => void;
}

const UNNAMED = "";
const NEVER = Number.POSITIVE_INFINITY;

export function createLane(key: LimiterKey, turnsFor: (wake: () => void) => Turns, time: Time): Lane {
  const queue = createTurnQueue<Waiter>();
  const turns = turnsFor(() => admitDue());
  const alarm = createAlarm(time, () => admitDue());
  /** No deadline of a waiting call comes before this. */
  let soonestMs = NEVER;

  /** Lets everyone in whose turn has come, and sees to it that the next one is let in. */
  function admitDue(): void {
    const nowMs = time.now();
    if (nowMs >= soonestMs) dismissLate(nowMs);
    while (queue.length > 0 && turns.take(nowMs)) {
      const waiter = queue.next();
      waiter?.admit(nowMs - waiter.sinceMs);
    }
    schedule(nowMs);
  }

  function dismissLate(nowMs: number): void {
    soonestMs = NEVER;
    for (const waiter of queue.items()) {
      if (nowMs >= waiter.deadlineMs) waiter.giveUp(tooLate(earliestMs(nowMs, waiter.caller) - nowMs));
      else soonestMs = Math.min(soonestMs, waiter.deadlineMs);
    }
  }

  function schedule(nowMs: number): void {
    if (queue.length === 0) {
      alarm.off();
      return;
    }
    const atMs = Math.min(turns.nextMs(nowMs, queue.length) ?? NEVER, soonestMs);
    if (atMs < NEVER) alarm.set(atMs);
  }

  /** When a call that joins now has its turn, if its caller's others have theirs before and nobody else has: not before that. */
  const earliestMs = (nowMs: number, caller: string): number => {
    const nextMs = turns.nextMs(nowMs, queue.length + 1) ?? nowMs;
    return Math.max(nowMs, nextMs) + (queue.lengthOf(caller) * 1000) / turns.perSecond(nowMs);
  };

  function wait({ signal, deadlineMs = NEVER, caller = UNNAMED }: WaitScope): Promise<number> {
    const sinceMs = time.now();
    if (deadlineMs < NEVER) {
      const turnMs = earliestMs(sinceMs, caller);
      if (turnMs >= deadlineMs) return Promise.reject(tooLate(turnMs - sinceMs));
    }
    return new Promise((resolve, reject) => {
      const admit = (waitedMs: number): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve(waitedMs);
      };
      const giveUp = (reason: unknown): void => {
        signal?.removeEventListener("abort", onAbort);
        leave();
        reject(reason);
      };
      const onAbort = (): void => {
        giveUp(signal?.reason);
        if (queue.length === 0) alarm.off();
      };
      const leave = queue.join(caller, { sinceMs, deadlineMs, caller, admit, giveUp });
      signal?.addEventListener("abort", onAbort, { once: true });
      soonestMs = Math.min(soonestMs, deadlineMs);
      schedule(sinceMs);
    });
  }

  /** Not `Timeout`, which is worth another try at once: the rate is what held the call back, and how long it does is known. */
  const tooLate = (waitMs: number): EcrError => {
    const { operation, region } = key;
    const perSecond = Number(turns.perSecond(time.now()).toPrecision(3));
    const others = queue.length === 1 ? "1 call waits" : `${queue.length} calls wait`;
    return new EcrError(
      `${operation} was held back: it may be called ${perSecond} times a second in ${region}, ${others}, and this one's turn comes only after its deadline. Nothing was sent; call less often, or give it more time.`,
      { kind: "Throttled", operation: operation.replace(/^.*:/, ""), region, retryAfterMs: Math.ceil(waitMs) },
    );
  };

  return {
    acquire(scope) {
      if (scope.signal?.aborted) return Promise.reject(scope.signal.reason);
      return queue.length === 0 && turns.take(time.now()) ? 0 : wait(scope);
    },
    succeeded: () => turns.succeeded(time.now()),
    throttled: () => turns.throttled(time.now()),
    waiting() {
      const nowMs = time.now();
      const perSecond = turns.perSecond(nowMs);
      return queue.callers().map(({ caller, calls, first }) => ({
        ...key,
        caller,
        calls,
        longestMs: nowMs - first.sinceMs,
        perSecond,
      }));
    },
  };
}
