import type { Time } from "../time.js";
import type { FleetLink } from "./fleet-link.js";
import { measuredRate } from "./measured-rate.js";
import { AT_CEILING, afterThrottle, afterWait, isSettled, type RateLaw, rateAt, shareOf } from "./rate-law.js";
import { type Booking, readLaw, type SharedPace, writeLaw } from "./shared-pace.js";
import { KEEPS_MS, ownTurns, type Turns } from "./turns.js";

/** What the shared turns of one account, region and operation are made of. */
export interface SharedTurnsParts {
  readonly ceiling: number;
  readonly pace: SharedPace;
  readonly link: FleetLink;
  readonly time: Time;
  /** Called when turns may have come. */
  readonly wake: () => void;
}

/** At most what a process uses in this time is booked at once, so that the others need not wait long behind it. */
const BOOKED_AHEAD_S = 0.05;
/** How often a process that books nothing, for there is no limit yet, looks whether another one has found a limit. */
const LOOK_EVERY_MS = 1_000;

/** Turns booked out of one line by all processes of a fleet; each keeps to its share by itself while the fleet cannot be reached. */
export function sharedTurns({ ceiling, pace, link, time, wake }: SharedTurnsParts): Turns {
  const measured = measuredRate();
  let law: RateLaw = AT_CEILING;
  let lawText = writeLaw(law);
  /** How far the fleet's clock is ahead of this one. */
  let aheadMs = 0;
  let processes = 1;
  let booked = { turns: 0, dueMs: 0, stepMs: 0 };
  let unreported = 0;
  let isBooking = false;
  let isLearning = false;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let alone: Turns | undefined;

  const isUnlimited = (): boolean => law.at === "ceiling" && ceiling === Number.POSITIVE_INFINITY;
  const rate = (nowMs: number): number => rateAt(law, ceiling, nowMs + aheadMs);

  /** This process's part of the limits as last known, on this process's clock; undefined while the fleet is there. */
  function own(): Turns | undefined {
    if (!link.isAlone) alone = undefined;
    else if (alone === undefined) {
      const known = law.at === "ceiling" ? law : { ...law, cutMs: law.cutMs - aheadMs };
      alone = ownTurns(ceiling / processes, shareOf(known, processes));
    }
    return alone;
  }

  async function ask(turns: number): Promise<Booking> {
    const accepted = unreported;
    unreported = 0;
    const perSecond = rate(time.now());
    try {
      const booking = await link.ask(pace.book({ turns, perSecond, law: lawText, accepted }));
      lawText = booking.law;
      law = readLaw(lawText);
      aheadMs = booking.nowMs - time.now();
      processes = Math.max(1, booking.processes);
      if (booking.firstMs !== undefined) booked = { turns, dueMs: booking.firstMs, stepMs: 1000 / perSecond };
      return booking;
    } catch (error) {
      unreported += accepted;
      throw error;
    }
  }

  async function amend(after: RateLaw, isCut: boolean): Promise<void> {
    const before = lawText;
    await link.ask(pace.amend(before, writeLaw(after), isCut));
    // If another process was faster, the next booking tells.
    if (lawText !== before) return;
    law = after;
    lawText = writeLaw(after);
  }

  async function book(waiting: number): Promise<void> {
    if (isBooking) return;
    isBooking = true;
    try {
      const most = Math.ceil((rate(time.now()) * BOOKED_AHEAD_S) / processes);
      const { firstMs, nowMs } = await ask(Math.max(1, Math.min(waiting, most)));
      const raised = firstMs !== undefined && firstMs > nowMs ? afterWait(law, ceiling, nowMs) : undefined;
      if (raised !== undefined) await amend(raised, false);
    } catch {
      // The link has said so, and the process goes on alone.
    } finally {
      isBooking = false;
      wake();
    }
  }

  async function learn(): Promise<void> {
    if (isLearning) return;
    isLearning = true;
    try {
      const { accepted, nowMs } = await ask(0);
      if (!isSettled(law, nowMs)) return;
      const fleet = measured.perSecond(time.now()) * processes;
      await amend(afterThrottle(law, { ceiling, measured: fleet, accepted, nowMs }), true);
    } catch {
      // The link has said so; the next throttle is dealt with alone.
    } finally {
      isLearning = false;
    }
  }

  /** Looks at what the fleet has, in the background. */
  function look(nowMs: number): void {
    if (link.isAlone ? !link.isTimeToLook(nowMs) : nowMs < lookedMs + LOOK_EVERY_MS) return;
    lookedMs = nowMs;
    ask(0).then(wake, () => undefined);
  }

  function takeBooked(nowMs: number): boolean {
    const sharedMs = nowMs + aheadMs;
    const { turns, dueMs, stepMs } = booked;
    if (turns === 0 || dueMs > sharedMs) return false;
    booked = { turns: turns - 1, dueMs: dueMs + stepMs, stepMs };
    // One that nobody wanted in time is gone, as it would be from a bucket.
    return dueMs >= sharedMs - 2 * KEEPS_MS || takeBooked(nowMs);
  }

  return {
    take(nowMs) {
      const alone = own();
      if (alone !== undefined || isUnlimited()) look(nowMs);
      if (alone !== undefined) return alone.take(nowMs);
      return isUnlimited() || takeBooked(nowMs);
    },
    nextMs(nowMs, waiting) {
      const alone = own();
      if (alone !== undefined) return alone.nextMs(nowMs, waiting);
      if (isUnlimited()) return nowMs;
      if (booked.turns > 0) return booked.dueMs - aheadMs;
      void book(waiting);
      return undefined;
    },
    perSecond: (nowMs) => own()?.perSecond(nowMs) ?? rate(nowMs),
    succeeded(nowMs) {
      measured.count(nowMs);
      unreported++;
      own()?.succeeded(nowMs);
    },
    throttled(nowMs) {
      const alone = own();
      if (alone !== undefined) alone.throttled(nowMs);
      else if (isSettled(law, nowMs + aheadMs)) void learn();
    },
  };
}
