import { EcrError, isEcrError } from "../errors.js";
import { systemTime, type Time } from "../time.js";
import { classify } from "./classify.js";
import { requireAtLeast, requireNames } from "./options.js";

/** `closed`: calls pass. `open`: they are refused. `half-open`: one call is on its way to find out, the others are refused. */
export type CircuitState = "closed" | "open" | "half-open";

/** A change of a circuit's state. */
export interface CircuitChange {
  readonly name: string;
  readonly from: CircuitState;
  readonly to: CircuitState;
  /** In milliseconds since the epoch. */
  readonly atMs: number;
}

/** When a circuit opens, and for how long. */
export interface BreakerOptions {
  /** Failures within `windowMs`, with no success between them, that open the circuit. @default 5 */
  readonly failures?: number | undefined;
  /** How long a failure counts, in milliseconds. @default 30_000 */
  readonly windowMs?: number | undefined;
  /** How long calls are refused before one may try, in milliseconds. @default 60_000 */
  readonly openMs?: number | undefined;
  /** Called after every change, with what changed. What it throws is ignored. */
  readonly onStateChange?: ((change: CircuitChange) => void) | undefined;
  /** @default the machine's clock */
  readonly time?: Time | undefined;
}

/** Leave for one call. Exactly one of its functions is called, when the call is over; a second one does nothing. */
export interface BreakerPass {
  succeeded(): void;
  failed(): void;
  /** For a call that says nothing about the service's health: it was the caller's mistake, or the caller gave up. */
  ignored(): void;
}

/** Keeps calls away from a service that is down. */
export interface CircuitBreaker {
  /** An open circuit stays `open` until the first call after its time, which makes it `half-open`. */
  readonly state: CircuitState;
  /** Leave for one call. @throws {EcrError} kind `CircuitOpen` with `retryAfterMs`, when the circuit lets no call pass */
  enter(): BreakerPass;
  /**
   * Runs `fn` if a call may pass, and counts how it ended: a service that is down, a broken connection and a timeout are failures,
   * every other answer of the service is a success, and what has nothing to do with the service does not count.
   * @throws {EcrError} kind `CircuitOpen` with `retryAfterMs`, when the circuit lets no call pass
   */
  run<T>(fn: () => Promise<T>): Promise<T>;
}

/** Passes belong to the state that gave them out: what an older one says is dropped. */
type State =
  | { readonly at: "closed"; readonly failedMs: readonly number[]; readonly pass: BreakerPass }
  | { readonly at: "open"; readonly sinceMs: number }
  | { readonly at: "half-open"; readonly sinceMs: number; readonly probe: BreakerPass };

const OPTIONS: readonly string[] = ["failures", "windowMs", "openMs", "onStateChange", "time"];

/** How soon a call that came while another one was probing should ask again, in milliseconds. */
const WHILE_PROBING_MS = 1_000;

/**
 * A circuit of its own, closed to begin with. `name` says in errors what it guards: "ECR in eu-west-1".
 *
 * @throws {EcrError} kind `InvalidParameter` when an option is not a number in its range, or there is none of its name.
 */
export function circuitBreaker(name: string, options: BreakerOptions = {}): CircuitBreaker {
  requireNames("breaker", options, OPTIONS, "{ failures: 5 }");
  const { failures = 5, windowMs = 30_000, openMs = 60_000, onStateChange, time = systemTime } = options;
  requireAtLeast("breaker.failures", failures, 1, Number.isSafeInteger);
  for (const [option, value] of Object.entries({ windowMs, openMs }))
    requireAtLeast(`breaker.${option}`, value, 0, Number.isFinite);

  let state: State = closed();

  function enterState(next: State): void {
    const from = state.at;
    state = next;
    if (from === next.at) return;
    try {
      onStateChange?.({ name, from, to: next.at, atMs: time.now() });
    } catch {
      // Whoever watches a circuit does not fail the calls that go through it.
    }
  }

  function closed(): State {
    const pass: BreakerPass = {
      succeeded: () => {
        if (state.at === "closed" && state.pass === pass && state.failedMs.length > 0)
          state = { ...state, failedMs: [] };
      },
      failed: () => {
        if (state.at !== "closed" || state.pass !== pass) return;
        const nowMs = time.now();
        const failedMs = [...state.failedMs.filter((ms) => ms > nowMs - windowMs), nowMs];
        if (failedMs.length >= failures) enterState({ at: "open", sinceMs: nowMs });
        else state = { ...state, failedMs };
      },
      ignored: () => {},
    };
    return { at: "closed", failedMs: [], pass };
  }

  function halfOpen(sinceMs: number): BreakerPass {
    const leave = (next: () => State): void => {
      if (state.at === "half-open" && state.probe === probe) enterState(next());
    };
    const probe: BreakerPass = {
      succeeded: () => leave(closed),
      failed: () => leave(() => ({ at: "open", sinceMs: time.now() })),
      // It found nothing out: the next call may.
      ignored: () => leave(() => ({ at: "open", sinceMs })),
    };
    enterState({ at: "half-open", sinceMs, probe });
    return probe;
  }

  const enter = (): BreakerPass => {
    if (state.at === "closed") return state.pass;
    if (state.at === "half-open") throw refused(WHILE_PROBING_MS, "a call is finding out whether it answers again");
    const { sinceMs } = state;
    const leftMs = sinceMs + openMs - time.now();
    if (leftMs <= 0) return halfOpen(sinceMs);
    throw refused(leftMs, "its last calls failed");
  };

  const refused = (retryAfterMs: number, why: string): EcrError =>
    new EcrError(
      `the circuit of ${name} is open: ${why}. Nothing was sent; try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
      { kind: "CircuitOpen", retryAfterMs },
    );

  return {
    get state() {
      return state.at;
    },
    enter,
    run: (fn) => runWith(enter, fn),
  };
}

async function runWith<T>(enter: () => BreakerPass, fn: () => Promise<T>): Promise<T> {
  const pass = enter();
  try {
    const result = await fn();
    pass.succeeded();
    return result;
  } catch (error) {
    const failure = classify(error);
    if (failure === "unavailable" || failure === "connection" || failure === "timeout") pass.failed();
    else if (isEcrError(error) && error.service !== undefined) pass.succeeded();
    else pass.ignored();
    throw error;
  }
}
