import { systemTime, type Time } from "../time.js";
import { awsCallOf, regionIn } from "./aws-call.js";
import { FAULT_HEADER, type FaultAnswer, faultAnswer } from "./fault-answer.js";
import { brokenConnection, corrupted, slowed, truncated } from "./fault-body.js";
import { drawDelayMs } from "./fault-chance.js";
import { type Fault, type FaultEffect, type FaultPlan, parseFaultPlan } from "./fault-plan.js";
import { arm, ENDING, type ReadCall, readFor, type Struck, strike } from "./fault-strike.js";
import type { HandleOptions, HttpRequest, HttpResponse, Layer, Transport } from "./transport.js";

/** Options of {@link fault} and {@link faults}. */
export interface FaultOptions {
  /** By which delays pass and windows open. @default the machine's own */
  readonly time?: Time | undefined;
  /** The region of a request that neither its signature nor its host names. @default unknown, which no `region` matches */
  readonly regionOf?: ((request: HttpRequest) => string | undefined) | undefined;
  /**
   * Whether what follows `/v2/` begins with the alias of a public registry, asked where the host does not tell.
   * @default no: only ECR Public's own hosts have operations such as `ecr-public:PutImage`
   */
  readonly isPublicPath?: ((path: string) => boolean) | undefined;
}

/** How often a fault has come into question and struck since its plan came into force. */
export interface FaultTally {
  readonly fault: Fault;
  /** Calls that it could befall, by operation, region, repository and window. */
  readonly matched: number;
  readonly struck: number;
}

/** Faults that can be changed while calls run. */
export interface Faults {
  /** Puts them between a client and the transport it uses. `onStruck` is told of the last that befalls a call, before it does. */
  readonly layer: (next: Transport, onStruck?: (kind: FaultEffect["kind"]) => void) => Transport;
  /** Whether any fault is in force. */
  areSet(): boolean;
  /** What is in force, and what has come of it. */
  tally(): readonly FaultTally[];
  /** Puts another plan in force: counts and windows begin anew. @throws {EcrError} kind `InvalidParameter` when the plan is not one */
  use(plan: FaultPlan): void;
  /** Breaks the connections that hang. */
  release(): void;
}

/**
 * A layer in which calls fail as `plan` says: `stack(network(), fault(plan))`. Below the client's retries, above the wire, so everything
 * that a client does about a failure is real. Seeded: the same plan against the same calls does the same again.
 *
 * @throws {EcrError} kind `InvalidParameter` when the plan has a member or a value that it cannot have.
 */
export const fault = (plan: FaultPlan, options?: FaultOptions): Layer => faults(plan, options).layer;

/** The same with a plan that may be replaced. @throws as {@link fault} */
export function faults(plan: FaultPlan = { faults: [] }, options: FaultOptions = {}): Faults {
  const { time = systemTime, regionOf = () => undefined, isPublicPath } = options;
  const hanging = new Set<() => void>();
  let armed = arm(parseFaultPlan(plan), time);
  const parts = { time, hanging };

  const handle = async (
    next: Transport,
    request: HttpRequest,
    handling: HandleOptions,
    onStruck: (kind: FaultEffect["kind"]) => void,
  ): Promise<HttpResponse> => {
    const call = armed.length === 0 ? undefined : awsCallOf(request, isPublicPath);
    if (call === undefined) return (await next.handle(request, handling)).response;
    const read = await readFor(armed, call, request, () => regionIn(request) ?? regionOf(request));
    const struck = strike(armed, read);
    const last = struck.findLast(({ befallsContent }) => befallsContent === undefined);
    if (last) onStruck(last.effect.kind);
    return carryOut(parts, struck, { next, ...read, handling });
  };

  return {
    layer: (next, onStruck = () => undefined) => ({
      async handle(request, handling = {}) {
        return { response: await handle(next, request, handling, onStruck) };
      },
      destroy: () => next.destroy?.(),
    }),
    areSet: () => armed.length > 0,
    tally: () => armed.map(({ fault: one, matched, struck }) => ({ fault: one, matched, struck })),
    use(other) {
      armed = arm(parseFaultPlan(other), time);
    },
    release() {
      for (const end of hanging) end();
    },
  };
}

interface Exchange extends ReadCall {
  readonly next: Transport;
  readonly handling: HandleOptions;
}

interface Parts {
  readonly time: Time;
  readonly hanging: Set<() => void>;
}

async function carryOut(parts: Parts, struck: readonly Struck[], exchange: Exchange): Promise<HttpResponse> {
  const { next, request, call, handling } = exchange;
  let delayMs = 0;
  for (const { effect, random } of struck)
    if (effect.kind === "latency") delayMs += drawDelayMs(effect.delay, random);
    else if (effect.kind === "hang") delayMs = Infinity;
  const left = delayMs === 0 ? handling : await pause(parts, delayMs, request, handling);
  const ending = struck.find(({ effect: { kind } }) => ENDING.has(kind))?.effect;
  if (ending !== undefined && ending.kind !== "reset") return faultAnswer(ending as FaultAnswer, call);
  if (ending?.kind === "reset" && ending.when !== "after") throw brokenConnection();
  const { response } = await next.handle(request, left);
  if (ending !== undefined) {
    if (response.body && !(response.body instanceof Uint8Array)) response.body.destroy();
    throw brokenConnection();
  }
  return struck.reduce((changed, one) => withEffect(parts, one, changed, exchange), response);
}

function withEffect({ time }: Parts, struck: Struck, response: HttpResponse, exchange: Exchange): HttpResponse {
  const { effect, befallsContent = () => true } = struck;
  const change = (): HttpResponse | undefined => {
    switch (effect.kind) {
      case "slow-body":
        return slowed(response, effect.bytesPerSecond, time, exchange.handling);
      case "truncated-body":
        return truncated(response, effect.bytes);
      case "wrong-digest":
        return corrupted(response, exchange.call);
      default:
        return response;
    }
  };
  const changed = change();
  if (changed === undefined || !befallsContent()) return response;
  return { ...changed, headers: { ...changed.headers, [FAULT_HEADER]: effect.kind } };
}

/** Waits, unless the request's timeout or its signal comes first. Answers with what is left of the timeout. */
async function pause(
  { time, hanging }: Parts,
  delayMs: number,
  { method, hostname }: HttpRequest,
  { abortSignal, requestTimeout }: HandleOptions,
): Promise<HandleOptions> {
  // As in Smithy's handlers, a timeout of 0 is none.
  const limitMs = requestTimeout || Infinity;
  if (delayMs >= limitMs && limitMs < Infinity) {
    await time.sleep(limitMs, abortSignal);
    const text = `${method} to ${hostname} was not answered within ${limitMs} ms`;
    throw Object.assign(new Error(text), { name: "TimeoutError", code: "ETIMEDOUT" });
  }
  if (delayMs === Infinity) await hang(hanging, abortSignal);
  await time.sleep(delayMs, abortSignal);
  return { abortSignal, requestTimeout: limitMs < Infinity ? limitMs - delayMs : undefined };
}

/** Ends with the signal's reason, or when all that hangs is released. */
function hang(hanging: Set<() => void>, signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const end = (error: unknown): void => {
      hanging.delete(release);
      signal?.removeEventListener("abort", onAbort);
      reject(error);
    };
    const release = (): void => end(brokenConnection());
    const onAbort = (): void => end(signal?.reason);
    hanging.add(release);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
