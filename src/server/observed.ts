import type { Registry } from "../registry/registry.js";
import { type AwsCall, awsCallOf, regionIn } from "../transport/aws-call.js";
import type { Faults } from "../transport/fault.js";
import { FAULT_HEADER } from "../transport/fault-answer.js";
import type { HandleOptions, HttpRequest, HttpResponse } from "../transport/transport.js";
import type { Observation, OperationLogBook } from "./operation-log.js";

/** How a request is answered out of a registry. */
type Answer = (registry: Registry, request: HttpRequest) => Promise<HttpResponse> | HttpResponse;

/** How a request is to be answered, and who is told at its beginning what will be noted of it. */
export interface ObserveOptions extends HandleOptions {
  readonly onObserved?: ((observation: Observation) => void) | undefined;
}

/** Answers a request through the faults of a plan and writes down what became of it. */
export function observed(registry: Registry, faults: Faults, log: OperationLogBook, answer: Answer) {
  return async (request: HttpRequest, options: ObserveOptions): Promise<HttpResponse> => {
    const call = awsCallOf(request, registry.publicRegistries.has);
    const observation = begin(request, call, log.time.now());
    options.onObserved?.(observation);
    const watching = watched(registry, observation);
    try {
      const response = faults.areSet()
        ? await throughFaults(faults, { observation, answer: (one) => answer(watching, one) }, request, options)
        : await answer(watching, request);
      observation.status = response.statusCode;
      observation.fault = response.headers[FAULT_HEADER];
      if (response.statusCode >= 400 && call !== undefined) observation.error = errorOf(response);
      return response;
    } finally {
      // The request itself, with its body and its secrets, is not held on to.
      if (observation.caller === undefined && call !== undefined) observation.region = regionIn(request);
      observation.durationMs = log.time.now() - observation.startMs;
      log.add(observation);
    }
  };
}

/** What answers a request, and where what becomes of it is noted. */
interface Observed {
  readonly observation: Observation;
  readonly answer: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse;
}

async function throughFaults(
  { layer }: Faults,
  { observation, answer }: Observed,
  request: HttpRequest,
  options: HandleOptions,
): Promise<HttpResponse> {
  const end = layer({ handle: async (one) => ({ response: await answer(one) }) }, (kind) => {
    // Noted beforehand: what breaks off or hangs has no answer that would say it.
    observation.fault = kind;
  });
  return (await end.handle(request, options)).response;
}

const begin = ({ method, path }: HttpRequest, call: AwsCall | undefined, startMs: number): Observation => ({
  method,
  path,
  startMs,
  face: call?.face,
  durationMs: 0,
  operation: call?.operation,
  repository: call?.repository,
  caller: undefined,
  region: undefined,
  status: undefined,
  error: undefined,
  fault: undefined,
});

/** Longest name that a repository can have. documented: service model, RepositoryName. What is longer is not kept for a thousand requests. */
const LONGEST_NAME = 256;

/** The registry, with a note of who asks it what. */
function watched(registry: Registry, observation: Observation): Registry {
  return {
    ...registry,
    call(operation, caller, input) {
      observation.caller = caller;
      const { repositoryName } = (input ?? {}) as { repositoryName?: unknown };
      if (typeof repositoryName === "string" && repositoryName.length <= LONGEST_NAME)
        observation.repository = repositoryName;
      return registry.call(operation, caller, input);
    },
    sts(call, caller) {
      observation.operation = `sts:${call.name}`;
      observation.caller = caller;
      return registry.sts(call, caller);
    },
    login(username, password) {
      const login = registry.login(username, password);
      if (login.ok) observation.caller = login.caller;
      return login;
    },
  };
}

/** The code of an error, where the answer names one. */
function errorOf({ headers, body }: HttpResponse): string | undefined {
  const named = headers["x-amzn-errortype"];
  if (named !== undefined) return named;
  const text = body instanceof Uint8Array ? Buffer.from(body).toString() : "";
  return (/"code":"([A-Z_]+)"/.exec(text) ?? /<Code>([^<]+)<\/Code>/.exec(text))?.[1];
}
