import {
  type CountQuotas,
  DEPTH_S,
  PRIVATE_QUOTAS,
  PUBLIC_QUOTAS,
  type Rate,
  UNLISTED_PER_SECOND,
} from "../policy/quotas.js";
import { operations } from "../protocol/operations.js";
import { ServiceError } from "../protocol/service-error.js";
import type { Time } from "../time.js";

/** Options of quotas; what is left out is as AWS publishes it. */
export interface QuotaOptions {
  /** Calls in a second, by operation; `*` for those that AWS publishes nothing about. Public ones are named `ecr-public:PutImage`. @default AWS's published rates, 20 for the others (assumed) */
  readonly perSecond?: Readonly<Record<string, number>> | undefined;
  /** Calls that may come at once, by operation; `*` for all others. @default one second's worth, at least 1 (assumed) */
  readonly burst?: Readonly<Record<string, number>> | undefined;
  /** How many there may be of each. @default AWS's: 100,000 repositories, 100,000 images in each, 1,000 tags on an image */
  readonly counts?: Partial<CountQuotas> | undefined;
}

/** Refuses calls that come faster than an account may make them. */
export interface Throttle {
  /** Counts a call. @throws {ServiceError} ThrottlingException */
  take(action: string, account: string, region: string): void;
  /** Forgets all calls. */
  clear(): void;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** A token bucket for each account, region and action, on the registry's clock. */
export function createThrottle(time: Time, { perSecond = {}, burst = {} }: QuotaOptions): Throttle {
  const buckets = new Map<string, Bucket>();
  const rates = new Map<string, Rate>();

  const rateOf = (action: string): Rate => {
    const known = rates.get(action);
    if (known) return known;
    const name = action.replace(/^ecr:/, "");
    const rate = perSecond[name] ?? publishedRate(action) ?? perSecond["*"] ?? UNLISTED_PER_SECOND;
    const resolved = { perSecond: rate, depth: burst[name] ?? burst["*"] ?? Math.max(1, rate * DEPTH_S) };
    rates.set(action, resolved);
    return resolved;
  };

  return {
    take(action, account, region) {
      const rate = rateOf(action);
      const key = `${account} ${region} ${action}`;
      const nowMs = time.now();
      const bucket = buckets.get(key) ?? { tokens: rate.depth, atMs: nowMs };
      const gained = ((nowMs - bucket.atMs) / 1000) * rate.perSecond;
      const tokens = Math.min(rate.depth, bucket.tokens + Math.max(0, gained));
      if (tokens < 1) throw rateExceeded();
      buckets.set(key, { tokens: tokens - 1, atMs: nowMs });
    },
    clear: () => buckets.clear(),
  };
}

function publishedRate(action: string): number | undefined {
  const [service, name = ""] = action.split(":");
  return (service === "ecr-public" ? PUBLIC_QUOTAS : PRIVATE_QUOTAS).perSecond[name];
}

/** documented: ECR user guide, throttling. */
const rateExceeded = (): ServiceError => new ServiceError("ThrottlingException", "Rate exceeded");

/** @throws {RangeError} when a rate, a burst or a count is none, or of something that there is not */
export function requireQuotas({ perSecond = {}, burst = {}, counts = {} }: QuotaOptions): void {
  requireNames("perSecond", perSecond, actionNames());
  requireNames("burst", burst, actionNames());
  requireNames("counts", counts, Object.keys(PRIVATE_QUOTAS.counts));
  for (const [name, rate] of Object.entries(perSecond))
    if (!(Number.isFinite(rate) && rate > 0))
      throw new RangeError(`quotas.perSecond: "${name}" must be above 0, got ${rate}`);
  for (const [name, value] of [...Object.entries(burst), ...Object.entries(counts)])
    if (!(Number.isInteger(value) && value >= 1))
      throw new RangeError(`quotas: "${name}" must be a whole number from 1 up, got ${value}`);
}

/** What rates are set by: each operation, ECR Public's pulls, and all others. */
const actionNames = (): readonly string[] => {
  const publicNames = Object.keys(PUBLIC_QUOTAS.perSecond).map((name) => `ecr-public:${name}`);
  return [...new Set(["*", ...Object.keys(operations), ...publicNames])].sort();
};

function requireNames(option: keyof QuotaOptions, given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RangeError(`quotas.${option}: "${unknown}" is none of ${names.join(", ")}`);
}
