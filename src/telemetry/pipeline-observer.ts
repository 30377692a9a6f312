import type { EcrError } from "../errors.js";
import type { EndpointService } from "../protocol/endpoints.js";

/** A call as whoever watches it may show it: in here is no secret, and nothing that the call is about. */
export interface ObservedCall {
  /** The operation's AWS name, such as `PutImage`. */
  readonly operation: string;
  readonly service: EndpointService;
  /** The region that it goes to. */
  readonly region: string;
  readonly access: "read" | "write";
}

/** The parts of a call. `execute` is one attempt: `sign`, then `http`. `refreshToken` stands inside `checkToken`, or before the one more try after a refusal. */
export type StepName = "build" | "checkToken" | "refreshToken" | "execute" | "sign" | "http" | "parse";

/** What becomes known while a call runs. */
export interface StepFacts {
  /** The number of the attempt, from 1. */
  readonly attempt?: number;
  /** How long the rate limiter made an attempt wait, in milliseconds. */
  readonly waitedMs?: number;
  /** What the cache did for the call: served what it held, served what is out of date, or let the call be sent. */
  readonly cache?: "hit" | "stale" | "miss";
  /** The status of an answer. */
  readonly status?: number;
  readonly requestId?: string | undefined;
  /** What an attempt failed with; others may follow it. */
  readonly error?: EcrError;
  /** An image was given a tag. */
  readonly tagged?: boolean;
  /** A scan was found to be complete that was not known to be: how many findings it has of each severity. */
  readonly scan?: Readonly<Record<string, number>>;
}

/** A call, or a part of it, that is running. */
export interface Step {
  /** Runs a part of it, and gives what that gives. */
  step<T>(name: StepName, work: (step: Step) => T): T;
  note(facts: StepFacts): void;
}

/** What the token cache did: served what it held, had to ask, or asked anew before the expiry. */
export type TokenEvent = "hit" | "miss" | "refresh";

/** Whoever watches the calls of a client. It gives back what it is given and throws what it sees thrown; it decides nothing. */
export interface PipelineObserver {
  /** Runs a call, and so sees when it begins, how it ends, and what with. */
  call<T>(call: ObservedCall, work: (step: Step) => Promise<T>): Promise<T>;
  /** A registry token was asked for. */
  token(event: TokenEvent, region: string): void;
  /** Runs what asks ECR for a registry token. */
  refreshToken?<T>(work: () => Promise<T>): Promise<T>;
  /** The circuit breaker of a service in a region changed its state. */
  circuit(state: "closed" | "open" | "half-open", service: EndpointService, region: string): void;
}

/** Runs a part of a call under whoever watches, or just so. */
export const inStep = <T>(step: Step | undefined, name: StepName, work: (step: Step | undefined) => T): T =>
  step === undefined ? work(undefined) : step.step(name, work);

/** Runs what asks ECR for a registry token under whoever watches, or just so. */
export const refreshing = <T>(observer: PipelineObserver | undefined, work: () => Promise<T>): Promise<T> =>
  observer?.refreshToken === undefined ? work() : observer.refreshToken(work);

/** Two who watch, the second inside the first. */
export const bothObservers = (outer: PipelineObserver, inner: PipelineObserver): PipelineObserver => ({
  call: (call, work) => outer.call(call, (first) => inner.call(call, (second) => work(bothSteps(first, second)))),
  token(event, region) {
    outer.token(event, region);
    inner.token(event, region);
  },
  refreshToken: (work) => refreshing(outer, () => refreshing(inner, work)),
  circuit(state, service, region) {
    outer.circuit(state, service, region);
    inner.circuit(state, service, region);
  },
});

const bothSteps = (outer: Step, inner: Step): Step => ({
  step: (name, work) => outer.step(name, (first) => inner.step(name, (second) => work(bothSteps(first, second)))),
  note(facts) {
    outer.note(facts);
    inner.note(facts);
  },
});
