import { EcrError } from "../errors.js";
import { durationMs } from "../time.js";

/** What is to go wrong, and when: plain data, the same in code, over HTTP and in a file. */
export interface FaultPlan {
  /** Decides every draw of chance: the same plan against the same calls does the same again. @default 1 */
  readonly seed?: number | undefined;
  /** Each looks at every call, in this order. Delays add up; the first that answers or ends the call ends the search. */
  readonly faults: readonly Fault[];
}

/** One thing that goes wrong, with the calls that it befalls: all of them where nothing is said. */
export interface Fault {
  /** Operations by AWS name, those of other services as `ecr-public:PutImage` and `sts:AssumeRole`; `*` is any run of characters. On `/v2/`: what ECR turns the request into. */
  readonly operation?: string | readonly string[] | undefined;
  readonly region?: string | readonly string[] | undefined;
  /** Repository names; `*` is any run of characters. */
  readonly repository?: string | readonly string[] | undefined;
  /** From when on, since the plan came into force: milliseconds or such as `"10m"`. @default 0 */
  readonly from?: number | string | undefined;
  /** Until when, exclusive, counted likewise. */
  readonly until?: number | string | undefined;
  /** Which of the calls that all of the above leaves: 1 is the first. @default all */
  readonly calls?: number | readonly number[] | undefined;
  /** The share of those that it befalls, from 0 to 1. @default 1 */
  readonly rate?: number | undefined;
  /** How often at most. */
  readonly count?: number | undefined;
  readonly effect: FaultEffect;
}

/** What befalls a call. */
export type FaultEffect =
  /** Rate exceeded. */
  | { readonly kind: "throttle" }
  /** The service fails: 500, 502, 503 or 504. @default status 500 */
  | { readonly kind: "server-error"; readonly status?: 500 | 502 | 503 | 504 | undefined }
  | { readonly kind: "expired-token" }
  | { readonly kind: "access-denied" }
  /** The key cannot be used. @default kmsError "DisabledException" */
  | { readonly kind: "kms"; readonly kmsError?: string | undefined }
  /** Any error by its name. @default status 400 */
  | {
      readonly kind: "error";
      readonly code: string;
      readonly message?: string | undefined;
      readonly status?: number | undefined;
    }
  /** The connection breaks: before the call was carried out, or after, so that only its answer is lost. @default when "before" */
  | { readonly kind: "reset"; readonly when?: "before" | "after" | undefined }
  /** No answer, ever. */
  | { readonly kind: "hang" }
  | { readonly kind: "latency"; readonly delay: Delay }
  | { readonly kind: "slow-body"; readonly bytesPerSecond: number }
  /** The connection breaks in the middle of the answer's body. @default half of it */
  | { readonly kind: "truncated-body"; readonly bytes?: number | undefined }
  /** A manifest or layer that comes with other bytes than its digest says. */
  | { readonly kind: "wrong-digest" };

/** How long to wait: milliseconds or such as `"250ms"`; evenly between two; or as real latencies are spread, by median and 99th percentile (log-normal). */
export type Delay =
  | number
  | string
  | { readonly min: number | string; readonly max: number | string }
  | { readonly median: number | string; readonly p99: number | string };

/** The members of each effect beside its kind, with what each may be. */
const EFFECTS: Readonly<Record<FaultEffect["kind"], Readonly<Record<string, Check>>>> = {
  throttle: {},
  "server-error": { status: (value) => oneOf(value, [500, 502, 503, 504]) },
  "expired-token": {},
  "access-denied": {},
  kms: { kmsError: text },
  error: { code: needed(text), message: text, status: (value) => whole(value, 400, 599) },
  reset: { when: (value) => oneOf(value, ["before", "after"]) },
  hang: {},
  latency: { delay: needed(delay) },
  "slow-body": { bytesPerSecond: needed((value) => whole(value, 1)) },
  "truncated-body": { bytes: (value) => whole(value, 0) },
  "wrong-digest": {},
};

