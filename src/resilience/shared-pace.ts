import { type Accepted, AT_CEILING, type RateLaw } from "./rate-law.js";

/**
 * What the processes of a fleet share of one account, region and operation: a line of turns that is booked from, the law of its rate, and
 * the calls that the service accepted. All times are of its own clock.
 */
export interface SharedPace {
  /** Books the next turns, and reports accepted calls. Books none when the shared law is not the one that the asker goes by. */
  book(ask: BookingAsk): Promise<Booking>;
  /** Replaces the law, unless it is not `before` any more. A cut starts the count of accepted calls anew. */
  amend(before: string, after: string, isCut: boolean): Promise<void>;
}

export interface BookingAsk {
  /** 0 only looks. */
  readonly turns: number;
  readonly perSecond: number;
  /** As {@link writeLaw} writes it. */
  readonly law: string;
  /** Calls that the service has accepted from this process since it last told. */
  readonly accepted: number;
}

export interface Booking {
  readonly nowMs: number;
  readonly law: string;
  readonly accepted: Accepted;
  /** How many processes have lately booked. */
  readonly processes: number;
  /** When the first booked turn is due; the others follow at the asked rate. Undefined when none was booked. */
  readonly firstMs: number | undefined;
}

export const writeLaw = (law: RateLaw): string => (law.at === "ceiling" ? "" : `${law.maxPerSecond} ${law.cutMs}`);

/** The law that {@link writeLaw} wrote; at its ceiling for what is none. */
export function readLaw(text: string): RateLaw {
  const [maxPerSecond = Number.NaN, cutMs = Number.NaN] = text.split(" ").map(Number);
  return maxPerSecond > 0 && Number.isFinite(cutMs) ? { at: "adapted", maxPerSecond, cutMs } : AT_CEILING;
}
