import { PRIVATE_QUOTAS, PUBLIC_QUOTAS } from "../policy/quotas.js";
import { systemTime, type Time } from "../time.js";
import { createLane, type Lane, type WaitScope } from "./lane.js";
import { invalid, requireNames } from "./options.js";
import { ownTurns, type Turns } from "./turns.js";

/** What is limited on its own: an operation such as `ecr:PutImage` or `ecr-public:PutImage`, for one account in one region. */
export interface LimiterKey {
  readonly account: string;
  readonly region: string;
  readonly operation: string;
}

/** Calls of one caller that wait for their turn. */
export interface WaitingCalls extends LimiterKey {
  /** As the calls named it; `""` for those that named none. */
  readonly caller: string;
  readonly calls: number;
  /** How long the one that came first has been waiting, in milliseconds. */
  readonly longestMs: number;
  /** What the operation may be called now, in calls a second, by all callers together. */
  readonly perSecond: number;
}

/** Makes calls wait for their turn, so that the service need not refuse them. Its user says how each call ended. */
export interface RateLimiter {
  /**
   * Waits for a turn and resolves with the milliseconds waited; 0 without a promise when a turn is at hand. Rejects with the signal's
   * reason as soon as it aborts. `caller` names on whose behalf: those who wait take turns, each in the order of its calls.
   * @throws {EcrError} kind `Throttled` with `retryAfterMs`, at once when the turn would not come before the deadline
   */
  acquire(key: LimiterKey, scope: WaitScope): Promise<number> | 0;
  /** The service accepted a call, whatever it then answered. */
  succeeded(key: LimiterKey): void;
  /** The service refused a call because there were too many. */
  throttled(key: LimiterKey): void;
  /** Who waits, and how long. */
  waiting?(): readonly WaitingCalls[];
  close?(): Promise<void>;
}

/** How fast operations may be called. */
export interface LimiterOptions {
  /**
   * Calls in a second by operation, for an account whose quotas differ from AWS's defaults: `{ PutImage: 20 }`, public ones as
   * `ecr-public:PutImage`, `*` for those that are not listed, `Infinity` for no limit. ecrkit plans with 99 % of each, for the account is not alone:
   * the console and other tools call too.
   * @default the published rates; the others are unlimited until the service refuses a call
   */
  readonly perSecond?: Readonly<Record<string, number>> | undefined;
  /** @default the machine's clock */
  readonly time?: Time | undefined;
}

const OPTIONS: readonly string[] = ["perSecond", "time"];

/** What of a quota is planned with. assumed: AWS does not say how exactly it counts. */
const PLANNED = 0.99;

/**
 * A limiter for one process: each account, region and operation has a token bucket of its own that starts at ECR's published rate and
 * follows what the service turns out to allow.
 *
 * @throws {EcrError} kind `InvalidParameter` when a rate is not above 0, or there is no option of its name.
 */
export function rateLimiter(options: LimiterOptions = {}): Required<Omit<RateLimiter, "close">> {
  requireNames("limiter", options, OPTIONS, "{ perSecond: { PutImage: 20 } }");
  const { time = systemTime } = options;
  const ceilingOf = ceilings(options.perSecond);
  return lanes(time, (key) => ownTurns(ceilingOf(key.operation)));
}

/** The highest rate of each operation. @throws {EcrError} kind `InvalidParameter` when one is not above 0 */
export function ceilings(perSecond: Readonly<Record<string, number>> = {}): (operation: string) => number {
  for (const [name, rate] of Object.entries(perSecond))
    if (!(typeof rate === "number" && rate > 0))
      throw invalid(`limiter.perSecond.${name} must be a number above 0, got ${String(rate)}`);
  return (operation) => {
    const [service, name = ""] = operation.split(":");
    const given = perSecond[service === "ecr" ? name : operation];
    return PLANNED * (given ?? publishedRate(service, name) ?? perSecond["*"] ?? Number.POSITIVE_INFINITY);
  };
}

function publishedRate(service: string | undefined, name: string): number | undefined {
  if (service === "ecr") return PRIVATE_QUOTAS.perSecond[name];
  return service === "ecr-public" ? PUBLIC_QUOTAS.perSecond[name] : undefined;
}

/** A limiter over one lane for each key, whose turns come from `turnsFor`; `wake` says that turns may have come. */
export function lanes(
  time: Time,
  turnsFor: (key: LimiterKey, wake: () => void) => Turns,
): Required<Omit<RateLimiter, "close">> {
  const known = new Map<string, Lane>();
  /** The same, for keys that come again as the same object: their lane is found without a name being made. */
  const met = new WeakMap<LimiterKey, Lane>();
  const laneOf = (key: LimiterKey): Lane => met.get(key) ?? find(key);
  const find = (key: LimiterKey): Lane => {
    const name = `${key.account} ${key.region} ${key.operation}`;
    const lane = known.get(name) ?? createLane(key, (wake) => turnsFor(key, wake), time);
    known.set(name, lane);
    met.set(key, lane);
    return lane;
  };
  return {
    acquire: (key, scope) => laneOf(key).acquire(scope),
    succeeded: (key) => laneOf(key).succeeded(),
    throttled: (key) => laneOf(key).throttled(),
    waiting: () => [...known.values()].flatMap((lane) => lane.waiting()),
  };
}