const FAULT: Readonly<Record<string, Check>> = {
  operation: texts,
  region: texts,
  repository: texts,
  from: duration,
  until: duration,
  calls: (value) => (Array.isArray(value) ? firstOf(value, (one) => whole(one, 1)) : whole(value, 1)),
  rate: (value) => (typeof value === "number" && value >= 0 && value <= 1 ? undefined : "must be a number from 0 to 1"),
  count: (value) => whole(value, 1),
  effect: needed(effect),
};

/** Says what is wrong with a value, or nothing. */
type Check = ((value: unknown) => string | undefined) & { needed?: true };

/**
 * Reads a plan out of JSON.
 *
 * @throws {EcrError} kind `InvalidParameter`, with the member that is wrong and its value.
 */
export function parseFaultPlan(value: unknown): FaultPlan {
  members("the fault plan", value, {
    seed: (seed) => whole(seed, 0),
    faults: needed((faults) => (Array.isArray(faults) ? undefined : "must be a list")),
  });
  const plan = value as FaultPlan;
  plan.faults.forEach((fault, at) => {
    members(`faults[${at}]`, fault, FAULT);
    members(`faults[${at}].effect`, fault.effect, { kind: () => undefined, ...EFFECTS[fault.effect.kind] });
  });
  return plan;
}

/** Refuses an object that has other members than these, lacks a needed one, or has one with a value that it cannot have. */
function members(what: string, value: unknown, checks: Readonly<Record<string, Check>>): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refusal(what, "must be an object", value);
  const given = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given))
    if (!Object.hasOwn(checks, name))
      throw refusal(`${what}.${name}`, `is not known; known are ${Object.keys(checks).join(", ")}`, given[name]);
  for (const [name, check] of Object.entries(checks)) {
    if (given[name] === undefined && !check.needed) continue;
    const problem = check(given[name]);
    if (problem !== undefined) throw refusal(`${what}.${name}`, problem, given[name]);
  }
}

const refusal = (what: string, problem: string, value: unknown): EcrError =>
  new EcrError(`${what} ${problem}, got ${JSON.stringify(value)}`, { kind: "InvalidParameter" });

function needed(check: Check): Check {
  const always: Check = (value) => check(value);
  always.needed = true;
  return always;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? undefined : "must be a text";
}

function texts(value: unknown): string | undefined {
  return Array.isArray(value) ? firstOf(value, text) : text(value);
}

function firstOf(values: readonly unknown[], check: Check): string | undefined {
  return values.map(check).find((problem) => problem !== undefined);
}

function whole(value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): string | undefined {
  const fits = Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  return fits ? undefined : `must be a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : " up"}`;
}

const oneOf = (value: unknown, known: readonly unknown[]): string | undefined =>
  known.includes(value) ? undefined : `must be one of ${known.join(", ")}`;

function duration(value: unknown): string | undefined {
  try {
    durationMs(value as string);
    return undefined;
  } catch {
    return 'must be milliseconds or a duration such as "90s" or "12h"';
  }
}

function delay(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return duration(value);
  const { min, max, median, p99 } = value as Readonly<Record<string, unknown>>;
  const [low, high] = min === undefined ? [median, p99] : [min, max];
  const ends = Object.keys(value).length === 2 && duration(low) === undefined && duration(high) === undefined;
  if (!ends) return 'must be a duration, or one of {"min", "max"} and {"median", "p99"}';
  const lowMs = durationMs(low as string);
  return lowMs <= durationMs(high as string) && (min !== undefined || lowMs > 0)
    ? undefined
    : "must have its smaller duration first, and a median above 0";
}

function effect(value: unknown): string | undefined {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  return typeof kind === "string" && Object.hasOwn(EFFECTS, kind)
    ? undefined
    : `must have a kind, one of ${Object.keys(EFFECTS).join(", ")}`;
}
