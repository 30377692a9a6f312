import { wildcard } from "../policy/wildcard.js";
import { durationMs, type Time } from "../time.js";
import { type AwsCall, repositoriesIn, stsActionIn } from "./aws-call.js";
import { mayCarryContent } from "./fault-body.js";
import { seededChance } from "./fault-chance.js";
import type { Fault, FaultEffect, FaultPlan } from "./fault-plan.js";
import type { HttpRequest } from "./transport.js";

/** A fault in force. */
export interface Armed {
  readonly fault: Fault;
  readonly fits: (read: ReadCall) => boolean;
  readonly random: () => number;
  matched: number;
  struck: number;
}

/** A call with what its body says, if anybody asked for that. */
export interface ReadCall {
  readonly call: AwsCall;
  /** Found out only when a fault asks. */
  readonly region: () => string | undefined;
  readonly repositories: readonly string[];
  readonly request: HttpRequest;
}

/** An effect with the chance that its fault draws from. */
export type Struck = Pick<Armed, "random"> & {
  readonly effect: FaultEffect;
  /** Only of an effect on content: whether it befalls an answer that has some, which is asked, and counted, once such an answer is there. */
  readonly befallsContent?: () => boolean;
};

/** Puts a plan in force from now on. */
export function arm({ seed = 1, faults: list }: FaultPlan, time: Time): readonly Armed[] {
  const startMs = time.now();
  return list.map((one, at) => {
    const [operation, region, repository] = [one.operation, one.region, one.repository].map(matcher);
    const [fromMs, untilMs] = [durationMs(one.from ?? 0), one.until === undefined ? Infinity : durationMs(one.until)];
    return {
      fault: one,
      random: seededChance(seed * 1_000_003 + at),
      matched: 0,
      struck: 0,
      fits({ call, request, region: regionOf, repositories }) {
        const sinceMs = time.now() - startMs;
        return (
          sinceMs >= fromMs &&
          sinceMs < untilMs &&
          (operation?.(call.operation) ?? true) &&
          (region?.(regionOf() ?? "") ?? true) &&
          (repository === undefined || repositories.some(repository)) &&
          (one.effect.kind !== "wrong-digest" || mayCarryContent(call, request))
        );
      },
    };
  });
}

function matcher(patterns: string | readonly string[] | undefined): ((text: string) => boolean) | undefined {
  if (patterns === undefined) return undefined;
  const tests = [patterns].flat().map(wildcard);
  return (text) => tests.some((test) => test(text));
}

/** Reads the body only where a plan asks what is in it; a stream is then read whole, and handed on as bytes. */
export async function readFor(
  armed: readonly Armed[],
  call: AwsCall,
  request: HttpRequest,
  region: () => string | undefined,
): Promise<ReadCall> {
  const wanted =
    (call.face === "sts" && armed.some(({ fault: { operation } }) => operation !== undefined)) ||
    (call.face === "api" && armed.some(({ fault: { repository } }) => repository !== undefined));
  if (!wanted || request.body === undefined)
    return { call, region, request, repositories: call.repository === undefined ? [] : [call.repository] };
  const body = await wholeBody(request.body);
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  const known = { ...request, body };
  return call.face === "sts"
    ? { call: { ...call, operation: stsActionIn(text) }, region, request: known, repositories: [] }
    : { call, region, request: known, repositories: repositoriesIn(text) };
}

async function wholeBody(body: NonNullable<HttpRequest["body"]>): Promise<Uint8Array> {
  if (typeof body === "string") return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What befalls this call: every fault is asked, up to the first that leaves nothing to the ones after it. */
export function strike(armed: readonly Armed[], read: ReadCall): readonly Struck[] {
  const struck: Struck[] = [];
  for (const one of armed) {
    if (!one.fits(read)) continue;
    const { effect } = one.fault;
    const { random } = one;
    if (effect.kind === "wrong-digest") struck.push({ effect, random, befallsContent: () => befalls(one) });
    else if (befalls(one)) struck.push({ effect, random });
    else continue;
    if (ENDING.has(effect.kind)) break;
  }
  return struck;
}

/** Whether a fault befalls a call that it fits. Counts the call. */
function befalls(one: Armed): boolean {
  one.matched += 1;
  const { rate = 1, calls, count = Infinity } = one.fault;
  const isChosen = calls === undefined || [calls].flat().includes(one.matched);
  // Drawn for every call that is chosen, so that a count does not shift the draws.
  if (!isChosen || (rate < 1 && one.random() >= rate) || one.struck >= count) return false;
  one.struck += 1;
  return true;
}

/** The effects after which there is nothing left to befall: a call that was carried out and lost its answer included. */
export const ENDING: ReadonlySet<FaultEffect["kind"]> = new Set([
  "throttle",
  "server-error",
  "expired-token",
  "access-denied",
  "kms",
  "error",
  "reset",
  "hang",
]);
