import { EcrError } from "../errors.js";
import { callRegion, type EndpointService } from "../protocol/endpoints.js";
import { type Answer, requestIdOf, type WholeResponse } from "../protocol/response.js";
import { sign } from "../protocol/sigv4.js";
import { classify, isUnsent } from "../resilience/classify.js";
import { inStep, type Step } from "../telemetry/pipeline-observer.js";
import type { Time } from "../time.js";
import type { HttpRequest, HttpResponse, Transport } from "../transport/transport.js";
import { version } from "../version.js";
import { clockOffsetMs, retryAfterMs } from "./answer-headers.js";
import { withinScope } from "./call-scope.js";
import type { AwsCredentials, CredentialSource } from "./credentials.js";
import type { Place } from "./environment.js";
import {
  aborted,
  type FailedCall,
  fromInvalidResponse,
  fromServiceError,
  fromTransportFailure,
  outOfTime,
} from "./error-mapper.js";
import { failedCall, type Run } from "./exchange.js";
import { wholeBody } from "./whole-body.js";

/** What an attempt needs of its connection. */
export interface AttemptParts {
  readonly place: Place;
  readonly credentials: CredentialSource;
  readonly transport: Transport;
  /** Longest time for one attempt, the body of its answer included. */
  readonly requestTimeoutMs: number;
  readonly time: Time;
  /** How far this machine's clock is behind the service's; corrected when a refusal shows it. */
  readonly clock: { offsetMs: number };
}

const USER_AGENT = `ecrkit/${version}`;

/** Sends a run's request once: credentials, signature, transport, answer. @throws {EcrError} of every kind but `CircuitOpen` */
export async function attempt<Output>(parts: AttemptParts, run: Run<Output>): Promise<Output> {
  const { place, time } = parts;
  run.attemptMs = 0;
  const response = await inStep(run.step, "execute", (step) => execute(parts, run, step));
  const answer = inStep(run.step, "parse", () => parse(run, response, place.region));
  if (answer.ok) return answer.value;
  const { status } = answer.error;
  // A gateway gave up on the service behind it. documented: RFC 9110 15.6.
  if (status === 502 || status === 504) noteLostAnswer(run);
  const error = fromServiceError(answer.error, failedCall(run, place.region), {
    requestId: answer.requestId,
    retryAfterMs: retryAfterMs(response.headers, time.now()),
  });
  if (error.category === "credential") correctClock(parts, run, response);
  throw error;
}

async function execute(
  { credentials, clock, place, time, transport, requestTimeoutMs }: AttemptParts,
  run: Run<unknown>,
  step: Step | undefined,
): Promise<WholeResponse> {
  const { exchange } = run;
  const { protocol, hostname, port, pathname } = place.endpointOf(exchange.service);
  const bare: HttpRequest = {
    method: "POST",
    protocol,
    hostname,
    port: port === "" ? undefined : Number(port),
    path: pathname,
    headers: { ...exchange.headers, "user-agent": USER_AGENT },
    body: exchange.body,
  };
  if (exchange.isUnsigned)
    return inStep(step, "http", (http) => ask({ transport, requestTimeoutMs, time, place }, run, bare, http));
  const late = (): FailedCall => failedCall(run, place.region);
  const keys = credentials.current() ?? (await withinScope(credentials.get(), run.scope, time, late));
  run.keys = keys;
  const region = callRegion(exchange.service, place.region);
  const request = inStep(step, "sign", () => signed(bare, keys, exchange.service, region, time.now() + clock.offsetMs));
  return inStep(step, "http", (http) => ask({ transport, requestTimeoutMs, time, place }, run, request, http));
}

const signed = (
  request: HttpRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  service: EndpointService,
  region: string,
  nowMs: number,
): HttpRequest =>
  sign(request, {
    credentials: {
      accessKeyId,
      secretAccessKey: secretAccessKey.reveal(),
      sessionToken: sessionToken?.reveal(),
    },
    service,
    region,
    nowMs,
  });

async function ask(
  { transport, requestTimeoutMs, time, place }: Omit<AttemptParts, "credentials" | "clock">,
  run: Run<unknown>,
  request: HttpRequest,
  step: Step | undefined,
): Promise<WholeResponse> {
  const { signal, deadlineMs } = run.scope;
  const nowMs = time.now();
  const untilMs = Math.min(nowMs + requestTimeoutMs, deadlineMs ?? Number.POSITIVE_INFINITY);
  if (untilMs <= nowMs) throw outOfTime(failedCall(run, place.region));
  run.attemptMs = untilMs - nowMs;
  run.attempts++;
  try {
    const onResend = (): void => noteLostAnswer(run);
    const options = { abortSignal: signal, requestTimeout: untilMs - nowMs, onResend };
    const response = responseOf(await transport.handle(request, options));
    step?.note({ status: response.statusCode, requestId: requestIdOf(response.headers) });
    return { ...response, body: await wholeBody(response, { signal, deadlineMs: untilMs }, time) };
  } catch (cause) {
    if (signal?.aborted || mayBeLost(cause)) noteLostAnswer(run);
    const call = failedCall(run, place.region);
    throw signal?.aborted ? aborted(signal.reason, call) : fromTransportFailure(cause, call);
  }
}

/** A transport of the caller's own may answer anything. */
function responseOf(answer: { readonly response: HttpResponse } | undefined): HttpResponse {
  const response: Partial<HttpResponse> | undefined = answer?.response;
  if (typeof response?.statusCode === "number" && typeof response.headers === "object" && response.headers !== null)
    return response as HttpResponse;
  throw new EcrError("the transport answered without a response of statusCode and headers", {
    kind: "InvalidResponse",
  });
}

/** Whether a request that failed in the transport may have reached the service. */
function mayBeLost(cause: unknown): boolean {
  const failure = classify(cause);
  return (failure === "connection" || failure === "timeout") && !isUnsent(cause);
}

function noteLostAnswer(run: Run<unknown>): void {
  if (run.exchange.access === "write") run.answerLost = true;
}

function parse<Output>(run: Run<Output>, response: WholeResponse, region: string): Answer<Output> {
  try {
    return run.exchange.parse(response);
  } catch (cause) {
    throw cause instanceof EcrError ? fromInvalidResponse(cause, failedCall(run, region)) : cause;
  }
}

/** A refusal may have been for the clock, whatever its code says: the service's `Date` tells. */
function correctClock({ clock, time }: AttemptParts, run: Run<unknown>, { headers }: WholeResponse): void {
  const behindMs = clockOffsetMs(headers, time.now() + clock.offsetMs);
  run.clockWasWrong = behindMs !== undefined;
  clock.offsetMs += behindMs ?? 0;
}
