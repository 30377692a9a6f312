import { EcrError, isEcrError } from "../../errors.js";
import { callRegion } from "../../protocol/endpoints.js";
import { inStep, type Step } from "../../telemetry/pipeline-observer.js";
import type { HttpResponse } from "../../transport/transport.js";
import { type CallScope, withinScope } from "../call-scope.js";
import { aborted } from "../error-mapper.js";
import type { Entry, RegistryLogin } from "./login.js";
import { policed } from "./policies.js";
import { attempt, received } from "./registry-attempt.js";
import { failedCallOf, type RegistryCall, type RegistryRun } from "./registry-call.js";
import type { OpenWire, Wire } from "./wire.js";

/** An answer of a registry that is a success. Header names are in lower case. */
export interface RegistryAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Where the request went: what a `Location` is relative to. */
  readonly url: URL;
}

/** Sends a request once, and reads its answer whole. @throws {EcrError} for everything that can go wrong, and nothing else */
export type Once = (call: RegistryCall) => Promise<RegistryAnswer>;

/** What is known of the earlier tries of a task. */
export interface Tried {
  /** A request that writes may have been carried out although its answer did not come. */
  readonly answerLost: boolean;
}

/** The pipeline of one registry's `/v2/`: span ⊃ login ⊃ deadline ⊃ retry ⊃ (limiter → breaker → attempt → classify). */
export interface RegistryConnection {
  /**
   * Runs a task of several requests, and begins it anew when one of them fails in a way that may pass. `first` is its first request, by
   * which it goes until that is sent.
   */
  run<T>(first: RegistryCall, scope: CallScope, task: (once: Once, tried: Tried) => Promise<T>): Promise<T>;
  /** Sends one request. */
  send(call: RegistryCall, scope: CallScope): Promise<RegistryAnswer>;
  /** Sends one request; the body of the answer is still to be read. */
  open(call: RegistryCall, scope: CallScope): Promise<HttpResponse>;
  /** What lies below, for whoever reads such a body. */
  readonly openWire: OpenWire;
  readonly service: "ecr" | "ecr-public";
}

/** A connection to one registry. Its requests go by the names, and within the rates, of the operations that ECR turns them into. */
export function registryConnection(
  openWire: OpenWire,
  service: "ecr" | "ecr-public",
  login: RegistryLogin,
): RegistryConnection {
  const policies = policed();

  const begin = async <T>(
    call: RegistryCall,
    scope: CallScope,
    task: (wire: Wire, run: RegistryRun) => Promise<T>,
  ): Promise<T> => {
    const wire = await openWire(scope);
    if (wire.readOnly && call.access === "write") throw refusedToWrite(call);
    const region = callRegion(service, wire.place.region);
    const begun = async (step?: Step): Promise<T> => {
      const start = { service, scope, region, step, call, attempts: 0, answerLost: false, lastError: undefined };
      const entry = await inStep(step, "checkToken", () =>
        withinScope(login.enter(scope), scope, wire.time, () => failedCallOf(start)),
      );
      const run: RegistryRun = { ...start, entry };
      const output = await retried(wire, login, run, () => task(wire, run));
      if (call.tags) step?.note({ tagged: true });
      return output;
    };
    const { operation, access } = call;
    return wire.observer === undefined
      ? begun()
      : wire.observer.call({ operation, service, region, access }, (step) => begun(step));
  };

  const sendOnce = (wire: Wire, run: RegistryRun, call: RegistryCall): Promise<RegistryAnswer> => {
    run.call = call;
    return policies(wire, run, async () => {
      const answered = await attempt(wire, login, run);
      const { statusCode, headers } = answered.response;
      return { statusCode, headers, body: await received(wire, run, answered), url: answered.url };
    });
  };

  return {
    service,
    openWire,
    run: (first, scope, task) => begin(first, scope, (wire, run) => task((call) => sendOnce(wire, run, call), run)),
    send: (call, scope) => begin(call, scope, (wire, run) => sendOnce(wire, run, call)),
    open: (call, scope) =>
      begin(call, scope, (wire, run) => policies(wire, run, async () => (await attempt(wire, login, run)).response)),
  };
}

/** Tries the task until its outcome is final; a login that is refused is replaced once. */
async function retried<T>(wire: Wire, login: RegistryLogin, run: RegistryRun, task: () => Promise<T>): Promise<T> {
  const { scope, step } = run;
  const { signal, deadlineMs } = scope;
  const attempted = async (): Promise<T> => {
    run.attempts++;
    try {
      return await task();
    } catch (error) {
      run.lastError = error;
      if (isEcrError(error)) step?.note({ attempt: run.attempts, error });
      throw error;
    }
  };
  const renew = async (): Promise<void> => {
    const renewed = (): Promise<Entry> => login.renew(run.entry, scope);
    run.entry = await inStep(step, "refreshToken", () =>
      withinScope(renewed(), scope, wire.time, () => failedCallOf(run)),
    );
  };
  try {
    return await (wire.retry === undefined ? attempted() : wire.retry(attempted, { signal, deadlineMs, renew }));
  } catch (error) {
    if (signal?.aborted && !isEcrError(error)) throw aborted(signal.reason, failedCallOf(run));
    throw error;
  }
}

const refusedToWrite = ({ operation, subject }: RegistryCall): EcrError =>
  new EcrError(
    `${operation} on ${subject} was not sent: it writes, and this client only reads. Use one without readOnly.`,
    { kind: "ReadOnly", operation },
  );
