import { isEcrError } from "../../errors.js";
import { requestIdOf } from "../../protocol/response.js";
import { classify, isUnsent } from "../../resilience/classify.js";
import type { Secret } from "../../secret.js";
import { inStep } from "../../telemetry/pipeline-observer.js";
import type { HttpResponse } from "../../transport/transport.js";
import { withinScope } from "../call-scope.js";
import { aborted, fromTransportFailure, outOfTime } from "../error-mapper.js";
import { wholeBody } from "../whole-body.js";
import { discard, sendTo, type UrlRequest } from "./http-request.js";
import type { GetJson, RegistryLogin } from "./login.js";
import { authorizationFor, failedCallOf, isOfRegistry, type RegistryRun } from "./registry-call.js";
import { fromRegistryAnswer } from "./registry-error.js";
import type { Wire } from "./wire.js";

/** A success, its body still to be read. */
export interface Answered {
  readonly response: HttpResponse;
  /** Where the request went: what a `Location` is relative to. */
  readonly url: URL;
  /** When the attempt must be over, its body included if that is read whole; in milliseconds since the epoch. */
  readonly untilMs: number;
}

/** The slowest line that a body is sent over, in bytes a second. assumed: slower than any on which one would push an image. */
const SLOWEST_BYTES_PER_SECOND = 100 * 1024;

/** Sends a run's call once. @throws {EcrError} for whatever is no success */
export async function attempt(wire: Wire, login: RegistryLogin, run: RegistryRun): Promise<Answered> {
  const { time, requestTimeoutMs } = wire;
  const { call, scope, entry } = run;
  const nowMs = time.now();
  const sendingMs = ((call.content?.sizeBytes ?? 0) / SLOWEST_BYTES_PER_SECOND) * 1_000;
  const untilMs = Math.min(nowMs + requestTimeoutMs + sendingMs, scope.deadlineMs ?? Number.POSITIVE_INFINITY);
  if (untilMs <= nowMs) throw outOfTime(failedCallOf(run));
  const url = new URL(call.target, entry.origin);
  return mapped(run, async () => {
    const response = await inStep(run.step, "execute", (step) =>
      inStep(step, "http", async (http) => {
        const answer = await loggedIn(wire, login, run, url, untilMs - nowMs);
        http?.note({ status: answer.statusCode, requestId: requestIdOf(answer.headers) });
        return answer;
      }),
    );
    if (response.statusCode >= 200 && response.statusCode < 300) return { response, url, untilMs };
    const body = await wholeBody(response, { signal: scope.signal, deadlineMs: untilMs }, time);
    // A gateway gave up on the registry behind it. documented: RFC 9110 15.6.
    if (response.statusCode === 502 || response.statusCode === 504) noteLostAnswer(run);
    throw fromRegistryAnswer({ ...response, body }, call.about, failedCallOf(run), time.now());
  });
}

/** The body of an answer, read to its end. @throws {EcrError} when it breaks off */
export const received = ({ time }: Wire, run: RegistryRun, { response, untilMs }: Answered): Promise<Uint8Array> =>
  mapped(run, () => wholeBody(response, { signal: run.scope.signal, deadlineMs: untilMs }, time));

/** Sends the request, and again with a login when it went without one and was asked for one. */
async function loggedIn(
  wire: Wire,
  login: RegistryLogin,
  run: RegistryRun,
  url: URL,
  timeoutMs: number,
): Promise<HttpResponse> {
  const { call, scope, entry } = run;
  const send = (authorization: Secret | undefined): Promise<HttpResponse> =>
    sendTo({ ...call, url, authorization, isTrusted: isOfRegistry(entry) } satisfies UrlRequest, {
      transport: wire.transport,
      signal: scope.signal,
      timeoutMs,
      onResend: () => noteLostAnswer(run),
    });
  const response = await send(authorizationFor(entry, url));
  const challenge = response.headers["www-authenticate"];
  if (response.statusCode !== 401 || entry.authorization !== undefined || challenge === undefined) return response;
  const asked = login.answer?.(challenge, entry, jsonOf(wire)) ?? Promise.resolve(undefined);
  const authorization = await withinScope(asked, scope, wire.time, () => failedCallOf(run));
  if (authorization === undefined) return response;
  discard(response);
  run.entry = { ...entry, authorization };
  return send(authorization);
}

/** A token that several callers wait for must not end with one of them, so it is fetched outside of their scopes. */
const jsonOf =
  ({ transport, time, requestTimeoutMs, place }: Wire): GetJson =>
  async (url) => {
    const call = { operation: "GetAuthorizationToken", subject: "the registry", region: place.region, attempts: 1 };
    try {
      const response = await sendTo(
        { method: "GET", url },
        { transport, timeoutMs: requestTimeoutMs, onResend: () => undefined },
      );
      const body = await wholeBody(response, { deadlineMs: time.now() + requestTimeoutMs }, time);
      if (response.statusCode !== 200) throw fromRegistryAnswer({ ...response, body }, "token", call, time.now());
      const value: unknown = JSON.parse(Buffer.from(body).toString());
      return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
    } catch (cause) {
      // The parser's own message quotes what may be a token.
      if (cause instanceof SyntaxError) return {};
      throw isEcrError(cause) ? cause : fromTransportFailure(cause, call);
    }
  };

/** Turns what a transport, or a body, fails with into the error for people. */
async function mapped<T>(run: RegistryRun, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isEcrError(cause) && cause.operation !== undefined) throw cause;
    const { signal } = run.scope;
    const failure = classify(cause);
    if (signal?.aborted || ((failure === "connection" || failure === "timeout") && !isUnsent(cause)))
      noteLostAnswer(run);
    throw signal?.aborted ? aborted(signal.reason, failedCallOf(run)) : fromTransportFailure(cause, failedCallOf(run));
  }
}

function noteLostAnswer(run: RegistryRun): void {
  if (run.call.access === "write") run.answerLost = true;
}
